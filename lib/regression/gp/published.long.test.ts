import { beforeAll, describe, expect, it } from 'vitest';
import { runJob } from '../../model/job';
import type { Assessment, RegressorId } from '../../model/regressor';
import { assessStudy } from '../assess';
import { type PublishedRuns, publishedFolder, readPublishedRuns } from '../published.fixture';

/** Features, priors and subset were chosen by cross-validation on the 512 training rows alone. */
describe.skipIf(publishedFolder === null)('on the published runs', () => {
  let runs: PublishedRuns;
  let byRegressor: Map<RegressorId, Assessment[]>;
  beforeAll(() => {
    runs = readPublishedRuns(publishedFolder ?? '');
    const study = { targets: runs.targets, training: runs.training, testSets: [runs.test] };
    const known = new Map<string, Assessment>();
    byRegressor = new Map(
      (['gp', 'mean'] as const).map((id) => [
        id,
        runs.targets.map((target) => runJob(assessStudy(study, target.id, id, { seed: 1 }, known))),
      ]),
    );
  }, 240_000);

  const assessed = (id: RegressorId) => byRegressor.get(id) ?? [];
  const rhos = (id: RegressorId) => assessed(id).map(({ tests }) => tests[0].statistics.spearman);
  const pileCc = () => runs.targets.findIndex(({ id }) => id === 'pile_cc');

  it('a Gaussian process reaches rho 0.994 for Pile-CC and 0.992 on average', () => {
    expect(rhos('gp')[pileCc()]).toBeGreaterThanOrEqual(0.994);
    expect(meanOf(rhos('gp'))).toBeGreaterThanOrEqual(0.992);
  });

  it('its mean with the law reaches 0.9950 and 0.9925', () => {
    expect(rhos('mean')[pileCc()]).toBeGreaterThanOrEqual(0.995);
    expect(meanOf(rhos('mean'))).toBeGreaterThanOrEqual(0.9925);
  });

  it.each(['gp', 'mean'] as const)('90%% bands of %s hold 87 to 95%% of unseen runs', (id) => {
    const shares = assessed(id).map(({ tests, bands }) => {
      expect(bands.rows).toBe('leave-one-out');
      return tests[0].coverage[90] ?? 0;
    });
    expect(meanOf(shares)).toBeGreaterThan(0.87);
    expect(meanOf(shares)).toBeLessThan(0.95);
  });
});

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
