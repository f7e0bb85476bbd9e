import { beforeAll, describe, expect, it } from 'vitest';
import { runJob } from '../../model/job';
import { spearman } from '../../model/statistics';
import { predictModel } from '../predict';
import { type PublishedRuns, publishedFolder, readPublishedRuns } from '../published.fixture';
import { findRegressor } from '../regressors';
import { measuredRows, sampleOf, targetSample } from '../sample';

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

  it('reaches rho 0.993 for Pile-CC and 0.991 on average from 512 proxies', () => {
    const rhos = rhosOf(null);
    expect(rhos[pileCc]).toBeGreaterThanOrEqual(0.993);
    expect(meanOf(rhos)).toBeGreaterThanOrEqual(0.991);
  });
});

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
