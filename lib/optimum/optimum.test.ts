import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runJob } from '../job';
import { fromRows, rowOf } from '../matrix';
import { sampleDirichlet } from '../mixture/dirichlet';
import { isWithin } from '../mixture/simplex';
import { feasibleBounds } from '../mixture/simplex.fixture';
import { boost } from '../regression/gbdt/boosting';
import { predictRow } from '../regression/predict';
import type { LinearModel, Model } from '../regression/types';
import { boundsOf, feasibilityOf } from './constraints';
import { solveLinear } from './exact';
import { createSolver, type Problem, prepareParts } from './solver';
import type { Bounds, Constraints, EngineId } from './types';

function linear(coefficients: ArrayLike<number>): LinearModel {
  return {
    kind: 'linear',
    intercept: 3,
    coefficients: Float64Array.from(coefficients),
    penalty: 0,
  };
}

function bounds(lower: Float64Array, upper: Float64Array): Bounds {
  return { lower, upper, source: Array.from(upper, () => 'max' as const) };
}

/** Smallest value of the linear function over all vertices of the bounded simplex, by enumeration. */
function bestVertex(model: LinearModel, { lower, upper }: Bounds, sign: 1 | -1): number {
  const count = lower.length;
  let best = Number.POSITIVE_INFINITY;
  // At a vertex all weights but one sit at a bound.
  for (let free = 0; free < count; free++) {
    for (let sides = 0; sides < 2 ** count; sides++) {
      const weights = Float64Array.from({ length: count }, (_, domain) =>
        (sides >> domain) & 1 ? upper[domain] : lower[domain],
      );
      weights[free] = 0;
      weights[free] = 1 - weights.reduce((sum, weight) => sum + weight, 0);
      if (!isWithin(weights, lower, upper)) continue;
      best = Math.min(best, sign * predictRow(model, weights));
    }
  }
  return best;
}

describe('the exact optimum of a linear model', () => {
  it('equals the best vertex by enumeration', () => {
    const cases = feasibleBounds.filter(({ lower }) => lower.length <= 6);
    fc.assert(
      fc.property(cases, fc.constantFrom(1 as const, -1 as const), (given, sign) => {
        const model = linear(given.point);
        const box = bounds(given.lower, given.upper);
        const weights = solveLinear(model, box, sign);
        expect(isWithin(weights, box.lower, box.upper)).toBe(true);
        expect(sign * predictRow(model, weights)).toBeCloseTo(bestVertex(model, box, sign), 7);
      }),
    );
  });
});

/** Trees fitted to a curved function of four domains, with the runs they were fitted to. */
function treeProblem(direction: 'lower' | 'higher'): Problem {
  const runs = runJob(sampleDirichlet(Float64Array.of(0.6, 0.5, 0.4, 0.3), 120, 11));
  const curve = (row: number) => {
    const [a, b, c, d] = rowOf(runs, row);
    return 4 - Math.sqrt(a + 0.01) - 0.6 * Math.sqrt(b + 0.01) - 0.3 * c + 0.5 * d;
  };
  const sign = direction === 'lower' ? 1 : -1;
  const values = Float64Array.from({ length: runs.rows }, (_, row) => sign * curve(row));
  return {
    model: runJob(boost({ features: runs, values }, { rounds: 150, minRowsPerLeaf: 5 })),
    direction,
    runs,
    prior: Float64Array.of(0.4, 0.3, 0.2, 0.1),
    human: null,
    samples: 2_000,
    seed: 3,
  };
}

function bestFeasibleRun(problem: Problem, box: Bounds): number {
  const sign = problem.direction === 'lower' ? 1 : -1;
  let best = Number.POSITIVE_INFINITY;
  for (let row = 0; row < problem.runs.rows; row++) {
    const mixture = rowOf(problem.runs, row);
    if (!isWithin(mixture, box.lower, box.upper)) continue;
    best = Math.min(best, sign * predictRow(problem.model, mixture));
  }
  return best;
}

const boxes = feasibleBounds.filter(({ lower }) => lower.length === 4);

describe.each([
  ['trees, lower is better', treeProblem('lower')],
  ['trees, higher is better', treeProblem('higher')],
  ['linear', { ...treeProblem('lower'), model: linear([-1, -0.5, 0.2, 0.4]) satisfies Model }],
] as const)('every optimum of %s', (_, problem) => {
  const solver = runJob(createSolver(problem, runJob(prepareParts(problem))));
  const sign = problem.direction === 'lower' ? 1 : -1;
  const engines: EngineId[] =
    problem.model.kind === 'linear' ? ['exact', 'simulation', 'search'] : ['simulation', 'search'];

  it.each(engines)(
    'by %s meets the bounds and is no worse than the best run that does',
    (engine) => {
      fc.assert(
        fc.property(boxes, fc.integer({ min: 1, max: 200 }), ({ lower, upper }, topK) => {
          const box = bounds(lower, upper);
          const { optimum } = runJob(solver.solve(engine, box, topK));
          expect(isWithin(optimum.weights, lower, upper)).toBe(true);
          expect(optimum.predicted).toBe(predictRow(problem.model, optimum.weights));
          expect(sign * optimum.predicted).toBeLessThanOrEqual(
            bestFeasibleRun(problem, box) + 1e-9,
          );
        }),
        { numRuns: 40 },
      );
    },
  );

  it('by search is no worse than by simulation', () => {
    fc.assert(
      fc.property(boxes, ({ lower, upper }) => {
        const box = bounds(lower, upper);
        const simulated = runJob(solver.solve('simulation', box, 32)).optimum.predicted;
        const searched = runJob(solver.solve('search', box, 32)).optimum.predicted;
        expect(sign * searched).toBeLessThanOrEqual(sign * simulated + 1e-9);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the simulation', () => {
  it('without limits is the mean of the best K draws', () => {
    const problem = treeProblem('lower');
    const parts = runJob(prepareParts(problem));
    const solver = runJob(createSolver(problem, parts));
    const free = bounds(new Float64Array(4), new Float64Array(4).fill(1));
    const { weights } = runJob(solver.solve('simulation', free, 50)).optimum;
    const ranked = Array.from({ length: parts.draws.rows }, (_, row) => rowOf(parts.draws, row))
      .map((mixture) => ({ mixture, loss: predictRow(problem.model, mixture) }))
      .sort((a, b) => a.loss - b.loss)
      .slice(0, 50);
    for (let domain = 0; domain < 4; domain++) {
      const mean = ranked.reduce((sum, { mixture }) => sum + mixture[domain] / 50, 0);
      expect(weights[domain]).toBeCloseTo(mean, 10);
    }
  });

  it('says so when hardly a draw meets the limits', () => {
    const problem = treeProblem('lower');
    const solver = runJob(createSolver(problem, runJob(prepareParts(problem))));
    const tight = bounds(new Float64Array(4).fill(0.24), new Float64Array(4).fill(0.26));
    const { optimum } = runJob(solver.solve('simulation', tight, 128));
    expect(optimum.notes.join(' ')).toMatch(/Only \d+ of 2,000 draws/);
    expect(isWithin(optimum.weights, tight.lower, tight.upper)).toBe(true);
  });
});

describe('a report', () => {
  it('names what binds and knows how far the runs are', () => {
    const runs = fromRows([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0.5, 0.5, 0],
    ]);
    const problem: Problem = {
      model: linear([-1, 0, 1]),
      direction: 'lower',
      runs,
      prior: Float64Array.of(0.3, 0.3, 0.4),
      human: Float64Array.of(0, 0, 1),
      samples: 100,
      seed: 1,
    };
    const solver = runJob(createSolver(problem, runJob(prepareParts(problem))));
    const box = bounds(Float64Array.of(0, 0, 0.1), Float64Array.of(0.6, 1, 1));
    const report = runJob(solver.solve('exact', box, 1));
    [0.6, 0.3, 0.1].forEach((weight, domain) => {
      expect(report.optimum.weights[domain]).toBeCloseTo(weight, 12);
    });
    expect(report.optimum.binding).toEqual([0, 2]);
    expect(report.predictedHuman).toBeCloseTo(4, 12);
    expect(report.predictedPrior).toBeCloseTo(3.1, 12);
    expect(report.coverage.nearest).toBe(3);
    expect(report.coverage.distance).toBeCloseTo(0.2, 12);
  });
});

const domains = ['a', 'b', 'c'].map((id) => ({ id, name: id.toUpperCase() }));

function constraints(change: Partial<Constraints>): Constraints {
  return {
    requestedTokens: 100e9,
    availableTokens: [null, null, null],
    epochs: [4, 4, 4],
    max: [null, null, null],
    min: [0, 0, 0],
    locked: [null, null, null],
    ...change,
  };
}

describe('constraints', () => {
  it('cap a domain at epochs × available ÷ requested', () => {
    const box = boundsOf(constraints({ availableTokens: [3e9, 50e9, null] }));
    expect(Array.from(box.upper)).toEqual([0.12, 1, 1]);
    expect(box.source).toEqual(['tokens', 'none', 'none']);
  });

  it('let a lower maximum and a lock overrule the tokens', () => {
    const box = boundsOf(constraints({ max: [0.2, null, null], locked: [null, 0.3, null] }));
    expect(Array.from(box.upper)).toEqual([0.2, 0.3, 1]);
    expect(Array.from(box.lower)).toEqual([0, 0.3, 0]);
    expect(box.source).toEqual(['max', 'lock', 'none']);
  });

  const feasibility = (given: Constraints) => feasibilityOf(boundsOf(given), given, domains);

  it('are feasible exactly when caps reach 1 and floors do not exceed it', () => {
    expect(feasibility(constraints({})).feasible).toBe(true);
    expect(feasibility(constraints({ max: [0.5, 0.3, 0.2] })).feasible).toBe(true);
    expect(feasibility(constraints({ max: [0.5, 0.3, 0.1] })).feasible).toBe(false);
    expect(feasibility(constraints({ min: [0.5, 0.5, 0.1] })).feasible).toBe(false);
  });

  it.each([
    [
      { locked: [0.5, null, null], availableTokens: [1e9, null, null] },
      'A is locked above the 4.0%',
    ],
    [{ min: [0.3, 0, 0], max: [0.2, null, null] }, 'A must be at least 30.0% and at most 20.0%'],
    [{ min: [0.6, 0.6, 0] }, 'add up to 120.0%, 20.0% too much'],
    [{ max: [0.1, 0.1, 0.1] }, 'add up to 30.0%: 70.0% of the 100 B requested tokens'],
  ] as const)('%j say what is wrong', (change, words) => {
    const found = feasibility(constraints(change));
    expect(found.feasible ? '' : found.message).toContain(words);
  });

  it('name remedies that work when applied', () => {
    const amounts = fc.tuple(
      fc.double({ min: 1e7, max: 8e9, noNaN: true }),
      fc.double({ min: 1e7, max: 8e9, noNaN: true }),
      fc.double({ min: 1e7, max: 8e9, noNaN: true }),
    );
    fc.assert(
      fc.property(amounts, (available) => {
        const given = constraints({ availableTokens: available });
        const found = feasibility(given);
        expect(found.feasible).toBe(false);
        if (found.feasible) return;
        expect(found.remedies).toHaveLength(3);
        for (const { change } of found.remedies) {
          if (change.kind === 'requestedTokens') {
            expect(change.value).toBeGreaterThan(0.99 * 4 * available.reduce((a, b) => a + b));
            expect(feasibility({ ...given, requestedTokens: change.value }).feasible).toBe(true);
          } else if (change.kind === 'epochs') {
            const epochs = given.epochs.map((value) => value * change.factor);
            expect(feasibility({ ...given, epochs }).feasible).toBe(true);
          } else if (change.kind === 'availableTokens') {
            const widest = available.indexOf(Math.max(...available));
            const more = available.map((value, index) =>
              index === widest ? value + change.missing : value,
            );
            expect(feasibility({ ...given, availableTokens: more }).feasible).toBe(true);
          }
        }
      }),
    );
  });
});
