import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import { columnOf } from '../model/matrix';
import type { RegressorId } from '../model/regressor';
import { boundsOf } from '../optimum/constraints';
import { defaultEngine } from '../optimum/engines';
import { createSolver, prepareParts } from '../optimum/solver';
import { findRegressor } from '../regression/regressors';
import type { Session } from '../session/study-store';
import { openSimulatedStudy, simulatedFiles } from '../study/built-in';
import { smallSession } from '../study/session.fixture';
import { problemOf } from './plan';
import { findTruth } from './truth';

const opened = openSimulatedStudy(
  simulatedFiles.map((name) => ({
    name,
    text: readFileSync(join('public', 'studies', 'simulated', name), 'utf8'),
  })),
);

/** The mixture that a regressor finds from all training runs, for a target, within the limits of the study. */
function foundBy(regressor: RegressorId, session: Session): Float64Array {
  const { study, settings } = session;
  const column = study.targets.findIndex(({ id }) => id === settings.target);
  const values = columnOf(study.training.losses, column);
  const sample = { features: study.training.mixtures, values };
  const model = runJob(findRegressor(regressor).fit(sample, { seed: 1 }));
  const problem = problemOf(session, 'found', [model]);
  const solver = runJob(createSolver(problem, runJob(prepareParts(problem))));
  const engine = defaultEngine(problem.objective);
  const bounds = boundsOf(settings.constraints, study);
  return runJob(solver.solve(engine, bounds, settings.topK)).optimum.weights;
}

function withMax(session: Session, domain: number, max: number): Session {
  const { constraints } = session.settings;
  const changed = constraints.max.map((before, place) => (place === domain ? max : before));
  return {
    ...session,
    settings: { ...session.settings, constraints: { ...constraints, max: changed } },
  };
}

describe('the truth of a session', () => {
  it('keeps the limits as they stand, and is worse under a tighter cap', () => {
    const free = findTruth(opened);
    const largest = free ? free.weights.indexOf(Math.max(...free.weights)) : -1;
    const cap = (free?.weights[largest] ?? 0) / 2;
    const tighter = findTruth(withMax(opened, largest, cap));
    if (!free || !tighter) throw new Error('the truth is known');
    const { upper } = boundsOf(opened.settings.constraints, opened.study);
    expect(free.weights.every((weight, domain) => weight <= upper[domain] + 1e-9)).toBe(true);
    expect(tighter.weights[largest]).toBeCloseTo(cap, 9);
    expect(free.regret(tighter.weights)).toBeGreaterThan(1e-3);
    // Lower is better for every loss of the study.
    expect(tighter.values(tighter.weights)[0]).toBeGreaterThan(free.values(free.weights)[0]);
  });

  it('is unknown without laws, where no mixture meets the limits, or for the worst mixture', () => {
    expect(findTruth(smallSession())).toBeNull();
    const none = opened.study.domains.reduce<Session>(
      (session, _, domain) => withMax(session, domain, 0.1),
      opened,
    );
    expect(findTruth(none)).toBeNull();
    const { settings, study } = opened;
    const objective = { ...settings.objective, seek: 'worst' as const };
    expect(findTruth({ study, settings: { ...settings, objective } })).toBeNull();
    const [first, ...others] = study.truth ?? [];
    expect(first).not.toBeNull();
    const truth = study.targets[0].id === settings.target ? [null, ...others] : [first];
    expect(findTruth({ study: { ...study, truth }, settings })).toBeNull();
  });

  // The table of docs/findings.md.
  it.each<[RegressorId, readonly number[]]>([
    ['law', [0, 0, 0, 0.0001]],
    ['law+gp', [0, 0, 0, 0.0001]],
    ['mean', [0.0012, 0.0023, 0.0009, 0.0015]],
    ['gp', [0.0032, 0.006, 0.0069, 0.0067]],
    ['gbdt', [0.0234, 0.0089, 0.0091, 0.011]],
    ['ridge', [0.0055, 0.0252, 0.0313, 0.0128]],
  ])('tells what the mixture found by %s loses', (regressor, lost) => {
    for (const [place, expected] of lost.entries()) {
      const settings = { ...opened.settings, target: opened.study.targets[place].id };
      const session = { study: opened.study, settings };
      const regret = findTruth(session)?.regret(foundBy(regressor, session));
      expect(regret).toBeCloseTo(expected, 3);
    }
  });
});
