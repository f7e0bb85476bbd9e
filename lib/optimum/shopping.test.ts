import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import type { Constraints, Objective, ObjectiveTerm } from '../model/limits';
import { fromRows, type Matrix } from '../model/matrix';
import type { LawModel, Model } from '../model/regressor';
import { unlimited } from '../model/settings';
import { boundsOf, feasibilityOf, violatedBy } from './constraints';
import { createScorer } from './objective';
import { linear, smoothModels, treeProblem } from './problem.fixture';
import { orderOfPurchase, type Purchase, purchaseAt, shoppingList, turnOf } from './shopping';
import { createSolver, prepareParts } from './solver';

const prior = Float64Array.of(0.4, 0.3, 0.2, 0.1);
const corners = fromRows([
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
]);
const studyOf = (mixtures: Matrix) => ({
  training: { mixtures, losses: fromRows(Array.from({ length: mixtures.rows }, () => [1])) },
  targets: [{ direction: 'lower' as const }],
});
const study = studyOf(corners);

/** Tokens in percent of those requested. */
function limits(
  tokens: readonly (number | null)[],
  change: Partial<Constraints> = {},
): Constraints {
  return {
    ...unlimited(tokens.length),
    requestedTokens: 100,
    availableTokens: tokens,
    epochs: tokens.map(() => 1),
    beyondTried: true,
    ...change,
  };
}

function objectiveOf(models: readonly Model[], change: Partial<Objective> = {}): Objective {
  const terms = models.map(
    (model, place): ObjectiveTerm => ({
      target: `t${place}`,
      model,
      direction: 'sign' in model && model.sign < 0 ? 'higher' : 'lower',
      weight: 1 / models.length,
      scale: 1,
    }),
  );
  return { kind: 'weighted', terms, kl: 0, prior, unique: null, seek: 'best', ...change };
}

const shop = (objective: Objective, constraints: Constraints, runs = study) =>
  runJob(shoppingList(objective, constraints, runs));

/** The constraints once the tokens are bought. */
function after(constraints: Constraints, tokens: ArrayLike<number>): Constraints {
  const availableTokens = constraints.availableTokens.map((own, domain) =>
    own === null ? null : own + 100 * tokens[domain],
  );
  return { ...constraints, availableTokens };
}

/** The best score once the tokens are bought, by the solver of the page. */
function solved(objective: Objective, constraints: Constraints, tokens: ArrayLike<number>): number {
  const then = after(constraints, tokens);
  const bounds = boundsOf(then, study);
  if (
    !feasibilityOf(
      bounds,
      then,
      ['a', 'b', 'c', 'd'].map((id) => ({ id, name: id })),
    ).feasible
  ) {
    return Number.POSITIVE_INFINITY;
  }
  const unique =
    objective.unique && Float64Array.from(then.availableTokens, (own) => (own ?? Infinity) / 100);
  const problem = {
    objective: { ...objective, unique },
    runs: corners,
    human: null,
    yours: null,
    samples: 500,
    seed: 1,
  };
  const solver = runJob(createSolver(problem, runJob(prepareParts(problem))));
  return runJob(solver.solve('gradient', bounds, 1)).optimum.score;
}

/** The best score of a budget over a grid of purchases of three domains; the others have no limit. */
function bestOnGrid(
  objective: Objective,
  constraints: Constraints,
  budget: number,
  bought: readonly number[],
  parts: number,
): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i <= parts; i++) {
    for (let j = 0; i + j <= parts; j++) {
      const tokens = new Float64Array(4);
      [i, j, parts - i - j].forEach((share, place) => {
        tokens[bought[place]] += (share * budget) / parts;
      });
      best = Math.min(best, solved(objective, constraints, tokens));
    }
  }
  return best;
}

/** Checks of any list: budgets grow, scores do not, every purchase is within its budget and the limits. */
function checkList(list: readonly Purchase[], objective: Objective, constraints: Constraints) {
  list.forEach(({ budget, tokens, weights, score }, place) => {
    expect(tokens.reduce((sum, value) => sum + value, 0)).toBeLessThanOrEqual(budget + 1e-8);
    expect(Math.min(...tokens)).toBeGreaterThanOrEqual(0);
    expect(weights.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
    const then = after(constraints, tokens);
    expect(violatedBy(weights, boundsOf(then, study))).toEqual([]);
    if (place > 0) {
      expect(budget).toBeGreaterThan(list[place - 1].budget);
      expect(score).toBeLessThanOrEqual(list[place - 1].score + 1e-9);
    }
    if (objective.kind === 'weighted') {
      expect(score).toBeLessThanOrEqual(solved(objective, constraints, tokens) + 1e-6);
    }
  });
}

describe('a shopping list', () => {
  it('buys of a linear model what gains most per token, and nothing more', () => {
    // b gains 2 for each token in place of d, but may be read once; a gains 1.5, read twice: 3 a token.
    const objective = objectiveOf([linear([-1.5, -2, 0, 0])]);
    const constraints = limits([10, 10, 0, null], { epochs: [2, 1, 1, 1] });
    const list = shop(objective, constraints);
    checkList(list, objective, constraints);
    expect(list[0].score).toBeCloseTo(3 - 0.2 * 1.5 - 0.1 * 2, 8);
    for (const { budget, tokens, score } of list) {
      // All weight is a or b from 0.35 on: then b replaces a, of which less is bought.
      if (budget > 0.35) continue;
      expect(tokens[0]).toBeCloseTo(budget, 6);
      expect(score).toBeCloseTo(2.5 - 3 * budget, 6);
    }
    const last = list[list.length - 1];
    expect(last.budget).toBeCloseTo(0.9, 6);
    expect(Array.from(last.tokens, (value) => Math.round(value * 1e6) / 1e6)).toEqual([
      0, 0.9, 0, 0,
    ]);
    expect(orderOfPurchase(list)).toEqual([0, 1]);
  });

  it('is as good as the best of a grid of purchases by every smooth model', () => {
    const constraints = limits([4, 3, 2, null], { epochs: [2, 4, 1, 1] });
    for (const { name, model, direction } of smoothModels()) {
      const objective = objectiveOf([model]);
      const terms = [{ ...objective.terms[0], direction }];
      const asked = { ...objective, terms };
      const list = shop(asked, constraints);
      checkList(list, asked, constraints);
      for (const place of [6, 14]) {
        if (list.length === 1) continue;
        const { budget, score } = list[place];
        const grid = bestOnGrid(asked, constraints, budget, [0, 1, 2], 12);
        expect(score, `${name} at ${budget}`).toBeLessThanOrEqual(grid + 1e-6);
        // The grid misses the optimum by its spacing, and no more.
        expect(grid - score, `${name} at ${budget}`).toBeLessThan(0.03);
      }
    }
  });

  it('refreshes what is repeated where repeats count less', () => {
    const law = smoothModels()[0].model;
    const objective = objectiveOf([law], { unique: new Float64Array(4) });
    const constraints = limits([4, 3, 2, null], { epochs: [8, 8, 8, 1] });
    const list = shop(objective, constraints);
    checkList(list, objective, constraints);
    const { budget, score, tokens } = list[10];
    expect(tokens.reduce((sum, value) => sum + value, 0)).toBeCloseTo(budget, 6);
    const grid = bestOnGrid(objective, constraints, budget, [0, 1, 2], 12);
    expect(score).toBeLessThanOrEqual(grid + 1e-6);
    expect(grid - score).toBeLessThan(0.01);
    // In the end nothing is read twice, and the optimum is that of unlimited tokens.
    const last = list[list.length - 1];
    const free = limits([null, null, null, null]);
    expect(last.score).toBeCloseTo(solved(objectiveOf([law]), free, new Float64Array(4)), 6);
  });

  it('ends where the optimum of unlimited tokens is reached', () => {
    const [{ model }] = smoothModels();
    const [list] = [shop(objectiveOf([model]), limits([4, 3, 2, 1]))];
    const unlimitedScore = solved(
      objectiveOf([model]),
      limits([null, null, null, null]),
      [0, 0, 0, 0],
    );
    expect(list[list.length - 1].score).toBeCloseTo(unlimitedScore, 8);
    expect(list[list.length - 2].score).toBeGreaterThan(unlimitedScore);
  });

  it('keeps largest and least weights, locks and the largest tried', () => {
    const [{ model }] = smoothModels();
    const constraints = limits([4, 3, 40, 60], {
      max: [0.3, null, null, null],
      min: [0, 0, 0.1, 0],
      locked: [null, null, null, 0.2],
    });
    const list = shop(objectiveOf([model]), constraints);
    checkList(list, objectiveOf([model]), constraints);
    const { weights, tokens } = list[list.length - 1];
    expect(weights[0]).toBeCloseTo(0.3, 9);
    expect(tokens[0]).toBeCloseTo(0.26, 6);
    expect(weights[3]).toBe(0.2);
    const tried = studyOf(
      fromRows([
        [0.5, 0.1, 0.3, 0.1],
        [0.2, 0.2, 0.3, 0.3],
      ]),
    );
    const within = shop(
      objectiveOf([model]),
      limits([4, 3, 40, 60], { beyondTried: false }),
      tried,
    );
    expect(within[within.length - 1].weights[1]).toBeLessThanOrEqual(0.2 + 1e-9);
  });

  it('has one entry where no token limit binds, and none where no tokens help', () => {
    const [{ model }] = smoothModels();
    expect(shop(objectiveOf([model]), limits([null, null, null, null]))).toHaveLength(1);
    expect(shop(objectiveOf([model]), limits([100, 100, 100, 100]))).toHaveLength(1);
    const capped = limits([4, 3, 2, 1], { max: [0.2, 0.2, 0.2, 0.2] });
    expect(shop(objectiveOf([model]), capped)).toEqual([]);
  });

  it('begins with the tokens without which no mixture meets the limits', () => {
    // 0.4 of the weight has no tokens; b is read most often, so that 0.2 tokens of it are the least.
    const constraints = limits([10, 10, 10, 10], { epochs: [1, 2, 1, 2] });
    const [{ model }] = smoothModels();
    const list = shop(objectiveOf([model]), constraints);
    expect(list[0].budget).toBeCloseTo(0.2, 9);
    expect(list[0].tokens[1] + list[0].tokens[3]).toBeCloseTo(0.2, 6);
    checkList(list.slice(1), objectiveOf([model]), constraints);
  });

  it('holds for several targets, the worst-off of them, and the pull to the prior', () => {
    const [{ model }] = smoothModels();
    if (model.kind !== 'law') throw new Error('a law was expected');
    const other: LawModel = { ...model, amounts: model.amounts.slice().reverse() };
    const constraints = limits([4, 3, 2, null], { epochs: [4, 4, 4, 1] });
    for (const change of [{}, { kl: 0.1 }, { kind: 'regret' as const }]) {
      const objective = objectiveOf([model, other], change);
      const list = shop(objective, constraints);
      expect(list.length).toBeGreaterThan(2);
      checkList(list, objective, constraints);
    }
    const worst = objectiveOf([model, other], { kind: 'regret' });
    const list = shop(worst, constraints);
    const { tokens, weights, predictions } = list[12];
    // Both targets are equally far behind at the best of the worst-off.
    const scorer = createScorer(worst);
    expect(scorer.predictions(weights)[0]).toBeCloseTo(predictions[0], 9);
    expect(Math.min(...tokens)).toBeGreaterThanOrEqual(0);
  });

  it('serves trees too, by a search', () => {
    const { objective, runs } = treeProblem('lower');
    const constraints = limits([10, 8, 5, 30]);
    for (const unique of [null, new Float64Array(4)]) {
      const list = shop({ ...objective, unique }, constraints, studyOf(runs));
      expect(list.length).toBeGreaterThan(2);
      list.forEach(({ budget, tokens, weights }, place) => {
        expect(tokens.reduce((sum, value) => sum + value, 0)).toBeLessThanOrEqual(budget + 1e-8);
        expect(violatedBy(weights, boundsOf(after(constraints, tokens), study))).toEqual([]);
        if (place > 0) expect(list[place].score).toBeLessThanOrEqual(list[place - 1].score + 1e-9);
      });
      expect(list[list.length - 1].score).toBeLessThan(list[0].score);
    }
  });

  it('is not made for the worst mixture', () => {
    const worst = objectiveOf([linear([1, 0, 0, 0])], { seek: 'worst' });
    expect(() => shop(worst, limits([1, 1, 1, null]))).toThrow(RangeError);
  });
});

describe('a purchase between two of a list', () => {
  const at = (budget: number, tokens: number[], score: number): Purchase => ({
    budget,
    tokens: Float64Array.from(tokens),
    weights: Float64Array.of(1, 0),
    predictions: [score],
    score,
  });
  const list = [at(0, [0, 0], 3), at(0.1, [0.1, 0], 2), at(0.3, [0, 0.3], 1)];

  it('is mixed from its neighbours', () => {
    const found = purchaseAt(list, 0.2);
    expect(Array.from(found.tokens, (value) => Number(value.toFixed(9)))).toEqual([0.05, 0.15]);
    expect(found.score).toBeCloseTo(1.5, 12);
    expect(found.predictions[0]).toBeCloseTo(1.5, 12);
    expect(purchaseAt(list, 9)).toBe(list[2]);
    expect(purchaseAt(list, 0)).toBe(list[0]);
  });

  it('names domains in the order in which they are first paid for', () => {
    expect(orderOfPurchase(list)).toEqual([0, 1]);
    expect(orderOfPurchase([list[0]])).toEqual([]);
  });
});

describe('a turn of the shopping list', () => {
  const purchase = (budget: number, score: number, tokens: readonly number[]): Purchase => ({
    budget,
    tokens: Float64Array.from(tokens),
    weights: prior,
    predictions: [score],
    score,
  });
  const falling = [
    purchase(0, 3, [0, 0]),
    purchase(0.1, 2.8, [0.1, 0]),
    purchase(0.2, 2.7, [0.15, 0.05]),
  ];

  it('is where tokens gain more than before, by other domains', () => {
    const list = [...falling, purchase(0.3, 2.4, [0, 0.3])];
    expect(turnOf(list)).toEqual({ budget: 0.3, more: 1, less: 0 });
  });

  it('is nowhere where gains fall, or rise without another choice', () => {
    expect(turnOf(falling)).toBeNull();
    expect(turnOf([...falling, purchase(0.3, 2.4, [0.15, 0.15])])).toBeNull();
    expect(turnOf([falling[0]])).toBeNull();
    expect(
      turnOf(shop(objectiveOf([smoothModels()[0].model]), limits([20, 30, 10, 5]))),
    ).toBeNull();
  });
});
