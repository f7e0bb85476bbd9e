import type { TreeModel } from '../types';
import type { BinnedFeatures } from './bins';
import type { GrownTree } from './tree-grower';

/** Collects grown trees into one model. */
export interface ModelBuilder {
  /** @param offset added to every leaf of the tree: the mean that boosting starts from, in tree 0 */
  add(tree: GrownTree, offset: number): void;
  build(): TreeModel;
}

export function createModelBuilder(binned: BinnedFeatures): ModelBuilder {
  const nodeStart = [0];
  const leafStart = [0];
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const gain: number[] = [];
  const value: number[] = [];
  return {
    add(tree, offset) {
      for (let node = 0; node < tree.leaves - 1; node++) {
        feature.push(tree.feature[node]);
        threshold.push(binned.upperBounds[tree.feature[node]][tree.bin[node]]);
        left.push(tree.left[node]);
        right.push(tree.right[node]);
        gain.push(tree.gain[node]);
      }
      for (let leaf = 0; leaf < tree.leaves; leaf++) value.push(tree.value[leaf] + offset);
      nodeStart.push(feature.length);
      leafStart.push(value.length);
    },
    build: () => ({
      kind: 'trees',
      features: binned.features,
      rounds: nodeStart.length - 1,
      nodeStart: Int32Array.from(nodeStart),
      leafStart: Int32Array.from(leafStart),
      feature: Int32Array.from(feature),
      threshold: Float64Array.from(threshold),
      left: Int32Array.from(left),
      right: Int32Array.from(right),
      gain: Float64Array.from(gain),
      value: Float64Array.from(value),
    }),
  };
}

/** The model with its first `rounds` trees alone. */
export function truncate(model: TreeModel, rounds: number): TreeModel {
  if (rounds >= model.rounds) return model;
  const nodes = model.nodeStart[rounds];
  const leaves = model.leafStart[rounds];
  return {
    ...model,
    rounds,
    nodeStart: model.nodeStart.slice(0, rounds + 1),
    leafStart: model.leafStart.slice(0, rounds + 1),
    feature: model.feature.slice(0, nodes),
    threshold: model.threshold.slice(0, nodes),
    left: model.left.slice(0, nodes),
    right: model.right.slice(0, nodes),
    gain: model.gain.slice(0, nodes),
    value: model.value.slice(0, leaves),
  };
}
