import { beforeAll, describe, expect, it } from 'vitest';
import { runJob } from '../../model/job';
import { spearman } from '../../model/statistics';
import { bandsOf, coverageOf } from '../bands';
import { predictModel } from '../predict';
import { type PublishedRuns, publishedFolder, readPublishedRuns } from '../published.fixture';
import { findRegressor } from '../regressors';
import { measuredRows, sampleOf, splitFolds, targetSample } from '../sample';

/** Hyperparameters of the law were chosen by cross-validation on the 512 training rows alone. */
describe.skipIf(publishedFolder === null)('the effective-data law on the published runs', () => {
  const law = findRegressor('law');
  let runs: PublishedRuns;
  let pileCc: number;
  beforeAll(() => {
    runs = readPublishedRuns(publishedFolder ?? '');
    pileCc = runs.targets.findIndex(({ id }) => id === 'pile_cc');
  });

  function trainingOf(target: number) {
    const rows = targetSample(runs.training, target, false);
    return sampleOf(rows, measuredRows(rows));
  }

  /** Spearman's rho on the 256 unseen runs, per target, of fits to the given training rows. */
  function rhosOf(rows: Int32Array | null): number[] {
    return runs.targets.map((_, target) => {
      const whole = trainingOf(target);
      const model = runJob(law.fit(rows ? sampleOf(whole, rows) : whole, { seed: 1 }));
      const unseen = targetSample(runs.test, target, false);
      return spearman(runJob(predictModel(model, unseen.features)), unseen.values);
    });
  }

  it('reaches rho 0.985 for Pile-CC and 0.980 on average from 64 proxies, over 5 subsets', () => {
    // Eight folds of 512 rows are disjoint subsets of 64.
    const subsets = splitFolds(512, 8, 1).slice(0, 5).map(rhosOf);
    expect(meanOf(subsets.map((rhos) => rhos[pileCc]))).toBeGreaterThanOrEqual(0.985);
    expect(meanOf(subsets.map(meanOf))).toBeGreaterThanOrEqual(0.98);
  });

  it('holds 87 to 95% of the unseen runs in its leave-one-out band of 90%', () => {
    const shares = runs.targets.map((_, target) => {
      const sample = trainingOf(target);
      const model = runJob(law.fit(sample, { seed: 1 }));
      const left = law.leaveOneOut && runJob(law.leaveOneOut(sample, model, { seed: 1 }));
      const bands = bandsOf(
        {
          predicted: left ?? new Float64Array(),
          measured: sample.values,
          mixtures: Int32Array.from(sample.values.keys()),
        },
        'leave-one-out',
      );
      const unseen = targetSample(runs.test, target, false);
      const predicted = runJob(predictModel(model, unseen.features));
      return coverageOf(bands, { predicted, measured: unseen.values })[90] ?? 0;
    });
    expect(meanOf(shares)).toBeGreaterThan(0.87);
    expect(meanOf(shares)).toBeLessThan(0.95);
  });
});

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
