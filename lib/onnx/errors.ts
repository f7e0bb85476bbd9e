import { StageError } from '../errors';

/** What an ONNX file may hold. Read in full it then stays below 256 MB. */
export const onnxLimits = {
  bytes: 64_000_000,
  /** Numbers and texts in the lists of all attributes together. */
  entries: 8_000_000,
  /** Nodes of the graph, inputs, outputs, attributes of a node. */
  parts: 1_000,
  /** Nodes of all trees together. */
  treeNodes: 1_000_000,
  inputs: 2_000,
  /** Characters of a name. */
  text: 20_000,
} as const;

const advice =
  'Export a tree ensemble or a linear model with one float32 input of N x D weights and one output, as skl2onnx and onnxmltools do.';

/** @param what half a sentence, without its full stop */
export function onnxRefusal(what: string, next = advice): StageError {
  return new StageError('regression', `This ONNX file cannot be used: ${what}.`, next);
}

/** A file that ends too early or is no ONNX file at all. */
export function brokenFile(what: string): StageError {
  return onnxRefusal(`it is broken, or no ONNX file (${what})`, 'Export the model again.');
}
