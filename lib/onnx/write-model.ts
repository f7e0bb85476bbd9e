/** Exports trees and linear models as ONNX files. */
import type { LinearModel, Model, TreeModel } from '../model/regressor';
import { onnxRefusal } from './errors';
import { floorFloat32 } from './float32';
import { createWriter } from './wire';

/** Labels in an exported file. */
export interface OnnxLabels {
  /** Target id. */
  readonly target: string;
  /** D names of domains as in the user's files, in the order of the model's inputs. */
  readonly domains: readonly string[];
}

/** Models that ONNX has an operator for. */
type PortableModel = TreeModel | LinearModel;

/** Metadata keys of the labels in exported files. */
export const labelKeys = { target: 'regmix.target', domains: 'regmix.domains' } as const;

const float32 = 1;
const irVersion = 8;
const opsets = { '': 15, 'ai.onnx.ml': 3 } as const;
/** AttributeProto.AttributeType of onnx.proto. */
const types = { text: 3, floats: 6, ints: 7, texts: 8, int: 2 } as const;
const input = 'mixture';
const output = 'prediction';

function isPortable(model: Model): model is PortableModel {
  return model.kind === 'trees' || model.kind === 'linear';
}

/**
 * A model as an ONNX file (IR 8, ai.onnx.ml 3): one float32 input `mixture` of N x D, one output
 * `prediction` of N x 1, by `TreeEnsembleRegressor` or `LinearRegressor`. A threshold is rounded down to
 * float32, so that a weight that is a float32 takes the same branch here and there; a weight that is not
 * may be rounded over a threshold that lies within half a step (3e-8 of its size) of it.
 *
 * @throws StageError when the model is of another kind
 */
export function writeOnnx(model: Model, labels: OnnxLabels): Uint8Array {
  if (!isPortable(model)) {
    throw onnxRefusal(
      'only trees and linear models can be written as ONNX',
      'Choose trees or a linear model.',
    );
  }
  const [op, attributes] =
    model.kind === 'trees'
      ? (['TreeEnsembleRegressor', treeAttributes(model)] as const)
      : (['LinearRegressor', linearAttributes(model)] as const);
  const node = createWriter();
  node.text(1, input);
  node.text(2, output);
  node.text(4, op);
  node.text(7, 'ai.onnx.ml');
  for (const attribute of attributes) node.message(5, attribute);

  const graph = createWriter();
  graph.message(1, node.finish());
  graph.text(2, 'regmix');
  graph.message(11, valueInfo(input, labels.domains.length));
  graph.message(12, valueInfo(output, 1));

  const file = createWriter();
  file.int(1, irVersion);
  file.text(2, 'regmix-explorer');
  file.message(7, graph.finish());
  for (const [domain, version] of Object.entries(opsets)) {
    const opset = createWriter();
    opset.text(1, domain);
    opset.int(2, version);
    file.message(8, opset.finish());
  }
  file.message(14, entry(labelKeys.target, labels.target));
  file.message(14, entry(labelKeys.domains, JSON.stringify(labels.domains)));
  return file.finish();
}

function linearAttributes({ coefficients, intercept }: LinearModel): Uint8Array[] {
  return [
    floats('coefficients', coefficients),
    floats('intercepts', [intercept]),
    int('targets', 1),
    text('post_transform', 'NONE'),
  ];
}

/** Node ids of a tree are those of the flat arrays: inner nodes first, leaf l as `nodes + l`. */
function treeAttributes(model: TreeModel): Uint8Array[] {
  const treeIds: number[] = [];
  const nodeIds: number[] = [];
  const features: number[] = [];
  const modes: string[] = [];
  const thresholds: number[] = [];
  const yes: number[] = [];
  const no: number[] = [];
  const leafTrees: number[] = [];
  const leafNodes: number[] = [];
  const weights: number[] = [];
  // Runtimes add this last, in float32: small leaves then lose fewer digits.
  const base = meanOfFirst(model);
  for (let tree = 0; tree < model.rounds; tree++) {
    const start = model.nodeStart[tree];
    const nodes = model.nodeStart[tree + 1] - start;
    const leaves = model.leafStart[tree + 1] - model.leafStart[tree];
    const idOf = (child: number) => (child >= 0 ? child : nodes - 1 - child);
    const add = (id: number, mode: string, at: number | null) => {
      treeIds.push(tree);
      nodeIds.push(id);
      modes.push(mode);
      features.push(at === null ? 0 : model.feature[at]);
      thresholds.push(at === null ? 0 : floorFloat32(model.threshold[at]));
      yes.push(at === null ? 0 : idOf(model.left[at]));
      no.push(at === null ? 0 : idOf(model.right[at]));
    };
    for (let node = 0; node < nodes; node++) add(node, 'BRANCH_LEQ', start + node);
    for (let leaf = 0; leaf < leaves; leaf++) {
      add(nodes + leaf, 'LEAF', null);
      leafTrees.push(tree);
      leafNodes.push(nodes + leaf);
      weights.push(model.value[model.leafStart[tree] + leaf] - (tree === 0 ? base : 0));
    }
  }
  return [
    ints('nodes_treeids', treeIds),
    ints('nodes_nodeids', nodeIds),
    ints('nodes_featureids', features),
    texts('nodes_modes', modes),
    floats('nodes_values', thresholds),
    ints('nodes_truenodeids', yes),
    ints('nodes_falsenodeids', no),
    ints('target_treeids', leafTrees),
    ints('target_nodeids', leafNodes),
    ints(
      'target_ids',
      weights.map(() => 0),
    ),
    floats('target_weights', weights),
    floats('base_values', [base]),
    int('n_targets', 1),
    text('aggregate_function', 'SUM'),
    text('post_transform', 'NONE'),
  ];
}

/** The mean of the first tree's leaves, which carry the starting mean of all, as a float32. */
function meanOfFirst({ value, leafStart }: TreeModel): number {
  let sum = 0;
  for (let leaf = leafStart[0]; leaf < leafStart[1]; leaf++) sum += value[leaf];
  return Math.fround(sum / (leafStart[1] - leafStart[0]));
}

function valueInfo(name: string, columns: number): Uint8Array {
  const rows = createWriter();
  rows.text(2, 'N');
  const width = createWriter();
  width.int(1, columns);
  const shape = createWriter();
  shape.message(1, rows.finish());
  shape.message(1, width.finish());
  const tensor = createWriter();
  tensor.int(1, float32);
  tensor.message(2, shape.finish());
  const type = createWriter();
  type.message(1, tensor.finish());
  const info = createWriter();
  info.text(1, name);
  info.message(2, type.finish());
  return info.finish();
}

function entry(key: string, value: string): Uint8Array {
  const pair = createWriter();
  pair.text(1, key);
  pair.text(2, value);
  return pair.finish();
}

function ints(name: string, values: readonly number[]): Uint8Array {
  const attribute = createWriter();
  attribute.text(1, name);
  attribute.ints(8, values);
  attribute.int(20, types.ints);
  return attribute.finish();
}

function floats(name: string, values: ArrayLike<number>): Uint8Array {
  const attribute = createWriter();
  attribute.text(1, name);
  attribute.floats(7, values);
  attribute.int(20, types.floats);
  return attribute.finish();
}

function texts(name: string, values: readonly string[]): Uint8Array {
  const attribute = createWriter();
  attribute.text(1, name);
  for (const value of values) attribute.text(9, value);
  attribute.int(20, types.texts);
  return attribute.finish();
}

function int(name: string, value: number): Uint8Array {
  const attribute = createWriter();
  attribute.text(1, name);
  attribute.int(3, value);
  attribute.int(20, types.int);
  return attribute.finish();
}

function text(name: string, value: string): Uint8Array {
  const attribute = createWriter();
  attribute.text(1, name);
  attribute.text(4, value);
  attribute.int(20, types.text);
  return attribute.finish();
}
