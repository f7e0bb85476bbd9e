import * as onnx from 'onnxruntime-web/wasm';
import { createRuntime } from './runtime';
import { createWriter } from './wire';

onnx.env.wasm.numThreads = 1;
export const runtime = createRuntime(onnx);

type Value = readonly number[] | readonly string[] | { readonly floats: readonly number[] };

/** Numbers that a graph holds: whole ones, or float32 with a shape. */
type Constant =
  | readonly number[]
  | { readonly floats: readonly number[]; readonly shape: readonly number[] };
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
  moreInputs = [],
  output = 'variable',
  moreOutputs = [],
  outputShape = [null, 1],
  outputType = 1,
  elementType = 1,
  rows = null,
  constants = {},
  external = false,
}: {
  operations: readonly Operation[];
  inputs?: number | null;
  input?: string;
  moreInputs?: readonly string[];
  output?: string;
  moreOutputs?: readonly string[];
  outputShape?: readonly (number | null)[];
  /** ONNX's number of an element type: 1 float32, 7 int64, 8 text, 11 float64. */
  outputType?: number;
  elementType?: number;
  rows?: number | null;
  constants?: Readonly<Record<string, Constant>>;
  external?: boolean;
}): Uint8Array<ArrayBuffer> {
  const graph = createWriter();
  for (const operation of operations) graph.message(1, nodeOf(operation));
  graph.text(2, 'converted');
  for (const [name, values] of Object.entries(constants)) {
    const tensor = createWriter();
    if ('floats' in values) {
      for (const size of values.shape) tensor.int(1, size);
      tensor.int(2, 1);
      tensor.floats(4, values.floats);
    } else {
      tensor.int(1, values.length);
      tensor.int(2, 7);
      tensor.ints(7, values);
    }
    tensor.text(8, name);
    if (external) tensor.int(14, 1);
    graph.message(5, tensor.finish());
  }
  for (const name of [input, ...moreInputs]) {
    graph.message(11, graphValue(name, [rows, inputs], elementType));
  }
  for (const name of [output, ...moreOutputs]) {
    graph.message(12, graphValue(name, outputShape, outputType));
  }
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
  return Uint8Array.from(file.finish());
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

/** An operation of ONNX itself with one output. */
export const plain = (
  op: string,
  inputs: string[],
  output: string,
  attributes = {},
): Operation => ({
  op,
  domain: '',
  inputs,
  outputs: [output],
  attributes,
});

/** Two layers with a rectifier: max(0, x W + b) V + c. */
const network = {
  W: [0.5, -1, 0.25, 2, 1, -0.5],
  b: [0.1, -0.2],
  V: [1.5, -0.75],
  c: 2,
};
export const networkFile = (change: Partial<Parameters<typeof buildOnnx>[0]> = {}) =>
  buildOnnx({
    operations: [
      plain('MatMul', ['X', 'W'], 'xW'),
      plain('Add', ['xW', 'b'], 'hidden'),
      plain('Relu', ['hidden'], 'active'),
      plain('Gemm', ['active', 'V', 'c'], 'variable'),
    ],
    constants: {
      W: { floats: network.W, shape: [3, 2] },
      b: { floats: network.b, shape: [2] },
      V: { floats: network.V, shape: [2, 1] },
      c: { floats: [network.c], shape: [1] },
    },
    ...change,
  });
/** What the network predicts for three weights. */
export function networkAt(weights: ArrayLike<number>): number {
  let out = network.c;
  for (let unit = 0; unit < 2; unit++) {
    let sum = network.b[unit];
    for (let place = 0; place < 3; place++) sum += weights[place] * network.W[2 * place + unit];
    out += Math.max(0, sum) * network.V[unit];
  }
  return out;
}
