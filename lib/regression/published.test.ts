import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import type { RegressorId } from '../model/regressor';
import { assess } from './assess';
import { boost } from './gbdt/boosting';
import { predictModel } from './predict';
import { type PublishedRuns, publishedFolder, readPublishedRuns } from './published.fixture';
import { measuredRows, sampleOf, targetSample } from './sample';

describe.skipIf(publishedFolder === null)('on the published runs', () => {
  let runs: PublishedRuns;
  let pileCc: number;
  beforeAll(() => {
    runs = readPublishedRuns(publishedFolder ?? '');
    pileCc = runs.targets.findIndex(({ id }) => id === 'pile_cc');
  });

  function assessTarget(regressor: RegressorId, target: number) {
    const recorded = regressor === 'gbdt-paper';
    return runJob(
      assess({
        regressor,
        target: runs.targets[target].id,
        training: targetSample(runs.training, target, recorded),
        tests: [{ name: 'test', ...targetSample(runs.test, target, recorded) }],
        options: { seed: 1 },
      }),
    );
  }

  const hasOracle = existsSync(join(publishedFolder ?? '', '..', 'oracle'));
  it.skipIf(!hasOracle).each([1, 1000] as const)(
    'trees predict what native LightGBM predicts after %d rounds, to 1e-9',
    (rounds) => {
      const rows = targetSample(runs.training, pileCc, true);
      const model = runJob(
        boost(sampleOf(rows, measuredRows(rows)), { rounds, minRowsPerLeaf: 20 }),
      );
      const predicted = runJob(predictModel(model, runs.test.recorded ?? runs.test.mixtures));
      const native = runs.oracle(rounds);
      expect(predicted).toHaveLength(native.length);
      predicted.forEach((value, row) => {
        expect(Math.abs(value - native[row])).toBeLessThanOrEqual(1e-9);
      });
    },
  );

  it('ordinary least squares gives 0.902 for Pile-CC and 0.83 on average', () => {
    const rhos = runs.targets.map(
      (_, target) => assessTarget('ols', target).tests[0].statistics.spearman,
    );
    expect(rhos[pileCc]).toBeCloseTo(0.902, 2);
    expect(rhos.reduce((sum, rho) => sum + rho / rhos.length, 0)).toBeCloseTo(0.83, 2);
  });

  it('its 90% band holds about 90% of the unseen runs', () => {
    const covered = runs.targets.map(
      (_, target) => assessTarget('ridge', target).tests[0].coverage[90] ?? 0,
    );
    const mean = covered.reduce((sum, share) => sum + share / covered.length, 0);
    expect(mean).toBeGreaterThan(0.85);
    expect(mean).toBeLessThan(0.95);
  });
});
