import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { isWithin, totalVariation } from '../mixture/simplex';
import { feasibleBounds } from '../mixture/simplex.fixture';
import { StageError } from '../model/errors';
import { runJob } from '../model/job';
import { type Matrix, rowOf } from '../model/matrix';
import { proposeMixtures } from './propose';
import type { ProposalRequest, ProposedMixture } from './types';

const runs = runJob(sampleDirichlet(Float64Array.of(0.8, 0.6, 0.4, 0.2), 24, 5));
const promising = [
  Float64Array.of(0.6, 0.35, 0.05, 0),
  Float64Array.of(0.5, 0.5, 0, 0),
  Float64Array.of(0.4, 0.5, 0, 0.1),
];
const request: ProposalRequest = {
  runs,
  bounds: { lower: new Float64Array(4), upper: Float64Array.of(1, 0.5, 0.6, 0.9) },
  prior: Float64Array.of(0.4, 0.3, 0.2, 0.1),
  promising,
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

describe('a round', () => {
  const round = propose();

  test('is by halves of what is promising and of draws', () => {
    expect(round.map(({ reason }) => reason[0]).join('')).toBe('isisisisisis');
    const improving = round.filter(({ reason }) => reason === 'improvement');
    expect(improving.slice(0, 3).map(({ weights }) => weights)).toEqual(promising);
  });

  test('goes on near what is promising when that is used up', () => {
    const further = round.filter(({ reason }) => reason === 'improvement').slice(3);
    expect(further).toHaveLength(3);
    for (const { weights } of further) {
      const nearest = Math.min(...promising.map((each) => totalVariation(each, weights)));
      expect(nearest).toBeGreaterThanOrEqual(0.005);
      expect(nearest).toBeLessThan(0.25);
    }
  });

  test('is of draws alone where nothing is promising', () => {
    const drawn = propose({ promising: [] });
    expect(drawn).toHaveLength(12);
    expect(new Set(drawn.map(({ reason }) => reason))).toEqual(new Set(['space']));
  });

  test('lies within the bounds, in thousandths that sum to 1', () => {
    for (const { weights } of round) {
      expect(isWithin(weights, request.bounds.lower, request.bounds.upper)).toBe(true);
      for (const weight of weights) expect(weight).toBe(Math.round(weight * 1000) / 1000);
    }
  });

  test('repeats neither runs nor itself, and says how far the nearest run is', () => {
    round.forEach(({ weights, distance }, place) => {
      expect(distance).toBeCloseTo(distanceTo(runs, weights), 12);
      expect(distance).toBeGreaterThanOrEqual(0.005);
      for (const other of round.slice(place + 1)) {
        expect(totalVariation(weights, other.weights)).toBeGreaterThanOrEqual(0.005);
      }
    });
  });

  test('is the same for one seed, and another for another', () => {
    expect(propose()).toEqual(round);
    expect(propose({ seed: 4 })).not.toEqual(round);
  });

  test('reaches from the corners to the middle', () => {
    const largest = propose({
      promising: [],
      bounds: { lower: new Float64Array(4), upper: new Float64Array(4).fill(1) },
      count: 60,
    }).map(({ weights }) => Math.max(...weights));
    expect(largest.filter((weight) => weight > 0.9).length).toBeGreaterThan(8);
    expect(largest.filter((weight) => weight < 0.6).length).toBeGreaterThan(8);
  });
});

describe('limits', () => {
  test('of any shape are kept', () => {
    fc.assert(
      fc.property(
        feasibleBounds.filter(({ lower }) => lower.length === 4),
        fc.integer({ min: 1, max: 5 }),
        ({ lower, upper, inside }, count) => {
          let round: readonly ProposedMixture[] = [];
          try {
            round = propose({ bounds: { lower, upper }, promising: [inside], count });
          } catch (error) {
            expect(error).toBeInstanceOf(StageError);
          }
          expect(round.length).toBeLessThanOrEqual(count);
          for (const { weights } of round) expect(isWithin(weights, lower, upper)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('with little room give fewer proposals', () => {
    const lower = Float64Array.of(0.32, 0.328, 0.17, 0.17);
    const upper = Float64Array.of(0.33, 0.332, 0.18, 0.18);
    const few = propose({ bounds: { lower, upper }, promising: [], count: 50 });
    expect(few.length).toBeGreaterThan(1);
    expect(few.length).toBeLessThan(50);
  });

  test.each([
    ['everything is locked to a run', { bounds: locked(rowOf(runs, 2)) }],
    ['no mixture meets them', { bounds: locked(Float64Array.of(0.2, 0.2, 0.2, 0.2)) }],
    ['nothing is asked for', { count: 0 }],
    ['half a proxy is asked for', { count: 1.5 }],
    ['too much is asked for', { count: 501 }],
  ])('are refused when %s', (_, change) => {
    expect(() => propose(change)).toThrow(StageError);
  });
});

function locked(weights: Float64Array) {
  return { lower: weights, upper: weights };
}
