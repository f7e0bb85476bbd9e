/** How a regressor does on one target's runs, judged only on runs that its fits have not seen. */
import { StageError } from '../model/errors';
import { plural } from '../model/format';
import { type Job, withProgress } from '../model/job';
import { type BandLevel, bandLevels, type FitOptions, type RegressorId } from '../model/regressor';
import { spearman, standardDeviation } from '../model/statistics';
import { assess } from './assess';
import { predictModel } from './predict';
import { findRegressor } from './regressors';
import { complementOf, fittedRows, sampleOf, splitMixtures, type TargetRows } from './sample';

/** What fits to other runs say of every run. All of one target and one regressor. */
export interface Evidence {
  readonly regressor: RegressorId;
  /** Target id. */
  readonly target: string;
  /** Runs that were judged. */
  readonly n: number;
  /** Spearman's rho, -1..1. */
  readonly spearman: number;
  /** Root mean squared error as a share of the spread of the runs: 1 is no better than their mean. */
  readonly error: number;
  /**
   * Spearman's rho on the best fifth of the runs, fitted without any of them: what an optimum needs, since it
   * lies beyond the runs. null with too few runs.
   */
  readonly tail: number | null;
  /** Share of the runs within the bands that the fits give, by level; null where n cannot give a band. */
  readonly coverage: Readonly<Record<BandLevel, number | null>>;
}

/** Every run is judged by the fit to the other four fifths; runs of one mixture stay together. */
const folds = 5;
/** Fewest runs in the best fifth. */
const minTail = 8;

/**
 * Judges one regressor on one target. Takes six fits with all that they need for their bands.
 *
 * @param rows training runs of the target
 * @throws StageError when there are too few runs for the fits, or nothing to learn
 */
export function* evidenceOf(
  target: string,
  regressor: RegressorId,
  rows: TargetRows,
  options: FitOptions,
): Job<Evidence> {
  const { stopsOnTestSet, name, minimumRows } = findRegressor(regressor);
  if (stopsOnTestSet) {
    const message = `${name} chooses its rounds by the test runs, so they cannot judge it.`;
    throw new StageError('regression', message, 'Choose another regressor.');
  }
  const sample = sampleOf(rows, fittedRows(rows, options.direction));
  const { features, values } = sample;
  const n = values.length;
  const predicted = new Float64Array(n);
  const held = { 80: 0, 90: 0, 95: 0 };
  const banded = { 80: 0, 90: 0, 95: 0 };
  const needed = minimumRows(features.columns);
  const parts = n < 2 ? [] : yield* splitMixtures(features, folds, options.seed);
  const least = n - Math.max(0, ...parts.map(({ length }) => length));
  if (least < needed) {
    throw new StageError(
      'regression',
      `${plural(n, 'run')} with this target: cross-validation fits ${least} of them, and ${needed} are needed.`,
      'Add runs, or choose another target or regressor.',
    );
  }
  const step = (done: number) => () => ({ done, total: parts.length + 1, unit: 'fits' });
  for (const [fold, unseen] of parts.entries()) {
    const training = sampleOf(sample, complementOf(unseen, n));
    const test = { name: 'unseen', ...sampleOf(sample, unseen) };
    const { tests } = yield* withProgress(
      assess({ regressor, target, training, tests: [test], options }),
      step(fold),
    );
    unseen.forEach((row, place) => {
      predicted[row] = tests[0].predicted[place];
    });
    for (const level of bandLevels) {
      const share = tests[0].coverage[level];
      if (share === null) continue;
      held[level] += share * unseen.length;
      banded[level] += unseen.length;
    }
  }
  const squares = values.reduce((sum, value, row) => sum + (value - predicted[row]) ** 2 / n, 0);
  const shareOf = (level: BandLevel) => (banded[level] > 0 ? held[level] / banded[level] : null);
  return {
    regressor,
    target,
    n,
    spearman: spearman(predicted, values),
    error: Math.sqrt(squares) / (standardDeviation(values) || 1),
    tail: yield* withProgress(tailOf(regressor, sample, options), step(parts.length)),
    coverage: { 80: shareOf(80), 90: shareOf(90), 95: shareOf(95) },
  };
}

function* tailOf(
  regressor: RegressorId,
  sample: TargetRows,
  options: FitOptions,
): Job<number | null> {
  const { values } = sample;
  const count = Math.floor(values.length / 5);
  if (count < minTail) return null;
  const way = options.direction === 'higher' ? -1 : 1;
  const order = Int32Array.from(values.keys()).sort((a, b) => way * (values[a] - values[b]));
  const seen = sampleOf(sample, order.slice(count).sort());
  const best = sampleOf(sample, order.slice(0, count).sort());
  const model = yield* findRegressor(regressor).fit(seen, options);
  return spearman(yield* predictModel(model, best.features), best.values);
}
