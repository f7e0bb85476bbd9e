import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { isWithin, projectToBounds, totalVariation } from '../mixture/simplex';
import { feasibleBounds } from '../mixture/simplex.fixture';
import { StageError } from '../model/errors';
import { runJob } from '../model/job';
import { type Matrix, rowOf } from '../model/matrix';
import { fitGaussianProcess } from '../regression/gp/fit';
import { createPosterior, type Posterior } from '../regression/gp/posterior';
import { expectedImprovement, proposeMixtures } from './propose';
import type { Proposal, ProposalRequest } from './types';

const features = runJob(sampleDirichlet(Float64Array.of(0.8, 0.6, 0.4, 0.2), 24, 5));
const values = Float64Array.from({ length: features.rows }, (_, row) => {
  const [a, b, c, d] = rowOf(features, row);
  return 4 - Math.sqrt(a + 0.01) - 0.8 * Math.sqrt(b + 0.01) - 0.4 * c + 0.6 * d;
});
const runs = { features, values };
const posterior = runJob(createPosterior(runJob(fitGaussianProcess(runs, { seed: 1 }))));

const request: ProposalRequest = {
  posterior,
  direction: 'lower',
  runs,
  bounds: { lower: new Float64Array(4), upper: Float64Array.of(1, 0.5, 0.6, 0.9) },
  prior: Float64Array.of(0.4, 0.3, 0.2, 0.1),
  optimum: Float64Array.of(0.6, 0.35, 0.05, 0),
  count: 12,
  seed: 3,
};
const propose = (change: Partial<ProposalRequest> = {}) =>
  runJob(proposeMixtures({ ...request, ...change }));
const distanceTo = (mixtures: Matrix, weights: Float64Array) =>
  Math.min(
    ...Array.from({ length: mixtures.rows }, (_, row) =>
      totalVariation(rowOf(mixtures, row), weights),
    ),
  );
/** The same function with its sign turned: as a score. */
const negated: Posterior = {
  predict(mixture) {
    const { mean, sd } = posterior.predict(mixture);
    return { mean: -mean, sd };
  },
  *candidates(mixtures) {
    const set = yield* posterior.candidates(mixtures);
    return { ...set, means: set.means.map((mean) => -mean) };
  },
};

describe('proposals', () => {
  const proposals = propose();

  test('are as many as requested, a quarter of them in space', () => {
    expect(proposals.map(({ reason }) => reason[0]).join('')).toBe('iiisiiisiiis');
  });

  test('lie within the bounds, in thousandths that sum to 1', () => {
    for (const { weights } of proposals) {
      expect(isWithin(weights, request.bounds.lower, request.bounds.upper)).toBe(true);
      for (const weight of weights) expect(weight).toBe(Math.round(weight * 1000) / 1000);
    }
  });

  test('repeat neither runs nor one another, and say how far the nearest run is', () => {
    proposals.forEach(({ weights, distance }, place) => {
      expect(distance).toBeCloseTo(distanceTo(features, weights), 12);
      expect(distance).toBeGreaterThanOrEqual(0.005);
      for (const other of proposals.slice(place + 1)) {
        expect(totalVariation(weights, other.weights)).toBeGreaterThanOrEqual(0.005);
      }
    });
  });

  test('have the predictions from the runs alone', () => {
    for (const { weights, mean, sd } of proposals) {
      const alone = posterior.predict(weights);
      expect(mean).toBeCloseTo(alone.mean, 9);
      expect(sd).toBeCloseTo(alone.sd, 9);
    }
  });

  test('are the same for one seed, and others for another', () => {
    expect(propose()).toEqual(proposals);
    expect(propose({ seed: 4 })).not.toEqual(proposals);
  });

  test('of a score are those of the loss turned round', () => {
    const scores = { features, values: values.map((value) => -value) };
    const turned = propose({ posterior: negated, direction: 'higher', runs: scores });
    expect(turned.map(({ weights }) => weights)).toEqual(proposals.map(({ weights }) => weights));
    expect(turned[0].mean).toBe(-proposals[0].mean);
    expect(turned[0].expectedImprovement).toBeCloseTo(proposals[0].expectedImprovement, 12);
  });
});

describe('improvement', () => {
  const proposals = propose({ spaceShare: 0 });
  const best = Math.min(
    ...Array.from({ length: features.rows }, (_, row) => rowOf(features, row))
      .filter((mixture) => isWithin(mixture, request.bounds.lower, request.bounds.upper))
      .map((mixture) => posterior.predict(mixture).mean),
  );

  test('comes first where most is expected', () => {
    const [first, ...others] = proposals;
    expect(first.expectedImprovement).toBeCloseTo(
      expectedImprovement(first.mean, first.sd, best),
      9,
    );
    for (const { mean, sd } of others) {
      expect(expectedImprovement(mean, sd, best)).toBeLessThanOrEqual(
        first.expectedImprovement + 1e-9,
      );
    }
  });

  test('shrinks as picks are believed', () => {
    const gains = proposals.map(({ expectedImprovement }) => expectedImprovement);
    expect(gains).toEqual([...gains].sort((a, b) => b - a));
    // What is expected of a later pick by the runs alone is more: those before it took their part.
    const last = proposals[proposals.length - 1];
    expect(last.expectedImprovement).toBeLessThan(
      expectedImprovement(last.mean, last.sd, best) * 0.9,
    );
  });

  test('is measured against the prior where no run lies within the bounds', () => {
    const lower = Float64Array.of(0.24, 0.24, 0.24, 0.24);
    const bounds = { lower, upper: new Float64Array(4).fill(1) };
    const centre = projectToBounds(request.prior, bounds.lower, bounds.upper);
    const [first] = propose({ bounds, optimum: centre, spaceShare: 0 });
    expect(first.expectedImprovement).toBeCloseTo(
      expectedImprovement(first.mean, first.sd, posterior.predict(centre).mean),
      9,
    );
  });
});

describe('space', () => {
  test('is filled from the widest gap to narrower ones', () => {
    const proposals = propose({ spaceShare: 1 });
    const room = proposals.map(({ weights, distance }, place) =>
      proposals
        .slice(0, place)
        .reduce(
          (least, other) => Math.min(least, totalVariation(other.weights, weights)),
          distance,
        ),
    );
    expect(room).toEqual([...room].sort((a, b) => b - a));
    expect(proposals.every(({ reason }) => reason === 'space')).toBe(true);
    const improving = propose({ spaceShare: 0 });
    const farthest = (list: readonly Proposal[]) =>
      Math.max(...list.map(({ distance }) => distance));
    expect(farthest(proposals)).toBeGreaterThanOrEqual(farthest(improving));
  });
});

describe('limits', () => {
  test('of any shape are kept', () => {
    fc.assert(
      fc.property(
        feasibleBounds.filter(({ lower }) => lower.length === 4),
        fc.integer({ min: 1, max: 5 }),
        ({ lower, upper, inside }, count) => {
          let proposals: readonly Proposal[] = [];
          try {
            proposals = propose({ bounds: { lower, upper }, optimum: inside, count });
          } catch (error) {
            expect(error).toBeInstanceOf(StageError);
          }
          expect(proposals.length).toBeLessThanOrEqual(count);
          for (const { weights } of proposals) {
            expect(isWithin(weights, lower, upper)).toBe(true);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  test('with little room give fewer proposals', () => {
    const lower = Float64Array.of(0.32, 0.328, 0.17, 0.17);
    const upper = Float64Array.of(0.33, 0.332, 0.18, 0.18);
    const optimum = Float64Array.of(0.325, 0.33, 0.175, 0.17);
    const proposals = propose({ bounds: { lower, upper }, optimum, count: 50 });
    expect(proposals.length).toBeGreaterThan(1);
    expect(proposals.length).toBeLessThan(50);
  });

  test.each([
    ['everything is locked to a run', { bounds: locked(rowOf(features, 2)) }],
    ['no mixture meets them', { bounds: locked(Float64Array.of(0.2, 0.2, 0.2, 0.2)) }],
    ['nothing is asked for', { count: 0 }],
    ['half a proxy is asked for', { count: 1.5 }],
    ['too much is asked for', { count: 501 }],
    ['a share is none', { spaceShare: 1.1 }],
    ['a share is no number', { spaceShare: Number.NaN }],
  ])('are refused when %s', (_, change) => {
    expect(() => propose(change)).toThrow(StageError);
  });
});

function locked(weights: Float64Array) {
  return { lower: weights, upper: weights };
}
