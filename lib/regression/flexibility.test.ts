import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import { fromRows } from '../model/matrix';
import { createRandomStream } from '../model/random';
import type { Sample } from '../model/regressor';
import { chosenRuns, flexibleFits, polynomialTerms, rowsOf } from './flexibility';

/** Runs of a law of degree 2 in three weights, with noise of the given deviation. */
function sample(rows: number, noise: number, seed: number): Sample {
  const random = createRandomStream(seed);
  const mixtures = Array.from({ length: rows }, () => {
    const draws = [random.exponential(), random.exponential(), random.exponential()];
    const sum = draws[0] + draws[1] + draws[2];
    return draws.map((draw) => draw / sum);
  });
  const values = Float64Array.from(
    mixtures,
    ([a, b]) => 3 - 2 * a + b * b + noise * random.normal(),
  );
  return { features: fromRows(mixtures), values };
}

describe('polynomial terms', () => {
  it('has every product of up to three weights once, the plainer first', () => {
    const terms = polynomialTerms(8);
    expect(terms).toHaveLength(8 + 36 + 120);
    expect(new Set(terms.map(String)).size).toBe(164);
    expect(terms.slice(0, 8).flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(terms.slice(8, 17).map(String)).toEqual([
      ...Array.from({ length: 8 }, (_, domain) => `${domain},${domain}`),
      '0,1',
    ]);
    expect(terms.map(({ length }) => length)).toEqual(
      terms.map(({ length }) => length).toSorted((a, b) => a - b),
    );
  });
});

describe('chosen runs', () => {
  it('adds to the runs of a smaller number, and changes them with the seed', () => {
    const some = chosenRuns(50, 20, 1);
    expect([...chosenRuns(50, 30, 1).slice(0, 20)]).toEqual([...some]);
    expect(new Set(chosenRuns(50, 50, 1)).size).toBe(50);
    expect([...chosenRuns(50, 20, 2)]).not.toEqual([...some]);
  });
});

describe('fits of growing flexibility', () => {
  it('finds a law of its own form where there is no noise', () => {
    const [fit] = runJob(flexibleFits(sample(30, 0, 1), sample(20, 0, 2), [5]));
    expect(fit.fitted).toBeLessThan(1e-6);
    expect(fit.unseen).toBeLessThan(1e-6);
    expect(fit.predictedUnseen).toHaveLength(20);
  });

  it('errs ever less on its own runs, and more on others than the right form does', () => {
    const all = sample(200, 0.2, 3);
    const others = sample(500, 0.2, 4);
    const medianOf = (runs: number, terms: number, error: 'fitted' | 'unseen') => {
      const errors = Array.from({ length: 20 }, (_, seed) => {
        const few = rowsOf(all, chosenRuns(200, runs, seed));
        const fits = runJob(flexibleFits(few, others, [1, 2, 5, 7, 9]));
        for (const [place, { fitted }] of fits.entries()) {
          if (place > 0) expect(fitted).toBeLessThanOrEqual(fits[place - 1].fitted + 1e-9);
        }
        return fits.find((fit) => fit.terms === terms)?.[error] ?? Number.NaN;
      });
      return errors.sort((a, b) => a - b)[10];
    };
    expect(medianOf(13, 9, 'fitted')).toBeLessThan(0.8 * medianOf(13, 5, 'fitted'));
    expect(medianOf(13, 9, 'unseen')).toBeGreaterThan(1.5 * medianOf(13, 5, 'unseen'));
    expect(medianOf(100, 9, 'unseen')).toBeLessThan(0.5 * medianOf(13, 9, 'unseen'));
  });
});
