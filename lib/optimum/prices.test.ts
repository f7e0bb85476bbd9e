import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import type { Bounds, Constraints, Objective, ObjectiveTerm } from '../model/limits';
import { columnOf, selectRows } from '../model/matrix';
import type { Model } from '../model/regressor';
import { unlimited } from '../model/settings';
import { findRegressor } from '../regression/regressors';
import { pickRows } from '../regression/sample';
import { openBuiltIn } from '../share/studies.fixture';
import { simulatedLaws, simulatedPrior, simulatedTokens } from '../study/simulated';
import { boundsOf, uniqueShares } from './constraints';
import { createScorer } from './objective';
import { type Prices, pricesOf } from './prices';
import { descend, finest, leastOfTerms, solveSmooth } from './smooth';
import { hasExactOptimum, solveExactly } from './water-filling';

const requested = 25e9;
const prior = Float64Array.from(simulatedPrior);
const domains = prior.length;

function limits(tokens: readonly (number | null)[], change: Partial<Constraints> = {}) {
  return { ...unlimited(domains), requestedTokens: requested, availableTokens: tokens, ...change };
}

type Question = Pick<Objective, 'kind' | 'terms' | 'kl'>;

/** The optimum within limits, its score with regrets measured from `least`, and its prices. */
function solved(
  question: Question,
  constraints: Constraints,
  isDiscounted: boolean,
  near: readonly Float64Array[] = [],
  given?: readonly number[],
): {
  readonly score: number;
  readonly prices: Prices;
  readonly weights: Float64Array;
  readonly bounds: Bounds;
  readonly least: readonly number[];
} {
  const unique = isDiscounted ? uniqueShares(constraints) : null;
  const objective: Objective = { ...question, prior, unique, seek: 'best' };
  const bounds = boundsOf(constraints, null);
  const isRegret = question.kind === 'regret';
  const least = given ?? (isRegret ? runJob(leastOfTerms(objective, bounds, near)) : []);
  const weights = hasExactOptimum(objective)
    ? solveExactly(objective, bounds)
    : given && isRegret
      ? fromSameValues(objective, bounds, given, near[0])
      : runJob(solveSmooth(objective, bounds, near));
  const { withGradient } = createScorer(objective, least, isRegret ? finest : 0);
  if (!withGradient) throw new Error('these models have gradients');
  const prices = pricesOf(weights, bounds, objective, withGradient);
  return { score: createScorer(objective, least).score(weights), prices, weights, bounds, least };
}

/** The optimum of regrets that are measured from given values, near a mixture within the bounds. */
function fromSameValues(
  objective: Objective,
  bounds: Bounds,
  least: readonly number[],
  near: Float64Array,
): Float64Array {
  const { withGradient } = createScorer(objective, least, finest);
  if (!withGradient) throw new Error('these models have gradients');
  return runJob(descend(near, bounds, withGradient)).weights;
}

/** How finely an objective is solved: exactly, or to the tolerance of a descent. */
const exactly = { step: 1e-5 * requested, slack: 1e-6 };
const nearly = { step: 1e-4 * requested, slack: 2e-5 };

/**
 * What 1% of the requested tokens more of each domain gains by solving again, from a small step; regrets
 * are measured from the same values.
 */
function gained(
  question: Question,
  constraints: Constraints,
  isDiscounted: boolean,
  step: number,
): number[] {
  const before = solved(question, constraints, isDiscounted);
  return constraints.availableTokens.map((tokens, domain) => {
    if (tokens === null) return 0;
    const more = constraints.availableTokens.map((value, at) =>
      value !== null && at === domain ? value + step : value,
    );
    const { weights, least } = before;
    const changed = { ...constraints, availableTokens: more };
    const after = solved(question, changed, isDiscounted, [weights], least);
    return ((before.score - after.score) / step) * 0.01 * requested;
  });
}

/** Compares all prices with gains. @returns how many gains are well above their error */
function compare(question: Question, constraints: Constraints, isDiscounted: boolean): number {
  const { prices } = solved(question, constraints, isDiscounted);
  const unique = isDiscounted ? uniqueShares(constraints) : null;
  const isExact = hasExactOptimum({ ...question, prior, unique, seek: 'best' });
  const { step, slack } = isExact ? exactly : nearly;
  const gains = gained(question, constraints, isDiscounted, step);
  gains.forEach((gain, domain) => {
    const price = prices.tokens[domain];
    expect(Math.abs(price - gain), `domain ${domain}: ${price} for ${gain}`).toBeLessThanOrEqual(
      0.15 * Math.abs(gain) + slack,
    );
  });
  return gains.filter((gain) => gain > 10 * slack).length;
}

const term = (
  model: Model,
  weight = 1,
  direction: 'lower' | 'higher' = 'lower',
): ObjectiveTerm => ({
  target: 'any',
  model,
  direction,
  weight,
  scale: 1,
});
const settings = [
  ['repeats as good as fresh tokens', false],
  ['repeats discounted', true],
] as const;

/** Less text than the optimum asks for, of some domains none, of one as much as wanted. */
const scarce = [2e9, 0.5e9, 1e9, null, 1.2e9, 0.3e9, 0.6e9, 0.1e9];
/** Hardly more than is needed. */
const tight = [1.2e9, 0.3e9, 1e9, 2e9, 1.5e9, 0.3e9, 0.5e9, 0.4e9];

describe.each(settings)('prices of tokens, %s', (_, isDiscounted) => {
  it.each(simulatedLaws.map((law, place) => [place, law] as const))(
    'are what more tokens gain by the known law of target %i',
    (_place, law) => {
      const direction = law.sign === 1 ? 'lower' : 'higher';
      const question = { kind: 'weighted', terms: [term(law, 1, direction)], kl: 0 } as const;
      compare(question, limits(simulatedTokens), isDiscounted);
      expect(compare(question, limits(tight), isDiscounted)).toBeGreaterThan(1);
    },
  );

  it('hold for as many tokens as raise a cap by a whole point', () => {
    const wholePoint = requested / 100 / 4;
    for (const law of [simulatedLaws[0], simulatedLaws[1]]) {
      const question = { kind: 'weighted', terms: [term(law)], kl: 0 } as const;
      const before = solved(question, limits(simulatedTokens), isDiscounted);
      simulatedTokens.forEach((_tokens, domain) => {
        const more = simulatedTokens.map((value, at) => value + (at === domain ? wholePoint : 0));
        const gain = before.score - solved(question, limits(more), isDiscounted).score;
        const price = before.prices.tokens[domain] / 4;
        expect(Math.abs(price - gain)).toBeLessThanOrEqual(0.15 * gain + 1e-9);
      });
    }
  });

  it('are so with several targets, a pull to the prior, and the worst-off target', () => {
    const terms = [term(simulatedLaws[0], 0.6), term(simulatedLaws[1], 0.4)];
    for (const kl of [0, 0.05]) {
      const question = { kind: 'weighted', terms, kl } as const;
      expect(compare(question, limits(scarce), isDiscounted)).toBeGreaterThan(2);
    }
    const regret = { kind: 'regret', terms, kl: 0 } as const;
    expect(compare(regret, limits(scarce), isDiscounted)).toBeGreaterThan(2);
  });

  it('are so where a domain has no tokens yet, is locked, or has another limit besides', () => {
    const question = { kind: 'weighted', terms: [term(simulatedLaws[1])], kl: 0 } as const;
    const none = limits([0, 0.9e9, 0, 8e9, 7e9, 0.75e9, 1.1e9, 1.5e9]);
    expect(compare(question, none, isDiscounted)).toBeGreaterThan(2);
    const held = limits(scarce, {
      locked: [0.1, null, null, null, null, null, null, null],
      max: [null, 0.06, null, null, null, null, null, null],
      min: [0, 0, 0, 0, 0, 0, 0, 0.01],
    });
    expect(compare(question, held, isDiscounted)).toBeGreaterThan(1);
  });
});

describe('fitted models', () => {
  const { study } = openBuiltIn('simulated');
  const rows = pickRows(study.training.ids.length, 48, 5);
  const features = selectRows(study.training.mixtures, rows);
  const modelOf = (regressor: 'law' | 'gp' | 'law+gp' | 'mean', target: number) => {
    const values = columnOf(selectRows(study.training.losses, rows), target);
    return runJob(findRegressor(regressor).fit({ features, values }, { seed: 1 }));
  };

  it.each(['law', 'gp', 'law+gp', 'mean'] as const)('have such prices by %s', (regressor) => {
    const terms = [term(modelOf(regressor, 0), 0.5), term(modelOf(regressor, 3), 0.5)];
    for (const [, isDiscounted] of settings) {
      for (const kl of [0, 0.02]) {
        const question = { kind: 'weighted', terms, kl } as const;
        expect(compare(question, limits(scarce), isDiscounted)).toBeGreaterThan(1);
      }
    }
  });
});

describe('prices of points', () => {
  const question = { kind: 'weighted', terms: [term(simulatedLaws[1])], kl: 0 } as const;

  it('are those of the tokens for a point where tokens set the cap', () => {
    for (const [, isDiscounted] of settings) {
      const { prices } = solved(question, limits(simulatedTokens), isDiscounted);
      expect(prices.points[6]).toBeGreaterThan(0);
      expect(prices.points[6]).toBeCloseTo(prices.tokens[6] / 4, 12);
    }
  });

  it('are what one more point of other caps gains, and tokens are worth nothing there', () => {
    const max = [0.2, 0.1, null, null, null, null, null, null];
    const held = limits(new Array(domains).fill(null), { max });
    const { score, prices } = solved(question, held, false);
    [0, 1].forEach((domain) => {
      const wider = max.map((value, at) =>
        value !== null && at === domain ? value + 1e-5 : value,
      );
      const gain = (score - solved(question, { ...held, max: wider }, false).score) * 1e3;
      expect(gain).toBeGreaterThan(1e-5);
      expect(prices.points[domain]).toBeCloseTo(gain, 6);
    });
    expect(Array.from(prices.tokens)).toEqual(new Array(domains).fill(0));
  });

  it('of the largest weight tried are what lifting it gains at first, and none of what no run has', () => {
    const training = {
      mixtures: selectRows(
        openBuiltIn('simulated').study.training.mixtures,
        Int32Array.of(0, 1, 2),
      ),
      losses: { rows: 3, columns: 1, values: Float64Array.of(3, 3.1, 3.2) },
    };
    // No run has any of the second domain, which the law wants most.
    for (let row = 0; row < 3; row++) {
      const at = row * domains;
      training.mixtures.values[at] += training.mixtures.values[at + 1];
      training.mixtures.values[at + 1] = 0;
    }
    const constraints = limits(new Array(domains).fill(null));
    const bounds = boundsOf(constraints, { training, targets: [{ direction: 'lower' }] });
    const objective: Objective = { ...question, prior, unique: null, seek: 'best' };
    const weights = solveExactly(objective, bounds);
    const { score, withGradient } = createScorer(objective);
    if (!withGradient) throw new Error('laws have gradients');
    const prices = pricesOf(weights, bounds, objective, withGradient);
    expect(weights[1]).toBe(0);
    expect(prices.points[1]).toBe(0);
    const held = bounds.source.flatMap((source, domain) =>
      source === 'tried' && weights[domain] > 0 && weights[domain] >= bounds.upper[domain] - 1e-9
        ? [domain]
        : [],
    );
    expect(held.length).toBeGreaterThan(0);
    for (const domain of held) {
      const upper = bounds.upper.map((cap, at) => cap + (at === domain ? 1e-5 : 0));
      const gain = (score(weights) - score(solveExactly(objective, { ...bounds, upper }))) * 1e3;
      expect(prices.points[domain]).toBeCloseTo(gain, 6);
    }
    expect(Array.from(prices.tokens)).toEqual(new Array(domains).fill(0));
  });
});
