import type { TreeModel } from '../types';

/**
 * Prediction for one row by walking every tree: the definition that faster ways are held to.
 *
 * @param values holds the row's D features from `offset` on
 */
export function walkTrees(model: TreeModel, values: Float64Array, offset = 0): number {
  const { nodeStart, leafStart, feature, threshold, left, right, value } = model;
  let sum = 0;
  for (let tree = 0; tree < model.rounds; tree++) {
    const start = nodeStart[tree];
    let node = nodeStart[tree + 1] > start ? 0 : -1;
    while (node >= 0) {
      const at = start + node;
      node = values[offset + feature[at]] <= threshold[at] ? left[at] : right[at];
    }
    sum += value[leafStart[tree] - 1 - node];
  }
  return sum;
}
