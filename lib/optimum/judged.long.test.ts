import { beforeAll, describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import type { Bounds, EngineId } from '../model/limits';
import { fromRows } from '../model/matrix';
import type { Model, RegressorId } from '../model/regressor';
import type { RunTable } from '../model/study';
import { predictModel } from '../regression/predict';
import {
  type PublishedRuns,
  publishedFolder,
  readPublishedRuns,
} from '../regression/published.fixture';
import { findRegressor } from '../regression/regressors';
import { measuredRows, sampleOf, targetSample } from '../regression/sample';
import { publishedMixtures } from '../study/published';
import { bounds, problemOf } from './problem.fixture';
import { createSolver, prepareParts } from './solver';

/** In nats. The judges themselves miss unseen runs by some thousandths: less than this cannot be told. */
const tolerance = 1e-4;
const judges: readonly RegressorId[] = ['law', 'gp', 'gbdt'];

/**
 * Two ways to a mixture from the same 512 training runs, judged by regressors that have seen only the
 * 256 others: our default (the corrected law, by gradient) against RegMix's (trees, the
 * mean of the 128 best of 100,000 draws within the caps).
 */
describe.skipIf(publishedFolder === null)('the direct optimum on the published runs', () => {
  let runs: PublishedRuns;
  let prior: Float64Array;
  /** Per target. */
  let fits: { ours: Model; trees: Model; unseen: Model[] }[];
  beforeAll(() => {
    runs = readPublishedRuns(publishedFolder ?? '');
    prior = publishedMixtures(runs.domains)?.prior ?? new Float64Array();
    fits = runs.targets.map((_, target) => ({
      ours: fitTo(runs.training, target, 'law+gp'),
      trees: fitTo(runs.training, target, 'gbdt'),
      unseen: judges.map((judge) => fitTo(runs.test, target, judge)),
    }));
  });

  function fitTo(table: RunTable, target: number, regressor: RegressorId): Model {
    const rows = targetSample(table, target, false);
    return runJob(findRegressor(regressor).fit(sampleOf(rows, measuredRows(rows)), { seed: 1 }));
  }

  function optimum(model: Model, engine: EngineId, box: Bounds): Float64Array {
    const problem = { ...problemOf(model, runs.training.mixtures, prior), samples: 100_000 };
    const solver = runJob(createSolver(problem, runJob(prepareParts(problem))));
    return runJob(solver.solve(engine, box, 128)).optimum.weights;
  }

  it.each([4, 2])(
    'is judged as good as the simulation or better for all 13 targets, under caps of %i times the prior',
    (times) => {
      const upper = prior.map((share) => Math.min(1, times * share));
      const box = bounds(new Float64Array(prior.length), upper);
      fits.forEach(({ ours, trees, unseen }, target) => {
        const mixtures = fromRows([
          optimum(ours, 'gradient', box),
          optimum(trees, 'simulation', box),
        ]);
        const [byLaw, byProcess, byTrees] = unseen.map((judge) => {
          const [direct, simulated] = runJob(predictModel(judge, mixtures));
          return simulated - direct;
        });
        const { id } = runs.targets[target];
        expect((byLaw + byProcess) / 2, id).toBeGreaterThanOrEqual(-tolerance);
        expect((byLaw + byProcess + byTrees) / 3, id).toBeGreaterThanOrEqual(-tolerance);
      });
      expect(fits).toHaveLength(13);
    },
  );
});
