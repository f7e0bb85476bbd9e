import { parseJson } from '../model/json';
import { cleanLabel } from '../model/labels';
import { selectRows } from '../model/matrix';
import type { Model, OnnxSource } from '../model/regressor';
import type { Domain } from '../model/study';
import { datasetNames } from '../runs/dataset-names';
import { matchDomains } from '../runs/identify';
import { type Agreement, compareWithRuntime, drawMixtures } from './agree';
import { onnxRefusal } from './errors';
import { openPredictor } from './predictor';
import { readLabels } from './read-labels';
import type { OnnxRuntime } from './runtime';
import { labelKeys, type OnnxLabels, writeOnnx } from './write-model';

/** Inputs of a comparison besides the file. */
export interface Comparison {
  /** D weights of the study's prior. */
  readonly prior: Float64Array;
  readonly seed: number;
}

/** An exported file with its difference from the model. */
export interface OnnxFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly agreement: Agreement;
}

/** An imported model, in the order of the study's domains. */
export interface ReadModel {
  readonly source: OnnxSource;
  /** `skl2onnx 1.16`; empty when the file does not say. */
  readonly producer: string;
  /** Target id that the file names; empty when it names none. */
  readonly target: string;
  /** Whether the file names the domains of its inputs; else they were taken in the order given. */
  readonly isNamed: boolean;
  /** Number of mixtures that it was tested on. */
  readonly mixtures: number;
  /** Least and largest prediction for them, in the target's unit. */
  readonly range: readonly [number, number];
}

/** Number of test mixtures that are predicted again, in another order and batch. */
const repeatedChecks = 100;
/** Relative difference up to which two predictions count as the same: float32 sums depend on their order. */
const same = 1e-4;

/** Writes a model as an ONNX file and has the runtime predict with it. */
export async function exportOnnx(
  runtime: OnnxRuntime,
  model: Model,
  labels: OnnxLabels,
  { prior, seed }: Comparison,
): Promise<OnnxFile> {
  const bytes = writeOnnx(model, labels);
  const agreement = await compareWithRuntime(runtime, bytes, model, prior, seed);
  return { bytes: Uint8Array.from(bytes), agreement };
}

/**
 * Imports an untrusted ONNX file as a model of the study's domains, after testing it on 10,000 mixtures: it
 * must predict a finite number for each, independent of the other mixtures in the batch.
 *
 * @param order names of the file's inputs, in its order, where it does not name them; empty = the study's
 * @throws StageError when the file cannot be run, is for other domains, or predicts anything else
 */
export async function importOnnx(
  runtime: OnnxRuntime,
  file: Uint8Array<ArrayBuffer>,
  domains: readonly Domain[],
  order: readonly string[],
  { prior, seed }: Comparison,
): Promise<ReadModel> {
  const { producer, metadata } = readLabels(file);
  const named = namesOf(metadata.get(labelKeys.domains));
  const ids = domains.map(({ id }) => id);
  // Opened in the file's own order before names are checked: an error about the width is more helpful.
  const inOrder = { bytes: file, columns: ids.map((_, place) => place) };
  const predictor = await openPredictor(runtime, inOrder);
  try {
    const columns = columnsOf(named ?? (order.length > 0 ? order : ids), domains);
    const mixtures = drawMixtures(
      Float64Array.from(columns, (column) => prior[column]),
      seed,
    );
    const predicted = await predictor.predict(mixtures);
    const step = Math.floor(mixtures.rows / repeatedChecks);
    const again = Int32Array.from(
      { length: repeatedChecks },
      (_, at) => (repeatedChecks - 1 - at) * step,
    );
    const second = await predictor.predict(selectRows(mixtures, again));
    let mean = 0;
    for (const value of predicted) mean += Math.abs(value) / predicted.length;
    if (again.some((row, at) => Math.abs(second[at] - predicted[row]) > same * mean)) {
      throw onnxRefusal(
        'its prediction for a mixture depends on the other mixtures in the batch',
        'Export it for inference, without dropout, noise or batch statistics.',
      );
    }
    return {
      source: { bytes: file, columns },
      producer: cleanLabel(producer),
      target: cleanLabel(metadata.get(labelKeys.target) ?? ''),
      isNamed: named !== null,
      mixtures: mixtures.rows,
      range: [
        predicted.reduce((least, value) => Math.min(least, value)),
        predicted.reduce((largest, value) => Math.max(largest, value)),
      ],
    };
  } finally {
    await predictor.close();
  }
}

function namesOf(json: string | undefined): string[] | null {
  if (json === undefined) return null;
  try {
    const parsed: unknown = parseJson(json);
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
      `it names ${names.length} inputs for ${domains.length} domains`,
      'Name every domain once, in the order of the columns that the model was fitted on.',
    );
  }
  const own = new Map(datasetNames(domains).map((name, index) => [cleanLabel(name), index]));
  // Our own files have exactly these names; other files may have the short ones, or other spellings.
  const isOwn = names.every((name) => own.has(name));
  const matches = matchDomains(names, domains);
  const columns = names.map((name, place) => {
    const match = matches[place];
    const index = isOwn ? (own.get(name) ?? -1) : match ? domains.indexOf(match) : -1;
    if (index < 0) {
      throw onnxRefusal(
        `its input “${names[place].slice(0, 40)}” is not a domain of this study`,
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
