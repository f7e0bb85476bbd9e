/** Gradient-boosted trees with LightGBM's semantics as regressors, and how many rounds they boost. */
import { StageError } from '../../model/errors';
import { type Job, withProgress } from '../../model/job';
import type { Matrix } from '../../model/matrix';
import type { FitOptions, Regressor, RegressorId, Sample, TreeModel } from '../../model/regressor';
import { regressorInfo } from '../catalogue';
import { predictTrees } from '../predict';
import { complementOf, sampleOf, splitMixtures } from '../sample';
import { type BinnedFeatures, binFeatures, codeRows } from './bins';
import { createTreeGrower, type GrownTree } from './tree-grower';

/** LightGBM's default. */
const lightgbmMinRowsPerLeaf = 20;
/** Number of runs for which the default was tuned: the published training runs. */
const runsForDefault = 512;

/**
 * Fewest rows a leaf may hold: LightGBM's 20, scaled down with n, since with 20 it cannot split 32
 * runs at all and is far behind at 64.
 */
export function scaledMinRowsPerLeaf(n: number): number {
  const scaled = Math.round((lightgbmMinRowsPerLeaf * n) / runsForDefault);
  return Math.max(1, Math.min(lightgbmMinRowsPerLeaf, scaled));
}

/** Fewest rows a leaf may hold in this regressor's trees; 0 for regressors without. */
export function minRowsPerLeafOf(id: RegressorId, n: number, options: FitOptions): number {
  if (id === 'gbdt') return options.minRowsPerLeaf ?? scaledMinRowsPerLeaf(n);
  if (id === 'gbdt-paper') return options.minRowsPerLeaf ?? lightgbmMinRowsPerLeaf;
  return 0;
}

/** Boosted trees with LightGBM's semantics: rounds chosen by cross-validation, and as published. */
export const treeRegressors: readonly Regressor[] = [
  {
    ...regressorInfo('gbdt'),
    *fit(sample, options) {
      const minRowsPerLeaf = minRowsPerLeafOf('gbdt', sample.values.length, options);
      const rounds =
        options.rounds ?? (yield* chooseRoundsByFolds(sample, minRowsPerLeaf, options.seed)).rounds;
      return yield* boost(sample, { rounds, minRowsPerLeaf });
    },
  },
  {
    ...regressorInfo('gbdt-paper'),
    *fit(sample, options, stopping) {
      const minRowsPerLeaf = minRowsPerLeafOf('gbdt-paper', sample.values.length, options);
      if (options.rounds !== undefined) {
        return yield* boost(sample, { rounds: options.rounds, minRowsPerLeaf });
      }
      if (!stopping || stopping.values.length === 0) {
        throw new StageError(
          'regression',
          'The published procedure stops early on a test set, which this study lacks.',
          'Add a test set, or choose trees with rounds by cross-validation.',
        );
      }
      return yield* stopEarly(sample, stopping, { rounds: maxRounds, minRowsPerLeaf });
    },
  },
];

const folds = 5;
/** The published notebook's early stopping rounds. */
const stoppingRounds = 3;

/** Result of cross-validation over boosting rounds. */
export interface RoundChoice {
  /** The rounds of least squared error over all folds together. */
  readonly rounds: number;
  /**
   * Per row the prediction of the fit that did not see it, with the rounds of least error over the *other*
   * folds, independent of its own error.
   */
  readonly outOfFold: Float64Array;
}

/**
 * Chooses boosting rounds by 5-fold cross-validation on the training rows.
 *
 * @param sample N >= 2 rows
 * @param seed an integer; assigns rows to folds
 */
export function* chooseRoundsByFolds(
  sample: Sample,
  minRowsPerLeaf: number,
  seed: number,
): Job<RoundChoice> {
  const n = sample.values.length;
  const parts = yield* splitMixtures(sample.features, folds, seed);
  const total = parts.length * maxRounds;
  const held = parts.map((rows) => sampleOf(sample, rows));
  // Per fold: its fit, and per round the squared error over the rows left out.
  const models: TreeModel[] = [];
  const errors: Float64Array[] = [];
  for (const [fold, rows] of parts.entries()) {
    const { features, values } = held[fold];
    const error = new Float64Array(maxRounds);
    const job = boost(sampleOf(sample, complementOf(rows, n)), {
      rounds: maxRounds,
      minRowsPerLeaf,
      watch: features,
      onRound: ({ round, watched }) => {
        let sum = 0;
        for (let row = 0; row < watched.length; row++) sum += (watched[row] - values[row]) ** 2;
        // A fit that can split no further ends early: its error stays constant.
        error.fill(sum, round - 1);
        return true;
      },
    });
    const done = fold * maxRounds;
    models.push(yield* withProgress(job, (step) => ({ ...step, done: done + step.done, total })));
    errors.push(error);
  }
  const outOfFold = new Float64Array(n);
  for (const [fold, rows] of parts.entries()) {
    const rounds = leastErrorRounds(errors.filter((_, other) => other !== fold));
    const predicted = yield* predictTrees(truncate(models[fold], rounds), held[fold].features);
    rows.forEach((row, place) => {
      outOfFold[row] = predicted[place];
    });
  }
  return { rounds: leastErrorRounds(errors), outOfFold };
}

function leastErrorRounds(errors: readonly Float64Array[]): number {
  const sums = errors[0].map((_, round) => errors.reduce((sum, error) => sum + error[round], 0));
  return sums.indexOf(Math.min(...sums)) + 1;
}

/**
 * Boosts until the absolute *or* the squared error on the stopping rows has not improved for three rounds,
 * and returns the trees up to the best round of the one that stopped, as LightGBM does with the two metrics
 * of the published notebook.
 */
export function* stopEarly(
  sample: Sample,
  stopping: Sample,
  options: { readonly rounds: number; readonly minRowsPerLeaf: number },
): Job<TreeModel> {
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const bestRound = [0, 0];
  let kept = options.rounds;
  const model = yield* boost(sample, {
    ...options,
    watch: stopping.features,
    onRound: ({ round, watched }) => {
      const errors = [0, 0];
      for (let row = 0; row < watched.length; row++) {
        const residual = watched[row] - stopping.values[row];
        errors[0] += Math.abs(residual);
        errors[1] += residual * residual;
      }
      for (const [metric, error] of errors.entries()) {
        if (error < best[metric]) {
          best[metric] = error;
          bestRound[metric] = round;
        } else if (round - bestRound[metric] >= stoppingRounds) {
          kept = bestRound[metric];
          return false;
        }
      }
      return true;
    },
  });
  return truncate(model, Math.min(kept, model.rounds));
}

/** LightGBM's defaults with the learning rate of RegMix's regression notebook. */
export const learningRate = 0.01;
const maxRounds = 1000;
const maxLeaves = 31;

/** Passed to `onRound` after each round. */
interface RoundReport {
  /** Rounds done so far. */
  readonly round: number;
  /** Predictions of the watched rows after this round; overwritten by the next. */
  readonly watched: Float64Array;
}

export interface BoostOptions {
  readonly rounds: number;
  readonly minRowsPerLeaf: number;
  /** Rows to predict after every round. */
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

/** Collects grown trees into one model. */
interface ModelBuilder {
  /** @param offset added to every leaf of the tree: the mean that boosting starts from, in tree 0 */
  add(tree: GrownTree, offset: number): void;
  build(): TreeModel;
}

function createModelBuilder(binned: BinnedFeatures): ModelBuilder {
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

/** The model with only its first `rounds` trees. */
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
