import { StageError } from '../model/errors';
import { cleanLabel } from '../model/labels';
import type { Matrix } from '../model/matrix';
import type { OnnxSource } from '../model/regressor';
import { onnxRefusal } from './errors';
import type { OnnxAnswer, OnnxRuntime, OnnxSession, OnnxValue } from './runtime';

/** An untrusted ONNX file, ready to predict. */
export interface Predictor {
  /**
   * @param mixtures N x D, in the order of the study's domains
   * @returns N finite values
   * @throws StageError when the model fails, or returns anything else
   */
  predict(mixtures: Matrix): Promise<Float64Array>;
  close(): Promise<void>;
}

type Floats = 'float32' | 'float64';

/**
 * Opens a file, and checks that it takes one mixture a row and gives one number a row.
 *
 * @throws StageError when onnxruntime refuses it, or its inputs or outputs differ
 */
export async function openPredictor(runtime: OnnxRuntime, source: OnnxSource): Promise<Predictor> {
  const { bytes, columns } = source;
  const session = await runtime.open(bytes).catch((error: unknown) => {
    throw refusedBy(error);
  });
  try {
    const type = checkEnds(session, columns.length);
    return {
      predict: (mixtures) => predictWith(session, type, columns, mixtures),
      close: () => session.close(),
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

function checkEnds({ inputs, outputs }: OnnxSession, domains: number): Floats {
  if (inputs.length !== 1) {
    throw onnxRefusal(
      `it has ${inputs.length} inputs (${namesOf(inputs)}) instead of one of N x ${domains} weights`,
      'Export it with all weights in one input, in skl2onnx by FloatTensorType([None, D]).',
    );
  }
  const [input] = inputs;
  const { type } = input;
  if (type !== 'float32' && type !== 'float64') {
    throw onnxRefusal(
      `its input is ${type === null ? 'not a tensor' : `of ${type}`} instead of float32 or float64`,
    );
  }
  if (input.shape.length !== 2) {
    throw onnxRefusal(`its input has ${input.shape.length} dimensions instead of N x ${domains}`);
  }
  const [rows, width] = input.shape;
  if (rows !== null) {
    throw onnxRefusal(
      `it takes exactly ${rows} ${rows === 1 ? 'mixture' : 'mixtures'} at a time`,
      'Export it with a dynamic first dimension: None in skl2onnx, dynamic_axes in PyTorch.',
    );
  }
  if (width !== null && width !== domains) {
    throw onnxRefusal(
      `it takes ${width} weights, and this study has ${domains} domains`,
      'Open the study that it was fitted on, or fit it on all domains.',
    );
  }
  if (outputs.length !== 1) {
    throw onnxRefusal(
      `it has ${outputs.length} outputs (${namesOf(outputs)}) instead of one`,
      'Export it with its prediction as the only output.',
    );
  }
  const [output] = outputs;
  if (output.type === null) {
    throw onnxRefusal(
      'its output is a list or a map, as of a classifier, not a tensor of numbers',
      'Export a regressor.',
    );
  }
  if (output.type !== 'float32' && output.type !== 'float64') {
    throw onnxRefusal(`its output is of ${output.type} instead of float32 or float64`);
  }
  return type;
}

function namesOf(values: readonly OnnxValue[]): string {
  const names = values.slice(0, 4).map(({ name }) => `“${cleanLabel(name).slice(0, 30)}”`);
  return values.length > 4 ? `${names.join(', ')}, …` : names.join(', ');
}

async function predictWith(
  session: OnnxSession,
  type: Floats,
  columns: readonly number[],
  { rows, columns: domains, values }: Matrix,
): Promise<Float64Array> {
  if (domains !== columns.length) {
    throw new RangeError(`mixtures of ${domains} domains for a model of ${columns.length}`);
  }
  if (rows === 0) return new Float64Array(0);
  const size = rows * domains;
  const inputs = type === 'float32' ? new Float32Array(size) : new Float64Array(size);
  for (let row = 0; row < size; row += domains) {
    for (let place = 0; place < domains; place++)
      inputs[row + place] = values[row + columns[place]];
  }
  const answer = await session.run(inputs, rows, domains).catch((error: unknown) => {
    throw refusedBy(error);
  });
  return checkedAnswer(answer, rows);
}

function checkedAnswer({ values, dimensions }: OnnxAnswer, rows: number): Float64Array {
  if (!values) throw onnxRefusal('its output is not a tensor of float32 or float64');
  if (values.length !== rows || dimensions[0] !== rows) {
    throw onnxRefusal(
      `for ${rows} mixtures it returns ${dimensions.length > 0 ? dimensions.join(' x ') : 'one'} numbers instead of one each`,
    );
  }
  const invalid = values.findIndex((value) => !Number.isFinite(value));
  if (invalid >= 0) {
    throw onnxRefusal(
      `it predicts ${values[invalid]} for a mixture`,
      'Fit it so that every mixture has a finite prediction, also one without some domains.',
    );
  }
  return Float64Array.from(values);
}

function refusedBy(error: unknown): StageError {
  if (error instanceof StageError) return error;
  const reason = error instanceof Error ? error.message : 'no reason given';
  const why = cleanLabel(reason.replace(/^.*ERROR_MESSAGE: /s, ''));
  if (/external/i.test(why)) {
    return onnxRefusal('its weights are in another file', 'Export it as a single file.');
  }
  return onnxRefusal(`onnxruntime rejects it (${why.slice(0, 300)})`, 'Export the model again.');
}
