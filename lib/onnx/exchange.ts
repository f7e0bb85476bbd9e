import type { Model } from '../regression/types';
import { matchDomains } from '../runs/identify';
import { cleanLabel } from '../runs/labels';
import type { Domain } from '../study/types';
import { type Agreement, agreed, compareWithRuntime, type OnnxRuntime } from './agree';
import { convertGraph } from './convert';
import { onnxRefusal } from './errors';
import { readGraph } from './read-graph';
import { labelKeys, type OnnxLabels, type PortableModel, writeOnnx } from './write-model';

/** What a comparison needs beside the file. */
export interface Comparison {
  /** D weights of the study's prior. */
  readonly prior: Float64Array;
  readonly seed: number;
}

/** A file to save, with how far it is from the model that it was made of. */
export interface OnnxFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly agreement: Agreement;
}

/** A model from elsewhere, in the order of the study's domains. */
export interface ReadModel {
  readonly model: PortableModel;
  /** `skl2onnx 1.16`; empty when the file does not say. */
  readonly producer: string;
  /** Target id that the file names; empty when it names none. */
  readonly target: string;
  /** Whether the file names the domains of its inputs; else they were taken in the order given. */
  readonly isNamed: boolean;
  readonly agreement: Agreement;
}

/** Writes a model as an ONNX file and has the runtime predict with it. */
export async function exportOnnx(
  runtime: OnnxRuntime,
  model: Model,
  labels: OnnxLabels,
  { prior, seed }: Comparison,
): Promise<OnnxFile> {
  const bytes = writeOnnx(model, labels);
  const ends = { input: 'mixture', output: 'prediction' };
  const agreement = await compareWithRuntime(runtime, bytes, ends, model, prior, seed);
  return { bytes: Uint8Array.from(bytes), agreement };
}

/**
 * Reads an ONNX file from anyone as a model of the study's domains, and has the runtime confirm on 10,000
 * mixtures that both predict the same.
 *
 * @param order names of the file's inputs, in its order, where it does not name them; empty = the study's
 * @throws StageError when the file is none that we read, is for other domains, or predicts something else
 */
export async function importOnnx(
  runtime: OnnxRuntime,
  file: Uint8Array,
  domains: readonly Domain[],
  order: readonly string[],
  { prior, seed }: Comparison,
): Promise<ReadModel> {
  const graph = readGraph(file);
  const { model, inputs, ...ends } = convertGraph(graph);
  if (inputs !== domains.length) {
    throw onnxRefusal(
      `it takes ${inputs} weights, and this study has ${domains.length} domains`,
      'Open the study that it was fitted on, or fit it on all domains.',
    );
  }
  const named = namesOf(graph.metadata.get(labelKeys.domains));
  const names = named ?? (order.length > 0 ? order : domains.map(({ id }) => id));
  const columns = columnsOf(names, domains);
  const theirPrior = new Float64Array(inputs);
  columns.forEach((column, place) => {
    theirPrior[place] = prior[column];
  });
  const agreement = await compareWithRuntime(runtime, file, ends, model, theirPrior, seed).catch(
    (error: unknown) => {
      const why = error instanceof Error ? cleanLabel(error.message) : 'it does not say why';
      throw onnxRefusal(`onnxruntime refuses it (${why})`, 'Export the model again.');
    },
  );
  if (!(agreement.relative <= agreed)) {
    throw onnxRefusal(
      `read as trees or a linear model it differs from onnxruntime by ${agreement.relative.toExponential(1)} of the prediction`,
    );
  }
  return {
    model: reordered(model, columns),
    producer: cleanLabel(graph.producer),
    target: cleanLabel(graph.metadata.get(labelKeys.target) ?? ''),
    isNamed: named !== null,
    agreement,
  };
}

function namesOf(json: string | undefined): string[] | null {
  if (json === undefined) return null;
  try {
    const parsed: unknown = JSON.parse(json);
    const isList = Array.isArray(parsed) && parsed.every((name) => typeof name === 'string');
    return isList ? parsed.map(cleanLabel) : null;
  } catch {
    return null;
  }
}

/** Per input of the file, the place of its domain in the study. */
function columnsOf(names: readonly string[], domains: readonly Domain[]): number[] {
  if (names.length !== domains.length) {
    throw onnxRefusal(
      `${names.length} names are given for ${domains.length} inputs`,
      'Name every domain once, in the order of the columns that the model was fitted on.',
    );
  }
  const columns = matchDomains(names, domains).map((domain, place) => {
    const index = domain ? domains.indexOf(domain) : -1;
    if (index < 0) {
      throw onnxRefusal(
        `its input “${names[place].slice(0, 40)}” is no domain of this study`,
        `The domains are ${domains.map(({ id }) => id).join(', ')}.`,
      );
    }
    return index;
  });
  if (new Set(columns).size !== columns.length) {
    throw onnxRefusal('two of its inputs are the same domain', 'Name every domain once.');
  }
  return columns;
}

function reordered(model: PortableModel, columns: readonly number[]): PortableModel {
  if (model.kind === 'trees') {
    return { ...model, feature: model.feature.map((input) => columns[input]) };
  }
  const coefficients = new Float64Array(columns.length);
  columns.forEach((column, input) => {
    coefficients[column] = model.coefficients[input];
  });
  return { ...model, coefficients };
}
