import type { LinearModel } from '../regression/types';
import { onnxLimits, onnxRefusal } from './errors';
import type { Graph, GraphNode } from './read-graph';
import { nameOf, readTrees, type Scaling } from './read-trees';
import type { PortableModel } from './write-model';

/** What a value of the graph is: the inputs after some scalings, or what a model says of them. */
type Meaning =
  | { readonly kind: 'inputs'; readonly scalings: readonly Scaling[] }
  | { readonly kind: 'prediction'; readonly model: PortableModel };

const float32 = 1;
/** Operations that leave one number a row as it is, in the order it was. */
const reshaping = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Flatten']);
const mostScalings = 4;

/** Names that a graph gives to its one input and its one output. */
export interface GraphEnds {
  readonly input: string;
  readonly output: string;
}

/**
 * The model that a graph computes, as one of ours, which every panel can use. Understood are
 * `TreeEnsembleRegressor` and `LinearRegressor`, alone or added up, behind `Scaler`, with `Identity`, `Cast` to
 * float32 and reshaping round them: what skl2onnx and onnxmltools write for regressors of scikit-learn,
 * LightGBM and XGBoost.
 *
 * @throws StageError when the graph has other inputs or outputs, or another operation
 */
export function convertGraph(graph: Graph): { model: PortableModel; inputs: number } & GraphEnds {
  if (graph.inputs.length !== 1) {
    throw onnxRefusal(`it has ${graph.inputs.length} inputs instead of one of N x D`);
  }
  const [{ name, type, shape }] = graph.inputs;
  if (type !== float32) throw onnxRefusal('its input is not of float32 numbers');
  if (shape.length !== 2) {
    throw onnxRefusal(`its input has ${shape.length} dimensions instead of N x D`);
  }
  const inputs = shape[1] ?? inputsOfModel(graph.nodes);
  if (inputs === null || inputs < 1 || inputs > onnxLimits.inputs) {
    throw onnxRefusal('it does not say how many weights its input takes');
  }
  const meanings = new Map<string, Meaning>([[name, { kind: 'inputs', scalings: [] }]]);
  for (const node of graph.nodes) {
    if (node.domain === '' && node.op === 'Constant') continue;
    const [made] = node.outputs;
    if (made === undefined || node.outputs.length !== 1 || meanings.has(made)) {
      throw onnxRefusal('an operation of it does not have one output of its own');
    }
    meanings.set(made, meaningOf(node, meanings, inputs));
  }
  const results = graph.outputs.filter(({ name }) => meanings.get(name)?.kind === 'prediction');
  const [result] = results;
  const meaning = meanings.get(result?.name ?? '');
  if (graph.outputs.length !== 1 || meaning?.kind !== 'prediction') {
    throw onnxRefusal('it does not have one output that is a prediction');
  }
  return { model: meaning.model, inputs, input: name, output: result.name };
}

function meaningOf(
  node: GraphNode,
  meanings: ReadonlyMap<string, Meaning>,
  inputs: number,
): Meaning {
  const { op, domain } = node;
  const of = (place: number): Meaning => {
    const meaning = meanings.get(node.inputs[place] ?? '');
    if (!meaning)
      throw onnxRefusal(`${nameOf(op)} takes something that comes later or from nowhere`);
    return meaning;
  };
  const first = of(0);
  if (domain === 'ai.onnx.ml') {
    if (first.kind !== 'inputs') throw onnxRefusal('one model feeds another');
    const { scalings } = first;
    if (op === 'Scaler') {
      if (scalings.length >= mostScalings) throw onnxRefusal('it scales its input too often');
      return { kind: 'inputs', scalings: [...scalings, readScaling(node, inputs)] };
    }
    if (op === 'TreeEnsembleRegressor') {
      return { kind: 'prediction', model: readTrees(node, inputs, scalings) };
    }
    if (op === 'LinearRegressor') {
      return { kind: 'prediction', model: readLinear(node, inputs, scalings) };
    }
  }
  if (domain === '' || domain === 'ai.onnx') {
    if (op === 'Identity') return first;
    if (op === 'Cast' && node.attributes.get('to')?.ints[0] === float32) return first;
    if (reshaping.has(op) && first.kind === 'prediction') return first;
    if (op === 'Sum' || op === 'Add') {
      return node.inputs.map((_, place) => of(place)).reduce(addUp);
    }
  }
  const full = domain === '' ? op : `${domain}.${op}`;
  throw onnxRefusal(`it uses the operation ${nameOf(full)}`);
}

function addUp(a: Meaning, b: Meaning): Meaning {
  if (a.kind === 'prediction' && b.kind === 'prediction') {
    return { kind: 'prediction', model: sumOf(a.model, b.model) };
  }
  throw onnxRefusal('it adds something other than predictions');
}

function sumOf(a: PortableModel, b: PortableModel): PortableModel {
  if (a.kind === 'linear' && b.kind === 'linear') {
    return {
      ...a,
      intercept: a.intercept + b.intercept,
      coefficients: a.coefficients.map((value, place) => value + b.coefficients[place]),
    };
  }
  if (a.kind !== 'trees' || b.kind !== 'trees')
    throw onnxRefusal('it adds trees to a linear model');
  if (a.feature.length + b.feature.length > onnxLimits.treeNodes) {
    throw onnxRefusal('its trees have too many nodes together');
  }
  const after = (first: Int32Array, second: Int32Array) =>
    joinedInts(
      first,
      second.subarray(1).map((start) => start + first[first.length - 1]),
    );
  const joined = (first: Float64Array, second: Float64Array) => {
    const both = new Float64Array(first.length + second.length);
    both.set(first);
    both.set(second, first.length);
    return both;
  };
  const joinedInts = (first: Int32Array, second: Int32Array) => {
    const both = new Int32Array(first.length + second.length);
    both.set(first);
    both.set(second, first.length);
    return both;
  };
  return {
    kind: 'trees',
    features: a.features,
    rounds: a.rounds + b.rounds,
    nodeStart: after(a.nodeStart, b.nodeStart),
    leafStart: after(a.leafStart, b.leafStart),
    feature: joinedInts(a.feature, b.feature),
    threshold: joined(a.threshold, b.threshold),
    left: joinedInts(a.left, b.left),
    right: joinedInts(a.right, b.right),
    gain: joined(a.gain, b.gain),
    value: joined(a.value, b.value),
  };
}

function readScaling(node: GraphNode, inputs: number): Scaling {
  const list = (name: string, usual: number): number[] => {
    const values = node.attributes.get(name)?.floats ?? [usual];
    if (!values.every(Number.isFinite) || (values.length !== 1 && values.length !== inputs)) {
      throw onnxRefusal(`its Scaler has no finite ${name} per input`);
    }
    return Array.from({ length: inputs }, (_, place) => values[values.length === 1 ? 0 : place]);
  };
  return { offsets: list('offset', 0), scales: list('scale', 1) };
}

function readLinear(
  { attributes }: GraphNode,
  inputs: number,
  scalings: readonly Scaling[],
): LinearModel {
  const given = attributes.get('coefficients')?.floats ?? [];
  const intercepts = attributes.get('intercepts')?.floats ?? [];
  const transform = attributes.get('post_transform')?.texts[0] ?? 'NONE';
  const targets = attributes.get('targets')?.ints[0] ?? 1;
  if (transform !== 'NONE') throw onnxRefusal(`its linear model ends in ${nameOf(transform)}`);
  if (targets !== 1 || intercepts.length > 1 || given.length !== inputs) {
    throw onnxRefusal('its linear model does not have one coefficient per input and one output');
  }
  const coefficients = Float64Array.from(given);
  let intercept = intercepts[0] ?? 0;
  for (const { offsets, scales } of [...scalings].reverse()) {
    for (let place = 0; place < inputs; place++) {
      coefficients[place] *= scales[place];
      intercept -= coefficients[place] * offsets[place];
    }
  }
  if (![intercept, ...coefficients].every(Number.isFinite)) {
    throw onnxRefusal('a coefficient of it is not finite');
  }
  return { kind: 'linear', intercept, coefficients, penalty: 0 };
}

/** For an input of open width: what the linear models and scalers say; trees do not tell. */
function inputsOfModel(nodes: readonly GraphNode[]): number | null {
  for (const { op, attributes } of nodes) {
    if (op === 'LinearRegressor') return attributes.get('coefficients')?.floats.length ?? null;
    if (op === 'Scaler') return attributes.get('offset')?.floats.length ?? null;
  }
  return null;
}
