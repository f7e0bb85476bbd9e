import { beforeAll, describe, expect, test } from 'vitest';
import { runJob } from '../model/job';
import { columnOf, type Matrix } from '../model/matrix';
import { spearman } from '../model/statistics';
import { problemOf, unbounded } from '../optimum/problem.fixture';
import { createSolver, prepareParts } from '../optimum/solver';
import { assessStudy } from './assess';
import { farRuns } from './outliers';
import { type PublishedRuns, publishedFolder, readPublishedRuns } from './published.fixture';
import { findRegimes } from './regimes';
import { targetSample } from './sample';

const diverged = 137;

describe.skipIf(publishedFolder === null)('a diverged run among the published ones', () => {
  let runs: PublishedRuns;
  let column: number;
  let clean: ReturnType<typeof fitWith>;
  beforeAll(() => {
    runs = readPublishedRuns(publishedFolder ?? '');
    column = runs.targets.findIndex(({ id }) => id === 'pile_cc');
    clean = fitWith((loss) => loss);
  });

  /** The fit to all runs, with the loss of one of them changed, and its optimum. */
  function fitWith(change: (loss: number) => number) {
    const { training, test: unseen, targets } = runs;
    const values = Float64Array.from(training.losses.values);
    const place = diverged * targets.length + column;
    values[place] = change(values[place]);
    const losses: Matrix = { ...training.losses, values };
    const study = { targets, training: { ...training, losses }, testSets: [unseen] };
    const fit = runJob(assessStudy(study, 'pile_cc', 'law+gp', { seed: 1 }));
    const domains = training.mixtures.columns;
    const prior = new Float64Array(domains).fill(1 / domains);
    const problem = problemOf(fit.model, training.mixtures, prior);
    const solver = runJob(createSolver(problem, runJob(prepareParts(problem))));
    const { weights } = runJob(solver.solve('gradient', unbounded(domains), 1)).optimum;
    const named = farRuns(training, targets[column], columnOf(losses, column), fit);
    return { fit, weights, named };
  }

  test.each([
    ['20 nats more', (loss: number) => loss + 20],
    ['10.82', () => 10.82],
    ['1 nat more', (loss: number) => loss + 1],
  ])('of %s is named, and moves no weight of the optimum by 5 points', (_, change) => {
    const { fit, weights, named } = fitWith(change);
    expect(named.map(({ id }) => id)).toContain(runs.training.ids[diverged]);
    expect(fit.tests[0].statistics.spearman).toBeGreaterThanOrEqual(0.98);
    const moved = weights.map((weight, domain) => Math.abs(weight - clean.weights[domain]));
    expect(Math.max(...moved)).toBeLessThan(0.05);
    expect(spearman(fit.tests[0].predicted, clean.fit.tests[0].predicted)).toBeGreaterThan(0.99);
  });

  test('no target of theirs has two regimes', () => {
    for (const target of runs.targets.keys()) {
      expect(runJob(findRegimes(targetSample(runs.training, target, false), 1))).toBeNull();
    }
  });
});
