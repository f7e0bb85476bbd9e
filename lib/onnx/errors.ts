import { StageError } from '../model/errors';

/** Limits of an ONNX file. */
export const onnxLimits = {
  bytes: 64_000_000,
  /** Entries of its metadata. */
  entries: 1_000,
  /** Characters of a name. */
  text: 20_000,
} as const;

const advice =
  'Export a regressor with one float input of N x D weights and one float output of N predictions.';

/** @param what clause without a full stop */
export function onnxRefusal(what: string, next: string = advice): StageError {
  return new StageError('regression', `This ONNX file cannot be used: ${what}.`, next);
}

/** A truncated file, or one that is not an ONNX file. */
export function brokenFile(what: string): StageError {
  return onnxRefusal(`it is damaged or not an ONNX file (${what})`, 'Export the model again.');
}
