import { describe, expect, it } from 'vitest';
import type { Objective, ObjectiveTerm } from '../model/limits';
import type { LawModel } from '../model/regressor';
import { bounds, problemOf, unbounded } from './problem.fixture';
import { isKnownLaw, regretText, solveTruth } from './truth';

/** 2 + (0.1 + sum a sqrt(r + offset))^-0.5 of three domains. */
function law(amounts: readonly number[], sign: 1 | -1 = 1): LawModel {
  return {
    kind: 'law',
    sign,
    constant: 2,
    base: 0.1,
    exponent: 0.5,
    amounts: Float64Array.from(amounts),
    powers: new Float64Array(amounts.length).fill(0.5),
    offset: 1e-9,
  };
}

const prior = Float64Array.of(0.5, 0.3, 0.2);
const none = { rows: 0, columns: 3, values: new Float64Array(0) };

function single(amounts: readonly number[], direction: 'lower' | 'higher' = 'lower'): Objective {
  return problemOf(law(amounts, direction === 'lower' ? 1 : -1), none, prior, direction).objective;
}

function several(kind: Objective['kind'], kl = 0): Objective {
  const terms = [law([1, 0.2, 0.1]), law([0.1, 0.3, 1])].map(
    (model, index): ObjectiveTerm => ({
      target: `target ${index}`,
      model,
      direction: 'lower',
      weight: index === 0 ? 0.7 : 0.3,
      scale: 1,
    }),
  );
  return { kind, terms, kl, prior, unique: null, seek: 'best' };
}

/** Every mixture of three domains on a grid within upper bounds. */
function* grid(step: number, upper: readonly number[]): Generator<Float64Array> {
  const parts = Math.round(1 / step);
  for (let a = 0; a <= parts; a++) {
    for (let b = 0; a + b <= parts; b++) {
      const mixture = Float64Array.of(a * step, b * step, (parts - a - b) * step);
      if (mixture.every((weight, domain) => weight <= upper[domain] + 1e-12)) yield mixture;
    }
  }
}

describe('the true optimum', () => {
  it('of square roots weighs domains by the squares of their amounts', () => {
    const { weights, values, regret } = solveTruth(single([3, 2, 1]), unbounded(3));
    for (const [domain, square] of [9, 4, 1].entries()) {
      expect(weights[domain]).toBeCloseTo(square / 14, 6);
    }
    // sum a sqrt(a^2 / 14) = sqrt(14).
    expect(values(weights)[0]).toBeCloseTo(2 + (0.1 + Math.sqrt(14)) ** -0.5, 6);
    expect(regret(weights)).toBe(0);
    const third = Float64Array.of(1 / 3, 1 / 3, 1 / 3);
    const lost = (0.1 + 6 / Math.sqrt(3)) ** -0.5 - (0.1 + Math.sqrt(14)) ** -0.5;
    expect(regret(third)).toBeCloseTo(lost, 6);
  });

  it('fills a cap, and shares the rest as if it were alone', () => {
    const { weights } = solveTruth(single([3, 2, 1]), bounds([0, 0, 0], [0.4, 1, 1]));
    expect(weights[0]).toBeCloseTo(0.4, 9);
    expect(weights[1]).toBeCloseTo(0.6 * 0.8, 6);
    expect(weights[2]).toBeCloseTo(0.6 * 0.2, 6);
  });

  it('of a score is where its loss is lowest', () => {
    const score = solveTruth(single([3, 2, 1], 'higher'), unbounded(3));
    expect(Array.from(score.weights)).toEqual(
      Array.from(solveTruth(single([3, 2, 1]), unbounded(3)).weights),
    );
    expect(score.regret(prior)).toBeGreaterThan(0);
  });

  it.each<[string, Objective]>([
    ['a single law', single([1, 0.5, 0.3])],
    ['two laws, weighted', several('weighted')],
    ['two laws with a pull to the prior', several('weighted', 0.1)],
    ['the worst-off of two laws', several('regret')],
  ])('of %s is beaten by no mixture of a grid within the limits', (_, objective) => {
    for (const upper of [
      [1, 1, 1],
      [0.35, 0.5, 0.6],
    ]) {
      const { weights, regret } = solveTruth(objective, bounds([0, 0, 0], upper));
      let nearest = Number.POSITIVE_INFINITY;
      for (const mixture of grid(0.01, upper)) nearest = Math.min(nearest, regret(mixture));
      // The grid comes near to it; were something better, regrets cut at 0 would be many.
      expect(nearest).toBeLessThan(1e-3);
      expect(nearest).toBeGreaterThan(0);
      expect(weights.every((weight, domain) => weight <= upper[domain] + 1e-9)).toBe(true);
    }
  });

  it('is known of laws of diminishing returns in the direction of their target alone', () => {
    expect(isKnownLaw(single([1, 1, 1]))).toBe(true);
    expect(isKnownLaw(several('regret'))).toBe(true);
    expect(isKnownLaw({ ...single([1, 1, 1]), seek: 'worst' })).toBe(false);
    const turned = problemOf(law([1, 1, 1], -1), none, prior).objective;
    expect(isKnownLaw(turned)).toBe(false);
  });

  it('says what the mixture found loses', () => {
    const objective = single([3, 2, 1]);
    const truth = solveTruth(objective, unbounded(3));
    const lost = truth.regret(prior).toFixed(4);
    expect(Number(lost)).toBeGreaterThan(0);
    const text = regretText(truth, objective, prior, 'nats per token');
    expect(text).toContain(`loses ${lost} nats per token to the true best one`);
    // |9/14 - 0.5| is all that moves away from the first domain.
    expect(text).toContain(`${(100 * (9 / 14 - 0.5)).toFixed(1)}% of its weight differs`);
    const both = several('weighted');
    expect(regretText(solveTruth(both, unbounded(3)), both, prior, '')).toContain(
      'short of the true best one in the objective',
    );
  });
});
