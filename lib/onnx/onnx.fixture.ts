import * as onnx from 'onnxruntime-web/wasm';
import { createRuntime } from './runtime';
import { createWriter } from './wire-writer';

onnx.env.wasm.numThreads = 1;
export const runtime = createRuntime(onnx);

type Value = readonly number[] | readonly string[] | { readonly floats: readonly number[] };
export interface Operation {
  readonly op: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Lists of whole numbers, of texts, or of float32; a list of one is a single value with `single`. */
  readonly attributes?: Readonly<Record<string, Value | { readonly single: number | string }>>;
}

/** An ONNX file as Python's protobuf writes it: lists of numbers unpacked, one field per entry. */
export function buildOnnx({
  operations,
  inputs = 3,
  input = 'X',
  output = 'variable',
  outputShape = [null, 1],
  elementType = 1,
  constants = {},
  external = false,
}: {
  operations: readonly Operation[];
  inputs?: number | null;
  input?: string;
  output?: string;
  outputShape?: readonly (number | null)[];
  elementType?: number;
  constants?: Readonly<Record<string, readonly number[]>>;
  external?: boolean;
}): Uint8Array {
  const graph = createWriter();
  for (const operation of operations) graph.message(1, nodeOf(operation));
  graph.text(2, 'converted');
  for (const [name, values] of Object.entries(constants)) {
    const tensor = createWriter();
    tensor.int(1, values.length);
    tensor.int(2, 7);
    for (const value of values) tensor.int(7, value < 0 ? 2 ** 53 : value);
    tensor.text(8, name);
    if (external) tensor.int(14, 1);
    graph.message(5, tensor.finish());
  }
  graph.message(11, graphValue(input, [null, inputs], elementType));
  graph.message(12, graphValue(output, outputShape, 1));
  const file = createWriter();
  file.int(1, 8);
  file.text(2, 'skl2onnx');
  file.text(3, '1.16.0');
  file.message(7, graph.finish());
  for (const [domain, version] of [
    ['', 15],
    ['ai.onnx.ml', 3],
  ] as const) {
    const opset = createWriter();
    opset.text(1, domain);
    opset.int(2, version);
    file.message(8, opset.finish());
  }
  return file.finish();
}

function nodeOf({ op, domain = 'ai.onnx.ml', inputs, outputs, attributes = {} }: Operation) {
  const node = createWriter();
  for (const name of inputs) node.text(1, name);
  for (const name of outputs) node.text(2, name);
  node.text(4, op);
  node.text(7, domain);
  for (const [name, value] of Object.entries(attributes)) {
    const attribute = createWriter();
    attribute.text(1, name);
    if ('single' in value) {
      if (typeof value.single === 'number') attribute.int(3, value.single);
      else attribute.text(4, value.single);
      attribute.int(20, typeof value.single === 'number' ? 2 : 3);
    } else if ('floats' in value) {
      attribute.floats(7, value.floats);
      attribute.int(20, 6);
    } else {
      for (const entry of value) {
        if (typeof entry === 'number') attribute.int(8, entry);
        else attribute.text(9, entry);
      }
      attribute.int(20, typeof value[0] === 'string' ? 8 : 7);
    }
    node.message(5, attribute.finish());
  }
  return node.finish();
}

function graphValue(name: string, shape: readonly (number | null)[], elementType: number) {
  const dimensions = createWriter();
  for (const size of shape) {
    const dimension = createWriter();
    if (size !== null) dimension.int(1, size);
    dimensions.message(1, dimension.finish());
  }
  const tensor = createWriter();
  tensor.int(1, elementType);
  tensor.message(2, dimensions.finish());
  const type = createWriter();
  type.message(1, tensor.finish());
  const info = createWriter();
  info.text(1, name);
  info.message(2, type.finish());
  return info.finish();
}
