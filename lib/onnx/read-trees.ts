import { checkTrees } from '../regression/gbdt/check-trees';
import type { TreeModel } from '../regression/types';
import { onnxLimits, onnxRefusal } from './errors';
import { largestRoundedTo, lastFloat32, previousFloat32 } from './float32';
import type { GraphNode } from './read-graph';

/** What is done to an input before it is compared, in float32: x -> (x - offset) * scale. */
export interface Scaling {
  /** D. */
  readonly offsets: readonly number[];
  /** D. */
  readonly scales: readonly number[];
}

/** Tree and node ids are below it, so that both fit one number. */
const mostIds = 2 ** 26;
/** Weights lie within 0..1; a little more is tried where a threshold is carried back through a scaling. */
const tried = { low: -1, high: 2 } as const;

interface NodeTable {
  readonly treeIds: readonly number[];
  readonly nodeIds: readonly number[];
  readonly features: readonly number[];
  readonly modes: readonly string[];
  readonly values: readonly number[];
  readonly yes: readonly number[];
  readonly no: readonly number[];
}

/**
 * A `TreeEnsembleRegressor` as our own trees, which then take the same branches for every mixture: a
 * float32 comparison of a rounded weight is one of the weight itself with another threshold.
 *
 * @param scalings what was done to the inputs before, in that order
 * @throws StageError when the trees are none, or of a kind that has no such form
 */
export function readTrees(
  node: GraphNode,
  features: number,
  scalings: readonly Scaling[],
): TreeModel {
  const ints = (name: string) => node.attributes.get(name)?.ints ?? [];
  const floats = (name: string) => node.attributes.get(name)?.floats ?? [];
  const word = (name: string, usual: string) => node.attributes.get(name)?.texts[0] ?? usual;
  for (const [name, attribute] of node.attributes) {
    if (attribute.isOther) throw onnxRefusal(`its trees hold ${nameOf(name)}, not float32 numbers`);
  }
  if ((ints('n_targets')[0] ?? 1) !== 1) throw onnxRefusal('its trees have more than one output');
  const transform = word('post_transform', 'NONE');
  if (transform !== 'NONE') throw onnxRefusal(`its trees end in ${nameOf(transform)}`);
  const aggregate = word('aggregate_function', 'SUM');
  if (aggregate !== 'SUM' && aggregate !== 'AVERAGE') {
    throw onnxRefusal(`its trees are put together by ${nameOf(aggregate)}, not by SUM or AVERAGE`);
  }
  const base = floats('base_values');
  if (base.length > 1) throw onnxRefusal('it has more than one base value');
  const table: NodeTable = {
    treeIds: ints('nodes_treeids'),
    nodeIds: ints('nodes_nodeids'),
    features: ints('nodes_featureids'),
    modes: node.attributes.get('nodes_modes')?.texts ?? [],
    values: floats('nodes_values'),
    yes: ints('nodes_truenodeids'),
    no: ints('nodes_falsenodeids'),
  };
  const count = table.treeIds.length;
  if (count === 0) throw onnxRefusal('it has no trees');
  if (count > onnxLimits.treeNodes) {
    throw onnxRefusal(
      `its trees have ${count.toLocaleString('en')} nodes, more than ${onnxLimits.treeNodes.toLocaleString('en')}`,
      'Export fewer or smaller trees.',
    );
  }
  if (Object.values(table).some((list) => list.length !== count)) {
    throw onnxRefusal('the lists of its tree nodes differ in length');
  }
  const places = indexNodes(table);
  const weights = leafWeights(table, places, {
    trees: ints('target_treeids'),
    nodes: ints('target_nodeids'),
    outputs: ints('target_ids'),
    weights: floats('target_weights'),
  });
  const model = flatten(table, places, weights, features, scalings);
  if (aggregate === 'AVERAGE') {
    for (let leaf = 0; leaf < model.value.length; leaf++) model.value[leaf] /= model.rounds;
  }
  for (let leaf = 0; leaf < model.leafStart[1]; leaf++) model.value[leaf] += base[0] ?? 0;
  if (!model.value.every(Number.isFinite)) throw onnxRefusal('a leaf has no finite value');
  const wrong = checkTrees(model);
  if (wrong !== null) throw onnxRefusal(wrong);
  return model;
}

function keyOf(tree: number, node: number): number {
  return tree * mostIds + node;
}

function indexNodes({ treeIds, nodeIds }: NodeTable): Map<number, number> {
  const places = new Map<number, number>();
  for (let at = 0; at < treeIds.length; at++) {
    const [tree, node] = [treeIds[at], nodeIds[at]];
    if (!(tree >= 0 && tree < mostIds && node >= 0 && node < mostIds)) {
      throw onnxRefusal('a tree node has an id out of range');
    }
    const key = keyOf(tree, node);
    if (places.has(key)) throw onnxRefusal('two nodes of a tree have the same id');
    places.set(key, at);
  }
  return places;
}

interface LeafTable {
  readonly trees: readonly number[];
  readonly nodes: readonly number[];
  readonly outputs: readonly number[];
  readonly weights: readonly number[];
}

/** Per node; 0 for a leaf that is not named. */
function leafWeights(
  { modes }: NodeTable,
  places: ReadonlyMap<number, number>,
  { trees, nodes, outputs, weights }: LeafTable,
): Float64Array {
  if ([trees, nodes, outputs].some(({ length }) => length !== weights.length)) {
    throw onnxRefusal('the lists of its leaves differ in length');
  }
  const byNode = new Float64Array(modes.length);
  for (let leaf = 0; leaf < weights.length; leaf++) {
    const at = places.get(keyOf(trees[leaf], nodes[leaf]));
    if (at === undefined || modes[at] !== 'LEAF' || outputs[leaf] !== 0) {
      throw onnxRefusal('a leaf value belongs to no leaf');
    }
    byNode[at] += weights[leaf];
  }
  return byNode;
}

/** Walks every tree from its root and lays it out in our flat arrays, leaves from left to right. */
function flatten(
  table: NodeTable,
  places: ReadonlyMap<number, number>,
  weights: Float64Array,
  features: number,
  scalings: readonly Scaling[],
): TreeModel {
  const { treeIds, modes } = table;
  const count = treeIds.length;
  const isLeaf = (at: number) => modes[at] === 'LEAF';
  const childOf = (at: number, ids: readonly number[]) => {
    const child = places.get(keyOf(treeIds[at], ids[at]));
    if (child === undefined) throw onnxRefusal('a branch leads to no node');
    return child;
  };
  const hasParent = new Uint8Array(count);
  let inner = 0;
  for (let at = 0; at < count; at++) {
    if (isLeaf(at)) continue;
    inner++;
    for (const child of [childOf(at, table.yes), childOf(at, table.no)]) {
      if (hasParent[child] === 1) throw onnxRefusal('a tree node is reached in two ways');
      hasParent[child] = 1;
    }
  }
  const roots: number[] = [];
  for (let at = 0; at < count; at++) if (hasParent[at] === 0) roots.push(at);
  if (new Set(roots.map((at) => treeIds[at])).size !== roots.length) {
    throw onnxRefusal('a tree has more than one root');
  }
  const model: TreeModel = {
    kind: 'trees',
    features,
    rounds: roots.length,
    nodeStart: new Int32Array(roots.length + 1),
    leafStart: new Int32Array(roots.length + 1),
    feature: new Int32Array(inner),
    threshold: new Float64Array(inner),
    left: new Int32Array(inner),
    right: new Int32Array(inner),
    gain: new Float64Array(inner),
    value: new Float64Array(count - inner),
  };
  let nodes = 0;
  let leaves = 0;
  roots.forEach((root, tree) => {
    const pending: { at: number; parent: number; side: 'left' | 'right' }[] = [];
    const [nodeStart, leafStart] = [nodes, leaves];
    pending.push({ at: root, parent: -1, side: 'left' });
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { at, parent, side } = next;
      if (isLeaf(at)) {
        if (parent >= 0) model[side][parent] = -1 - (leaves - leafStart);
        model.value[leaves++] = weights[at];
        continue;
      }
      if (parent >= 0) model[side][parent] = nodes - nodeStart;
      const here = nodes++;
      const { threshold, isSwapped } = splitOf(table, at, features, scalings);
      model.feature[here] = table.features[at];
      model.threshold[here] = threshold;
      const [low, high] = isSwapped ? [table.no, table.yes] : [table.yes, table.no];
      pending.push({ at: childOf(at, high), parent: here, side: 'right' });
      pending.push({ at: childOf(at, low), parent: here, side: 'left' });
    }
    model.nodeStart[tree + 1] = nodes;
    model.leafStart[tree + 1] = leaves;
  });
  // A ring of nodes has no root and is never walked.
  if (nodes + leaves !== count) throw onnxRefusal('its tree nodes run in a circle');
  return model;
}

/** A comparison as `weight <= threshold`; swapped where that stands for the branch not taken. */
function splitOf(
  { modes, values, features: ids }: NodeTable,
  at: number,
  features: number,
  scalings: readonly Scaling[],
): { threshold: number; isSwapped: boolean } {
  const mode = modes[at];
  const feature = ids[at];
  const value = values[at];
  if (!(feature >= 0 && feature < features)) {
    throw onnxRefusal('a tree splits on an input that does not exist');
  }
  if (Number.isNaN(value)) throw onnxRefusal('a tree splits at no number');
  const isStrict = mode === 'BRANCH_LT' || mode === 'BRANCH_GTE';
  const isAbove = mode === 'BRANCH_GT' || mode === 'BRANCH_GTE';
  if (!isStrict && !isAbove && mode !== 'BRANCH_LEQ') {
    throw onnxRefusal(`its trees branch by ${nameOf(mode)}`);
  }
  const limit = isStrict ? previousFloat32(value) : value;
  const own = scalings.map(({ offsets, scales }) => [offsets[feature], scales[feature]] as const);
  if (own.length === 0) return { threshold: largestRoundedTo(limit), isSwapped: isAbove };
  const scaled = (weight: number) =>
    own.reduce((x, [offset, scale]) => Math.fround(Math.fround(x - offset) * scale), weight);
  const falls = own.filter(([, scale]) => scale < 0).length % 2 === 1;
  const holds = (weight: number) => scaled(weight) <= limit !== falls;
  const last = lastFloat32(tried.low, tried.high, holds);
  const threshold =
    last === null
      ? -Number.MAX_VALUE
      : last === tried.high
        ? Number.MAX_VALUE
        : largestRoundedTo(last);
  return { threshold, isSwapped: isAbove !== falls };
}

/** A word of the file, short enough for a message. */
export function nameOf(text: string): string {
  return `“${text.slice(0, 40)}”`;
}
