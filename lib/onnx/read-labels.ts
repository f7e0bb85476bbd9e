import { brokenFile, onnxLimits, onnxRefusal } from './errors';
import { messageOf, readFields, textOf, type WireField } from './wire';

/** Metadata of an ONNX file. */
export interface FileLabels {
  /** `skl2onnx 1.16`; empty when it does not say. */
  readonly producer: string;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads the producer and the metadata of an untrusted ONNX file (ModelProto of onnx.proto). The graph is left
 * to onnxruntime.
 *
 * @throws StageError when it is too large, or its outermost message is invalid
 */
export function readLabels(bytes: Uint8Array): FileLabels {
  if (bytes.length > onnxLimits.bytes) {
    throw onnxRefusal(
      `it has ${Math.ceil(bytes.length / 1e6)} MB, more than ${onnxLimits.bytes / 1e6}`,
      'Export a smaller model.',
    );
  }
  const metadata = new Map<string, string>();
  let producer = '';
  let version = '';
  let hasGraph = false;
  for (const field of readFields(bytes)) {
    if (field.field === 2) producer = textOf(field);
    else if (field.field === 3) version = textOf(field);
    else if (field.field === 7) hasGraph = messageOf(field).length > 0;
    else if (field.field === 14) readEntry(field, metadata);
  }
  if (!hasGraph) throw brokenFile('it contains no graph');
  return { producer: `${producer} ${version}`.trim(), metadata };
}

function readEntry(entry: WireField, metadata: Map<string, string>): void {
  let key = '';
  let value = '';
  for (const field of readFields(messageOf(entry))) {
    if (field.field === 1) key = textOf(field);
    else if (field.field === 2) value = textOf(field);
  }
  if (metadata.size < onnxLimits.entries) metadata.set(key, value);
}
