/** Imported models in a study's file: ONNX bytes, or parameters from older versions. */

import type { ImportedModel, Model } from '../model/regressor';
import { maxImportedNumbers, type Study } from '../model/study';
import { predictRow } from '../regression/predict';
import { checkTrees, modelText } from '../regression/serialise';
import { type ImportedFile, sessionError } from './session-schema';

/** Imported models, split by whether a study's file has room for them. */
interface PartedModels {
  readonly kept: readonly ImportedModel[];
  readonly left: readonly ImportedModel[];
}

/**
 * Which imported models are saved with a study, in its file and in this browser: as many as have
 * {@link maxImportedNumbers} together, those that were imported first before later ones.
 */
export function partImported({ imported = [] }: Pick<Study, 'imported'>): PartedModels {
  const kept: ImportedModel[] = [];
  const left: ImportedModel[] = [];
  let numbers = 0;
  for (const each of imported) {
    const own = numbersOf(each);
    const fits = numbers + own <= maxImportedNumbers;
    (fits ? kept : left).push(each);
    if (fits) numbers += own;
  }
  return { kept, left };
}

/** How many numbers a model holds; the bytes of an ONNX file count as numbers of eight bytes. */
export function numbersOf({ model, source }: ImportedModel): number {
  if (source) return Math.ceil(source.bytes.length / 8) + source.columns.length;
  let count = 0;
  for (const field of Object.values(model)) {
    count += field instanceof Float64Array || field instanceof Int32Array ? field.length : 1;
  }
  return count;
}

/** A model as it stands in a study's file. */
export function importedText({ id, target, name, model, source }: ImportedModel): string {
  const about = `"id":${JSON.stringify(id)},"target":${JSON.stringify(target)}`;
  const text = source
    ? `{"kind":"onnx","columns":[${source.columns.join(',')}],"file":"${toBase64(source.bytes)}"}`
    : modelText(model);
  return `{${about},"name":${JSON.stringify(name)},"model":${text}}`;
}

/**
 * The model of a study's file.
 *
 * @param path where it stands, for the error
 * @param domains D of the study
 * @throws StageError when it is for other domains, its trees are invalid, or its predictions are not finite;
 *   an ONNX file is only checked when onnxruntime opens it
 */
export function readImported(file: ImportedFile, path: string, domains: number): ImportedModel {
  const { id, target, name } = file;
  if (file.model.kind === 'onnx') {
    const { columns } = file.model;
    const isEachOnce = columns.length === domains && new Set(columns).size === domains;
    if (!isEachOnce || columns.some((column) => column >= domains)) {
      throw sessionError(
        `${path}.model.columns`,
        columns.join(', '),
        `${domains} places, each once`,
      );
    }
    const bytes = fromBase64(file.model.file);
    if (!bytes) throw sessionError(`${path}.model.file`, 'something else', 'base64');
    const model = { kind: 'onnx', id, features: domains } as const;
    return { id, target, name, model, source: { bytes, columns } };
  }
  const model = modelOf(file.model);
  const features = model.kind === 'trees' ? model.features : model.coefficients.length;
  if (features !== domains) {
    throw sessionError(`${path}.model`, `a model of ${features} domains`, `one of ${domains}`);
  }
  const wrong = model.kind === 'trees' ? findProblem(model) : null;
  if (wrong !== null) throw sessionError(`${path}.model`, wrong, 'trees');
  if (!Number.isFinite(predictRow(model, new Float64Array(domains).fill(1 / domains)))) {
    throw sessionError(`${path}.model`, 'no finite prediction for equal weights', 'one');
  }
  return { id, target, name, model };
}

/** As parsed from an ONNX file by an older version of the page. */
type ParsedModel = Exclude<ImportedFile['model'], { kind: 'onnx' }>;
type LegacyModel = Extract<Model, { kind: 'linear' | 'trees' }>;

function modelOf(model: ParsedModel): LegacyModel {
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

function findProblem(model: Extract<Model, { kind: 'trees' }>): string | null {
  const { feature, threshold, left, right, gain } = model;
  const isEven = [threshold, left, right, gain].every(({ length }) => length === feature.length);
  return isEven ? checkTrees(model) : 'lists of nodes that differ in length';
}

/** Characters per call of `String.fromCharCode`, whose number of arguments is limited. */
const charactersPerChunk = 8_192;

/** Bytes as base64 (RFC 4648, section 4). */
function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += charactersPerChunk) {
    parts.push(String.fromCharCode(...bytes.subarray(start, start + charactersPerChunk)));
  }
  return btoa(parts.join(''));
}

/** @returns null when the text is not what {@link toBase64} writes */
function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  if (text === '') return new Uint8Array(0);
  const decoded = atob(text);
  const bytes = new Uint8Array(decoded.length);
  for (let at = 0; at < decoded.length; at++) bytes[at] = decoded.charCodeAt(at);
  // Unused bits may be anything in an untrusted text: only canonical base64 is accepted.
  return toBase64(bytes.subarray(3 * (text.length / 4 - 1))) === text.slice(-4) ? bytes : null;
}
