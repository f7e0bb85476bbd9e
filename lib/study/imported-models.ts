import { checkTrees } from '../regression/gbdt/check-trees';
import type { ImportedModel } from '../regression/imported';
import { predictRow } from '../regression/predict';
import { modelText } from '../regression/serialise';
import type { Model } from '../regression/types';
import { mostImportedNumbers } from './bounds';
import { sessionError } from './session-error';
import type { ImportedFile } from './session-schema';
import type { Study } from './types';

/** Models from elsewhere, parted by whether a study's file has room for them. */
interface PartedModels {
  readonly kept: readonly ImportedModel[];
  readonly left: readonly ImportedModel[];
}

/**
 * Which models from elsewhere are kept with a study, in its file and in this browser: as many as have
 * {@link mostImportedNumbers} together, those that were imported first before later ones.
 */
export function partImported({ imported = [] }: Pick<Study, 'imported'>): PartedModels {
  const kept: ImportedModel[] = [];
  const left: ImportedModel[] = [];
  let numbers = 0;
  for (const each of imported) {
    const own = numbersOf(each.model);
    const fits = numbers + own <= mostImportedNumbers;
    (fits ? kept : left).push(each);
    if (fits) numbers += own;
  }
  return { kept, left };
}

/** How many numbers a model holds. */
export function numbersOf(model: Model): number {
  let count = 0;
  for (const field of Object.values(model)) {
    count += field instanceof Float64Array || field instanceof Int32Array ? field.length : 1;
  }
  return count;
}

/** A model as it stands in a study's file. */
export function importedText({ id, target, name, model }: ImportedModel): string {
  const about = `"id":${JSON.stringify(id)},"target":${JSON.stringify(target)}`;
  return `{${about},"name":${JSON.stringify(name)},"model":${modelText(model)}}`;
}

/**
 * The model of a study's file.
 *
 * @param path where it stands, for the error
 * @param domains D of the study
 * @throws StageError when it is for other domains, its trees are none, or it predicts nothing finite
 */
export function readImported(file: ImportedFile, path: string, domains: number): ImportedModel {
  const model = modelOf(file.model);
  const features = model.kind === 'trees' ? model.features : model.coefficients.length;
  if (features !== domains) {
    throw sessionError(`${path}.model`, `a model of ${features} domains`, `one of ${domains}`);
  }
  const wrong = model.kind === 'trees' ? wrongWith(model) : null;
  if (wrong !== null) throw sessionError(`${path}.model`, wrong, 'trees');
  if (!Number.isFinite(predictRow(model, new Float64Array(domains).fill(1 / domains)))) {
    throw sessionError(`${path}.model`, 'no finite prediction for equal weights', 'one');
  }
  const { id, target, name } = file;
  return { id, target, name, model };
}

type KeptModel = Extract<Model, { kind: 'linear' | 'trees' }>;

function modelOf(model: ImportedFile['model']): KeptModel {
  if (model.kind === 'linear') {
    return { ...model, coefficients: Float64Array.from(model.coefficients) };
  }
  return {
    ...model,
    nodeStart: Int32Array.from(model.nodeStart),
    leafStart: Int32Array.from(model.leafStart),
    feature: Int32Array.from(model.feature),
    threshold: Float64Array.from(model.threshold),
    left: Int32Array.from(model.left),
    right: Int32Array.from(model.right),
    gain: Float64Array.from(model.gain),
    value: Float64Array.from(model.value),
  };
}

function wrongWith(model: Extract<Model, { kind: 'trees' }>): string | null {
  const { feature, threshold, left, right, gain } = model;
  const isEven = [threshold, left, right, gain].every(({ length }) => length === feature.length);
  return isEven ? checkTrees(model) : 'lists of nodes that differ in length';
}
