import { StageError } from '../../errors';
import type { Job } from '../../job';
import type { Matrix } from '../../matrix';
import { withProgress } from '../progress';
import type { Sample, TreeModel } from '../types';
import { type BinnedFeatures, binFeatures, codeRows } from './bins';
import { createModelBuilder } from './model-builder';
import { createTreeGrower, type GrownTree } from './tree-grower';

/** LightGBM's defaults with the learning rate of RegMix's regression notebook. */
export const learningRate = 0.01;
export const maxRounds = 1000;
const maxLeaves = 31;

/** What is told after each round, to choose rounds by. */
interface RoundReport {
  /** Rounds done so far. */
  readonly round: number;
  /** Predictions of the watched rows after this round; overwritten by the next. */
  readonly watched: Float64Array;
}

export interface BoostOptions {
  readonly rounds: number;
  readonly minRowsPerLeaf: number;
  /** Rows whose prediction is followed round by round. */
  readonly watch?: Matrix;
  /** Called after each round; returning false ends the fit after it. */
  readonly onRound?: (report: RoundReport) => boolean;
}

/**
 * Gradient boosting of regression trees on the squared error, with LightGBM 4's semantics and
 * defaults: its predictions agree with native LightGBM's to 1e-9.
 *
 * @throws StageError when a feature is negative or a value is not finite
 */
export function* boost({ features, values }: Sample, options: BoostOptions): Job<TreeModel> {
  const { rounds, minRowsPerLeaf, watch, onRound } = options;
  const report = (done: number) => () => ({ done, total: rounds, unit: 'rounds' });
  const binned = yield* withProgress(binFeatures(features), report(0));
  const labels = Float32Array.from(values);
  const start = meanOf(labels);
  const scores = new Float64Array(features.rows).fill(start);
  const watched = new Float64Array(watch?.rows ?? 0).fill(start);
  const watchedCodes = watch
    ? yield* withProgress(codeRows(binned, watch), report(0))
    : new Uint8Array(0);
  const gradients = new Float32Array(features.rows);
  const grower = createTreeGrower(binned, maxLeaves, minRowsPerLeaf);
  const builder = createModelBuilder(binned);
  for (let round = 1; round <= rounds; round++) {
    for (let row = 0; row < scores.length; row++) gradients[row] = scores[row] - labels[row];
    const tree = yield* withProgress(grower.grow(gradients), report(round - 1));
    for (let leaf = 0; leaf < tree.leaves; leaf++) tree.value[leaf] *= learningRate;
    updateScores(scores, tree);
    updateWatched(watched, watchedCodes, tree, binned);
    builder.add(tree, round === 1 ? start : 0);
    const goOn = onRound?.({ round, watched }) ?? true;
    if (!goOn || tree.leaves === 1) break;
  }
  return builder.build();
}

function meanOf(labels: Float32Array): number {
  let sum = 0;
  for (const label of labels) {
    if (!Number.isFinite(label)) {
      throw new StageError('regression', `Trees need finite target values, found ${label}.`);
    }
    sum += label;
  }
  return sum / labels.length;
}

function updateScores(scores: Float64Array, tree: GrownTree): void {
  for (let leaf = 0; leaf < tree.leaves; leaf++) {
    const value = tree.value[leaf];
    const end = tree.rowStart[leaf] + tree.rowCount[leaf];
    for (let place = tree.rowStart[leaf]; place < end; place++) {
      scores[tree.rowsByLeaf[place]] += value;
    }
  }
}

function updateWatched(
  watched: Float64Array,
  codes: Uint8Array,
  tree: GrownTree,
  binned: BinnedFeatures,
): void {
  const rows = watched.length;
  if (tree.leaves === 1 || binned.features === 0) return;
  for (let row = 0; row < rows; row++) {
    let node = 0;
    while (node >= 0) {
      const goesLeft = codes[tree.feature[node] * rows + row] <= tree.bin[node];
      node = goesLeft ? tree.left[node] : tree.right[node];
    }
    watched[row] += tree.value[-1 - node];
  }
}
