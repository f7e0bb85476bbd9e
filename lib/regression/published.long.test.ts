import { beforeAll, describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import type { RegressorId } from '../model/regressor';
import { assess } from './assess';
import { type PublishedRuns, publishedFolder, readPublishedRuns } from './published.fixture';
import { learningCurve } from './refits';
import { findRegressor } from './regressors';
import { pickRows, sampleOf, targetSample } from './sample';

/** Spearman's rho x 100 that the published notebook prints, in the order of the loss file. */
const notebook = [
  99.6, 99.71, 99.08, 99.45, 97.2, 99.77, 99.73, 99.18, 98.92, 96.87, 98.51, 99.19, 99.12,
];

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

  it('the learning curve from 64 runs says the same whatever the seed', () => {
    const column = targetSample(runs.training, 8, false);
    const rows = sampleOf(column, pickRows(512, 64, 5));
    const answers = [1, 2, 3, 4, 5].map(
      (seed) => runJob(learningCurve(findRegressor('law'), rows, { seed })).answer,
    );
    for (const answer of answers) expect(answer).toContain('cannot be told');
    const all = runJob(learningCurve(findRegressor('law'), column, { seed: 1 })).answer;
    expect(all).toContain('change little');
  });

  it('paper mode prints the notebook’s thirteen figures', () => {
    const printed = runs.targets.map((_, target) => {
      const { tests } = assessTarget('gbdt-paper', target);
      expect(tests[0].usedForStopping).toBe(true);
      return Math.round(tests[0].statistics.spearman * 1e4) / 100;
    });
    expect(printed).toEqual(notebook);
  });

  it('honest trees reach 0.989 on unseen runs, for Pile-CC and on average', () => {
    const rhos = runs.targets.map((_, target) => {
      const { tests, crossValidation } = assessTarget('gbdt', target);
      expect(tests[0].usedForStopping).toBe(false);
      expect(crossValidation.n).toBe(512);
      return tests[0].statistics.spearman;
    });
    expect(rhos[pileCc]).toBeGreaterThanOrEqual(0.989);
    expect(rhos.reduce((sum, rho) => sum + rho / rhos.length, 0)).toBeGreaterThanOrEqual(0.989);
  });
});
