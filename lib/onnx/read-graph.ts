import { brokenFile, onnxLimits, onnxRefusal } from './errors';
import { type Attribute, createAttributeReader } from './read-attribute';
import { messageOf, readFields, textOf, type WireField } from './wire-reader';

/** One operation of a graph. */
export interface GraphNode {
  /** `TreeEnsembleRegressor`. */
  readonly op: string;
  /** Whose operation: `ai.onnx.ml`; empty for ONNX's own. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** An input or output of the graph. */
interface GraphValue {
  readonly name: string;
  /** ONNX's number of the element type, 1 = float32; 0 when it is no tensor. */
  readonly type: number;
  /** Size per dimension; null where it is open. */
  readonly shape: readonly (number | null)[];
}

/** As much of an ONNX file as a tree ensemble or a linear model needs. */
export interface Graph {
  /** `skl2onnx 1.16`; empty when unknown. */
  readonly producer: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** Names of constants. */
  readonly constants: ReadonlySet<string>;
}

/**
 * Reads an ONNX file from anyone (ModelProto of onnx.proto). Only what is understood is kept; sizes are
 * bounded by {@link onnxLimits}; weights outside of the file are refused.
 *
 * @throws StageError when it is no ONNX file, too large, or holds functions, training or external data
 */
export function readGraph(bytes: Uint8Array): Graph {
  if (bytes.length > onnxLimits.bytes) {
    throw onnxRefusal(
      `it has ${Math.ceil(bytes.length / 1e6)} MB, more than ${onnxLimits.bytes / 1e6}`,
      'Export fewer or smaller trees.',
    );
  }
  const metadata = new Map<string, string>();
  let producer = '';
  let version = '';
  let graph: Uint8Array | null = null;
  for (const field of readFields(bytes)) {
    if (field.field === 2) producer = textOf(field);
    else if (field.field === 3) version = textOf(field);
    else if (field.field === 7) {
      if (graph) throw brokenFile('it holds two graphs');
      graph = messageOf(field);
    } else if (field.field === 14) readEntry(field, metadata);
    else if (field.field === 20 || field.field === 25) {
      throw onnxRefusal('it holds functions of its own or a training graph');
    }
  }
  if (!graph) throw brokenFile('it holds no graph');
  return { producer: `${producer} ${version}`.trim(), metadata, ...readGraphProto(graph) };
}

function readEntry(entry: WireField, metadata: Map<string, string>): void {
  let key = '';
  let value = '';
  for (const field of readFields(messageOf(entry))) {
    if (field.field === 1) key = textOf(field);
    else if (field.field === 2) value = textOf(field);
  }
  if (metadata.size < onnxLimits.parts) metadata.set(key, value);
}

function readGraphProto(bytes: Uint8Array): Omit<Graph, 'producer' | 'metadata'> {
  const nodes: GraphNode[] = [];
  const inputs: GraphValue[] = [];
  const outputs: GraphValue[] = [];
  const constants = new Set<string>();
  const readAttribute = createAttributeReader();
  for (const field of readFields(bytes)) {
    if (field.field === 1) nodes.push(readNode(messageOf(field), readAttribute));
    else if (field.field === 5) constants.add(readTensorName(messageOf(field)));
    else if (field.field === 11) inputs.push(readValue(messageOf(field)));
    else if (field.field === 12) outputs.push(readValue(messageOf(field)));
    else if (field.field === 15) throw onnxRefusal('it holds sparse weights');
    const parts = nodes.length + constants.size + inputs.length + outputs.length;
    if (parts > onnxLimits.parts) throw onnxRefusal('its graph has too many parts');
  }
  // Old files list their constants among the inputs, with values that a caller may replace.
  return { nodes, inputs: inputs.filter(({ name }) => !constants.has(name)), outputs, constants };
}

function readNode(
  bytes: Uint8Array,
  readAttribute: (bytes: Uint8Array) => Attribute & { readonly name: string },
): GraphNode {
  let op = '';
  let domain = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  for (const field of readFields(bytes)) {
    if (field.field === 1) inputs.push(textOf(field));
    else if (field.field === 2) outputs.push(textOf(field));
    else if (field.field === 4) op = textOf(field);
    else if (field.field === 7) domain = textOf(field);
    else if (field.field === 5) {
      const { name, ...attribute } = readAttribute(messageOf(field));
      if (attributes.has(name)) throw brokenFile('a node has an attribute twice');
      attributes.set(name, attribute);
    }
    if (inputs.length + outputs.length + attributes.size > onnxLimits.parts) {
      throw onnxRefusal('a node has too many parts');
    }
  }
  return { op, domain, inputs, outputs, attributes };
}

function readTensorName(bytes: Uint8Array): string {
  let name = '';
  for (const field of readFields(bytes)) {
    if (field.field === 8) name = textOf(field);
    if (field.field === 13 || (field.field === 14 && field.value !== 0)) {
      throw onnxRefusal('its weights are in another file', 'Export it as a single file.');
    }
  }
  return name;
}

function readValue(bytes: Uint8Array): GraphValue {
  let name = '';
  let type = 0;
  let shape: (number | null)[] = [];
  for (const field of readFields(bytes)) {
    if (field.field === 1) name = textOf(field);
    if (field.field !== 2) continue;
    for (const kind of readFields(messageOf(field))) {
      if (kind.field !== 1) continue;
      for (const part of readFields(messageOf(kind))) {
        if (part.field === 1) type = part.value;
        else if (part.field === 2) shape = readShape(messageOf(part));
      }
    }
  }
  return { name, type, shape };
}

function readShape(bytes: Uint8Array): (number | null)[] {
  const shape: (number | null)[] = [];
  for (const dimension of readFields(bytes)) {
    if (dimension.field !== 1) continue;
    let size: number | null = null;
    for (const part of readFields(messageOf(dimension))) {
      if (part.field === 1 && part.wire === 'varint') size = part.value > 0 ? part.value : null;
    }
    shape.push(size);
    if (shape.length > onnxLimits.parts) throw brokenFile('a shape has too many dimensions');
  }
  return shape;
}
