import type { TreeModel } from '../types';

/**
 * Whether the flat arrays of a model that came from elsewhere are trees: every tree's nodes and leaves
 * lie within its own part of the arrays, are each reached from the root exactly once (so that no walk
 * runs in circles), and split on features that exist. Lengths of the arrays per node must agree.
 *
 * @returns what is wrong, half a sentence; null when nothing is
 */
export function checkTrees(model: TreeModel): string | null {
  const { features, rounds, nodeStart, leafStart, feature, value } = model;
  if (!isPartition(nodeStart, rounds, feature.length)) return 'nodeStart does not part the nodes';
  if (!isPartition(leafStart, rounds, value.length)) return 'leafStart does not part the leaves';
  if (feature.some((index) => index < 0 || index >= features)) {
    return 'a node splits on a feature that does not exist';
  }
  const seen = new Uint8Array(feature.length + value.length);
  for (let tree = 0; tree < rounds; tree++) {
    if (!isTree(model, tree, seen)) return `tree ${tree} is not a tree`;
  }
  return null;
}

/** Whether starts go from 0 to the count without falling. */
function isPartition(starts: Int32Array, parts: number, count: number): boolean {
  if (starts.length !== parts + 1 || starts[0] !== 0 || starts[parts] !== count) return false;
  return starts.every((start, part) => part === 0 || start >= starts[part - 1]);
}

/** @param seen per node, then per leaf, of all trees: 1 once reached */
function isTree(
  { nodeStart, leafStart, feature, left, right }: TreeModel,
  tree: number,
  seen: Uint8Array,
): boolean {
  const nodes = nodeStart[tree + 1] - nodeStart[tree];
  const leaves = leafStart[tree + 1] - leafStart[tree];
  // A tree whose every part is reached once has one leaf more than it has nodes, and the other way
  // round: with this count, nothing reached twice means that nothing is left out.
  if (leaves !== nodes + 1) return false;
  const pending = [nodes > 0 ? 0 : -1];
  for (let child = pending.pop(); child !== undefined; child = pending.pop()) {
    const isNode = child >= 0;
    const within = isNode ? child < nodes : -1 - child < leaves;
    if (!within) return false;
    const at = isNode ? nodeStart[tree] + child : feature.length + leafStart[tree] - 1 - child;
    if (seen[at] === 1) return false;
    seen[at] = 1;
    if (isNode) pending.push(left[at], right[at]);
  }
  return true;
}
