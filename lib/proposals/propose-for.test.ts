import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { isWithin } from '../mixture/simplex';
import { runJob } from '../model/job';
import { fromRows, rowOf } from '../model/matrix';
import type { RunTable, Target } from '../model/study';
import { fitGaussianProcess } from '../regression/gp/fit';
import { createPosterior } from '../regression/gp/posterior';
import { findRegressor } from '../regression/regressors';
import { combinePosteriors, proposeForStudy } from './propose-study';

const mixtures = runJob(sampleDirichlet(Float64Array.of(0.6, 0.5, 0.4), 40, 3));
const losses = fromRows(
  Array.from({ length: 40 }, (_, row) => {
    const [a, b, c] = rowOf(mixtures, row);
    return [3 - Math.sqrt(a + 0.01), 2 + Math.sqrt(b + 0.01) - 0.2 * c];
  }),
);
const training: RunTable = {
  name: 'training',
  ids: Array.from({ length: 40 }, (_, row) => String(row)),
  mixtures,
  losses,
};
const targets: Target[] = [
  { id: 'loss', name: 'Loss', unit: '', direction: 'lower' },
  { id: 'score', name: 'Score', unit: '', direction: 'higher' },
];
const columns = [0, 1].map((at) => ({
  features: mixtures,
  values: Float64Array.from({ length: 40 }, (_, row) => losses.values[row * 2 + at]),
}));
const processes = columns.map((sample) => runJob(fitGaussianProcess(sample, { seed: 1 })));

describe('a weighted sum of targets', () => {
  it('adds means with their factors, and variances with their squares, also after belief', () => {
    const [first, second] = processes.map((model) => runJob(createPosterior(model)));
    const both = combinePosteriors([
      { posterior: first, factor: 0.5 },
      { posterior: second, factor: -2 },
    ]);
    const mixture = Float64Array.of(0.2, 0.3, 0.5);
    const [a, b] = [first.predict(mixture), second.predict(mixture)];
    const sum = both.predict(mixture);
    expect(sum.mean).toBeCloseTo(0.5 * a.mean - 2 * b.mean, 12);
    expect(sum.sd).toBeCloseTo(Math.hypot(0.5 * a.sd, 2 * b.sd), 12);
    const few = fromRows([
      [0.2, 0.3, 0.5],
      [0.9, 0.1, 0],
    ]);
    const [combined, one, other] = [both, first, second].map((posterior) =>
      runJob(posterior.candidates(few)),
    );
    expect(combined.sds[0]).toBeCloseTo(sum.sd, 10);
    for (const set of [combined, one, other]) set.observe(0);
    expect(combined.sds[1]).toBeCloseTo(Math.hypot(0.5 * one.sds[1], 2 * other.sds[1]), 10);
    expect(combined.means[1]).toBeCloseTo(0.5 * one.means[1] - 2 * other.means[1], 10);
  });
});

describe('proposals for a study', () => {
  const law = runJob(findRegressor('law').fit(columns[0], { seed: 1 }));
  const request = {
    targets,
    training,
    bounds: { lower: new Float64Array(3), upper: Float64Array.of(0.6, 1, 1) },
    prior: Float64Array.of(0.4, 0.3, 0.3),
    optimum: Float64Array.of(0.6, 0.2, 0.2),
    count: 8,
    seed: 1,
  };
  const lossTerm = { target: 'loss', direction: 'lower', weight: 1, scale: 1 } as const;

  it('are the same whether the process came with the fit or is fitted here', () => {
    const [byLaw, byProcess] = [law, processes[0]].map((model) =>
      runJob(proposeForStudy({ ...request, terms: [{ ...lossTerm, model }] })),
    );
    expect(byLaw).toEqual(byProcess);
    expect(byLaw).toHaveLength(8);
    for (const { weights } of byLaw) {
      expect(isWithin(weights, request.bounds.lower, request.bounds.upper)).toBe(true);
    }
  });

  it('of two targets lean to the one that weighs more', () => {
    const share = (weight: number) => {
      const terms = [
        { ...lossTerm, model: processes[0], weight },
        {
          target: 'score',
          model: processes[1],
          direction: 'higher' as const,
          weight: 1 - weight,
          scale: 1,
        },
      ];
      const found = runJob(proposeForStudy({ ...request, terms })).filter(
        ({ reason }) => reason === 'improvement',
      );
      return found.reduce((sum, { weights }) => sum + weights[0] / found.length, 0);
    };
    expect(share(0.95)).toBeGreaterThan(share(0.05) + 0.1);
  });
});
