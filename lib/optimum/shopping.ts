/** What to collect next: how a budget of further tokens, of any domains, is best spent. */
import { type Job, withProgress } from '../model/job';
import type { Bounds, Constraints, Objective } from '../model/limits';
import { fromRows, type Matrix, rowOf, zeros } from '../model/matrix';
import { boundsOf, type TriedRuns, uniqueShares } from './constraints';
import { isSmooth } from './engines';
import {
  createScorer,
  effectiveSlopes,
  effectiveWeight,
  type RatedRows,
  rateRows,
  scoresOf,
} from './objective';
import { rankByScore, startingRuns, startsWithin } from './pool';
import { type Room, searchInBatches } from './search';
import {
  descendFromBest,
  isConvex,
  leastOfTerms,
  minMobility,
  type Region,
  type Slope,
  solveSmooth,
  startsFor,
  temperatures,
} from './smooth';
import { hasExactOptimum, solveExactly } from './water-filling';

/** The best use of one budget. Tokens are shares of those requested. */
export interface Purchase {
  /** Further unique tokens of all domains together, >= 0. */
  readonly budget: number;
  /** D, >= 0: of each domain; their sum is at most the budget. */
  readonly tokens: Float64Array;
  /** D: the best mixture with them, within all other limits. */
  readonly weights: Float64Array;
  /** Predictions of all terms for it, each in its target's unit. */
  readonly predictions: readonly number[];
  /** What is minimised (see `Objective`); regrets are from what is within reach of unlimited tokens. */
  readonly score: number;
}

/** Purchases by ascending budget, from the least one that any mixture meets to where more changes nothing. */
export type ShoppingList = readonly Purchase[];

/** Steps of a list by descent, and by the search that models without gradients need. */
const steps = { smooth: 24, search: 12 };
/** Less than this share of the requested tokens is nothing to collect. */
const leastTokens = 1e-6;

/**
 * The best use of further tokens, for budgets from nothing up to what the best mixture of unlimited tokens
 * takes. A domain with U unique tokens of which e are bought may weigh epochs * (U + e), tokens as shares of
 * those requested; where repeats are discounted its effective data is that of U + e tokens. Both are convex in
 * weights and tokens together (the latter is the perspective of a concave function; Boyd and Vandenberghe 2004,
 * section 3.2.6), so that of a convex model every purchase is the best there is; of others, and of trees, it is
 * the best that was found. Where a budget allows better domains, what a smaller one bought may be left.
 *
 * @param study whose runs say what was tried
 * @returns one entry where more tokens change nothing; none where no budget makes the limits feasible
 * @throws RangeError for the worst mixture
 */
export function* shoppingList(
  objective: Objective,
  constraints: Constraints,
  study: TriedRuns,
): Job<ShoppingList> {
  if (objective.seek === 'worst')
    throw new RangeError('nothing is collected for the worst mixture');
  const store = storeOf(constraints, study, objective.unique !== null);
  const from = leastBudget(store);
  if (from === null) return [];
  const finder = yield* finderFor(objective, store, study.training.mixtures);
  const { free } = finder;
  const last = Math.max(from, amount(spare(store, free)));
  const count = last - from < leastTokens ? 0 : finder.steps;
  const list: Purchase[] = [];
  for (let step = 0; step <= count; step++) {
    // The first tokens gain most: budgets lie closer there.
    const budget = count === 0 ? from : from + (last - from) * (step / count) ** 2;
    const before = list.at(-1);
    const found = yield* withProgress(finder.best(budget, before ?? null), ({ request }) => ({
      done: step,
      total: count + 1,
      unit: 'budgets',
      // An imported model is evaluated by whoever drives the job.
      ...(request && { request }),
    }));
    list.push(found);
  }
  return list;
}

/**
 * Indices of the domains that are bought, in the order in which a growing budget first pays for them.
 *
 * @param share of the budget at which a domain counts as bought
 */
export function orderOfPurchase(list: ShoppingList, share = 0.01): number[] {
  const first = new Map<number, number>();
  list.forEach(({ tokens, budget }, place) => {
    tokens.forEach((bought, domain) => {
      if (bought > Math.max(leastTokens, share * budget) && !first.has(domain)) {
        first.set(domain, place);
      }
    });
  });
  const most = (domain: number) => list[list.length - 1].tokens[domain];
  return [...first]
    .sort((a, b) => a[1] - b[1] || most(b[0]) - most(a[0]))
    .map(([domain]) => domain);
}

/** Where tokens begin to gain more than before, by a twentieth of the most that they gain at all. */
const leastTurn = 0.05;

/** A budget from which on another choice of domains is the best. */
export interface Turn {
  readonly budget: number;
  /** The domain of which that choice buys most more, and the one of which it buys most less. */
  readonly more: number;
  readonly less: number;
}

/**
 * The first budget at which further tokens gain clearly more than those before. Of a convex model the gain only
 * falls; of others a mixture with other domains may overtake, which bends the curve. null = it nowhere does.
 */
export function turnOf(list: ShoppingList): Turn | null {
  const gains = list.slice(1).map((each, place) => {
    const before = list[place];
    return (before.score - each.score) / (each.budget - before.budget);
  });
  const most = Math.max(...gains);
  for (let place = 1; place < gains.length; place++) {
    if (gains[place] - gains[place - 1] <= leastTurn * most) continue;
    const [before, after] = [list[place], list[place + 1]];
    const change = Array.from(after.tokens, (tokens, domain) => tokens - before.tokens[domain]);
    const less = change.indexOf(Math.min(...change));
    // Nothing was given up for it.
    if (change[less] >= -leastTokens) continue;
    return { budget: after.budget, more: change.indexOf(Math.max(...change)), less };
  }
  return null;
}

/**
 * The purchase for a budget between those of a list, mixed from its neighbours: it keeps all limits, and of a
 * convex model it is no worse than their mean.
 *
 * @param list at least one entry
 * @returns the first or the last entry beyond either end
 */
export function purchaseAt(list: ShoppingList, budget: number): Omit<Purchase, 'weights'> {
  const after = list.findIndex((each) => each.budget >= budget);
  if (after < 0) return list[list.length - 1];
  if (after === 0) return list[0];
  const [a, b] = [list[after - 1], list[after]];
  const share = (budget - a.budget) / (b.budget - a.budget);
  const mix = (x: number, y: number) => x + share * (y - x);
  return {
    budget,
    tokens: a.tokens.map((value, domain) => mix(value, b.tokens[domain])),
    predictions: a.predictions.map((value, term) => mix(value, b.predictions[term])),
    score: mix(a.score, b.score),
  };
}

/** What limits a mixture when tokens can be bought; tokens are shares of those requested. */
interface Store {
  /** D: bounds whatever is bought. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** D: unique tokens at hand; Infinity = unlimited. */
  readonly unique: Float64Array;
  /** D, > 0. */
  readonly epochs: Float64Array;
  /** Whether repeats count as less than fresh tokens. */
  readonly isDiscounted: boolean;
}

function storeOf(constraints: Constraints, study: TriedRuns, isDiscounted: boolean): Store {
  const availableTokens = constraints.availableTokens.map(() => null);
  const { lower, upper } = boundsOf({ ...constraints, availableTokens }, study);
  const epochs = Float64Array.from(constraints.epochs);
  return { lower, upper, unique: uniqueShares(constraints), epochs, isDiscounted };
}

/** D: tokens of each domain that a mixture needs beyond those at hand. */
function needed({ unique, epochs }: Store, weights: Float64Array): Float64Array {
  return weights.map((weight, domain) => Math.max(0, weight / epochs[domain] - unique[domain]));
}

/** D: tokens beyond which more of each domain change nothing: what is needed, or all that is repeated. */
function spare(store: Store, weights: Float64Array): Float64Array {
  if (!store.isDiscounted) return needed(store, weights);
  return weights.map((weight, domain) =>
    Math.max(0, weight / Math.min(1, store.epochs[domain]) - store.unique[domain]),
  );
}

function amount(tokens: Float64Array): number {
  return tokens.reduce((sum, value) => sum + value, 0);
}

/** The least budget that any mixture meets: weight goes where it takes the fewest tokens. null = none does. */
function leastBudget(store: Store): number | null {
  const { lower, upper, unique, epochs } = store;
  if (lower.some((low, domain) => low > upper[domain] + tiny)) return null;
  if (amount(lower) > 1 + tiny || amount(upper) < 1 - tiny) return null;
  let rest = 1 - amount(lower);
  let budget = amount(needed(store, lower));
  const from = lower.map((low, domain) =>
    Math.max(low, Math.min(upper[domain], epochs[domain] * unique[domain])),
  );
  rest -= amount(from) - amount(lower);
  const byEpochs = Array.from(epochs.keys()).sort((a, b) => epochs[b] - epochs[a]);
  for (const domain of byEpochs) {
    if (rest <= tiny) break;
    const taken = Math.min(rest, upper[domain] - from[domain]);
    budget += taken / epochs[domain];
    rest -= taken;
  }
  return budget;
}

/** Rounding. */
const tiny = 1e-9;

interface Finder {
  /** D: the best mixture of unlimited tokens. */
  readonly free: Float64Array;
  readonly steps: number;
  /** @param before the best use of a smaller budget */
  best(budget: number, before: Purchase | null): Job<Purchase>;
}

function* finderFor(objective: Objective, store: Store, runs: Matrix): Job<Finder> {
  const fresh: Objective = { ...objective, unique: null };
  const { lower, upper } = store;
  const bounds: Bounds = { lower, upper, source: Array.from(upper, () => 'max' as const) };
  const order = yield* rankByScore(scoresOf(objective, yield* rateRows(fresh, runs)));
  const bestRuns = startsWithin(runs, order, bounds);
  return isSmooth(objective)
    ? yield* smoothFinder(fresh, store, bounds, bestRuns)
    : yield* searchFinder(fresh, store, bounds, bestRuns);
}

function* smoothFinder(
  fresh: Objective,
  store: Store,
  bounds: Bounds,
  bestRuns: readonly Float64Array[],
): Job<Finder> {
  const isRegret = fresh.kind === 'regret';
  const least = isRegret ? yield* leastOfTerms(fresh, bounds, bestRuns) : [];
  const free = hasExactOptimum(fresh)
    ? solveExactly(fresh, bounds)
    : yield* solveSmooth(fresh, bounds, bestRuns);
  const inReach = isConvex(fresh) ? [free] : [free, ...startsFor(fresh, bounds, bestRuns)];
  const scoreOf = purchaseScorer(fresh, store, least);
  return {
    free,
    steps: steps.smooth,
    *best(budget, before) {
      const region = affordable(store, budget);
      let places = inReach.map((weights) =>
        moveInto(region, placeOf(weights, spare(store, weights))),
      );
      if (before) places.unshift(placeOf(before.weights, before.tokens));
      for (const temperature of isRegret ? temperatures : [0]) {
        const slope = slopeFor(fresh, store, least, temperature);
        places = [(yield* descendFromBest(places, region, slope)).weights];
      }
      const { weights, tokens } = partsOf(places[0]);
      const found = scoreOf(weights, tokens, budget);
      return before && before.score < found.score ? { ...before, budget } : found;
    },
  };
}

function* searchFinder(
  fresh: Objective,
  store: Store,
  bounds: Bounds,
  bestRuns: readonly Float64Array[],
): Job<Finder> {
  const starts = [...bestRuns.slice(0, startingRuns), fresh.prior];
  const everything = affordable(store, Number.POSITIVE_INFINITY);
  function* freeBest(objective: Objective, least: readonly number[]): Job<Float64Array> {
    const from = starts.map((weights) => mixtureIn(everything, store, weights));
    const { weights } = yield* searchInBatches(from, bounds, function* (mixtures) {
      return scoresOf(objective, yield* rateRows(objective, mixtures), least);
    });
    return weights;
  }
  const least: number[] = [];
  if (fresh.kind === 'regret') {
    for (const term of fresh.terms) {
      const terms = [{ ...term, weight: 1 }];
      const alone: Objective = { ...fresh, kind: 'weighted', terms, kl: 0 };
      const weights = yield* freeBest(alone, []);
      least.push(scoresOf(alone, yield* rateRows(alone, fromRows([weights])))[0]);
    }
  }
  const free = yield* freeBest(fresh, least);
  return {
    free,
    steps: steps.search,
    *best(budget, before) {
      const region = affordable(store, budget);
      const from = [free, ...starts.slice(0, 2)].map((weights) =>
        mixtureIn(region, store, weights),
      );
      if (before) from.unshift(before.weights);
      const { weights } = yield* searchInBatches(
        from,
        bounds,
        function* (mixtures) {
          return scoresOf(fresh, yield* rateBought(fresh, store, budget, mixtures), least);
        },
        roomFor(store, budget),
      );
      const rated = yield* rateBought(fresh, store, budget, fromRows([weights]));
      return {
        budget,
        weights,
        tokens: refreshed(store, weights, budget),
        predictions: rated.predictions.map(([value]) => value),
        score: scoresOf(fresh, rated, least)[0],
      };
    },
  };
}

/** The point of a region nearest to a mixture, as a mixture. */
function mixtureIn(region: Region, store: Store, weights: Float64Array): Float64Array {
  return partsOf(moveInto(region, placeOf(weights, spare(store, weights)))).weights;
}

/** Weights and tokens as the variables of a descent: one after the other. */
function placeOf(weights: Float64Array, tokens: Float64Array): Float64Array {
  return Float64Array.of(...weights, ...tokens);
}

function partsOf(place: Float64Array): { weights: Float64Array; tokens: Float64Array } {
  const count = place.length / 2;
  return { weights: place.slice(0, count), tokens: place.slice(count) };
}

function moveInto(region: Region, place: Float64Array): Float64Array {
  const out = new Float64Array(place.length);
  const mobility = new Float64Array(place.length);
  region.mobilities(place, mobility);
  region.nearest(place, new Float64Array(place.length), mobility, 1, out);
  return out;
}

/** A purchase with its predictions. */
function purchaseScorer(fresh: Objective, store: Store, least: readonly number[]) {
  return (weights: Float64Array, tokens: Float64Array, budget: number): Purchase => {
    const scorer = createScorer(withTokens(fresh, store, tokens), least);
    const predictions = scorer.predictions(weights);
    return { budget, weights, tokens, predictions, score: scorer.score(weights) };
  };
}

/** The objective once the tokens are bought. */
function withTokens(fresh: Objective, { unique, isDiscounted }: Store, tokens: Float64Array) {
  if (!isDiscounted) return fresh;
  return { ...fresh, unique: unique.map((own, domain) => own + tokens[domain]) };
}

/** Value and gradient of an objective in weights and tokens. */
function slopeFor(
  fresh: Objective,
  store: Store,
  least: readonly number[],
  temperature: number,
): Slope {
  const count = store.unique.length;
  const inEffective = new Float64Array(count);
  const plain = createScorer(fresh, least, temperature).withGradient;
  return (place, gradient) => {
    const weights = place.subarray(0, count);
    const inWeights = gradient.subarray(0, count);
    gradient.fill(0, count);
    if (!store.isDiscounted) {
      if (!plain) throw new RangeError('an objective of trees has no gradient');
      return plain(weights, inWeights);
    }
    const objective = withTokens(fresh, store, place.subarray(count));
    const scorer = createScorer(objective, least, temperature).withGradient;
    if (!scorer) throw new RangeError('an objective of trees has no gradient');
    const score = scorer(weights, inWeights, inEffective);
    for (let domain = 0; domain < count; domain++) {
      const unique = store.unique[domain] + place[count + domain];
      if (unique === Number.POSITIVE_INFINITY) continue;
      // The first tokens of a domain that has none will be repeated as often as allowed.
      const isFirst = unique <= 0;
      const slopes = effectiveSlopes(isFirst ? store.epochs[domain] : weights[domain] / unique);
      if (isFirst) inWeights[domain] += (slopes.weight - 1) * inEffective[domain];
      gradient[count + domain] = slopes.unique * inEffective[domain];
    }
    return score;
  };
}

/**
 * The mixtures that a budget affords, with what is bought for them. The nearest point has one price of weight,
 * common to all domains, and one of tokens, which is 0 where the budget is not used up; at given prices each
 * domain is a problem of its own, of two variables.
 */
function affordable(store: Store, budget: number): Region {
  const { lower, upper, unique, epochs, isDiscounted } = store;
  const count = lower.length;
  return {
    mobilities(at, out) {
      for (let i = 0; i < count; i++) {
        out[i] = Math.max(at[i], minMobility);
        const tokens = unique[i] + at[count + i];
        out[count + i] = isDiscounted && Number.isFinite(tokens) ? Math.max(tokens, 1e-3) : free;
      }
    },
    nearest(at, gradient, mobility, length, out) {
      /** Sets one domain at given prices. */
      const settle = (i: number, price: number, tokenPrice: number) => {
        const rate = length * mobility[i];
        const wanted = at[i] - rate * (gradient[i] - price);
        let weight = Math.min(upper[i], Math.max(lower[i], wanted));
        let tokens = 0;
        const inverse = 1 / (length * mobility[count + i]);
        // Of unlimited tokens none are bought.
        if (unique[i] < free) {
          const start = at[count + i] * inverse - gradient[count + i] * (inverse > 0 ? 1 : 0);
          if (inverse > 0) tokens = Math.max(0, (start - tokenPrice) / inverse);
          if (weight > epochs[i] * (unique[i] + tokens)) {
            const line =
              (start + (epochs[i] * (wanted - epochs[i] * unique[i])) / rate - tokenPrice) /
              (epochs[i] ** 2 / rate + inverse);
            const low = Math.max(0, lower[i] / epochs[i] - unique[i]);
            tokens = Math.max(low, Math.min(upper[i] / epochs[i] - unique[i], line));
            weight = Math.max(lower[i], Math.min(upper[i], epochs[i] * (unique[i] + tokens)));
          }
        }
        out[i] = weight;
        out[count + i] = tokens;
      };
      const sums = (price: number, tokenPrice: number) => {
        let weights = 0;
        for (let i = 0; i < count; i++) {
          settle(i, price, tokenPrice);
          weights += out[i];
        }
        return weights;
      };
      const spentAt = (tokenPrice: number) => {
        let low = Number.POSITIVE_INFINITY;
        let high = Number.NEGATIVE_INFINITY;
        for (let i = 0; i < count; i++) {
          const rate = length * mobility[i];
          low = Math.min(low, gradient[i] + (lower[i] - at[i]) / rate);
          high = Math.max(high, gradient[i] + (upper[i] - at[i]) / rate);
        }
        // Weight that has to be bought asks a higher price.
        for (let reach = 1; sums(high, tokenPrice) < 1 - tiny && reach < 1e18; reach *= 4) {
          high += reach * (1 + tokenPrice);
        }
        crossing((price) => sums(price, tokenPrice) - 1, low, high);
        let bought = 0;
        for (let i = 0; i < count; i++) bought += out[count + i];
        return bought;
      };
      // The least budget of all is met to rounding alone.
      const most = budget + tiny / 10;
      if (spentAt(0) > most) {
        let high = 1;
        for (let doubling = 0; spentAt(high) > most && doubling < 40; doubling++) high *= 4;
        crossing((tokenPrice) => most - spentAt(tokenPrice), 0, high);
      }
      finish(store, out);
    },
  };
}

const free = Number.POSITIVE_INFINITY;

/** The remainder from rounding goes to weights that are at no limit. */
function finish({ lower, upper, unique, epochs }: Store, place: Float64Array): void {
  const count = lower.length;
  let rest = 1;
  for (let i = 0; i < count; i++) rest -= place[i];
  for (let i = 0; i < count && rest !== 0; i++) {
    const cap = Math.min(upper[i], epochs[i] * (unique[i] + place[count + i]));
    const moved = Math.min(Math.max(cap, place[i]), Math.max(lower[i], place[i] + rest));
    rest -= moved - place[i];
    place[i] = moved;
  }
}

/**
 * Narrows down where a function that does not fall crosses 0, and leaves it evaluated there, from above:
 * regula falsi that halves the weight of an end that stays (the Illinois method; Dowell and Jarratt 1971).
 */
function crossing(value: (at: number) => number, low: number, high: number): void {
  let atLow = value(low);
  if (atLow >= 0) return;
  let atHigh = value(high);
  let last = high;
  let side = 0;
  for (let step = 0; step < 100 && high - low > 1e-15 * (Math.abs(low) + Math.abs(high)); step++) {
    if (atHigh <= 1e-14) break;
    const falsi = (low * atHigh - high * atLow) / (atHigh - atLow);
    const middle = (low + high) / 2;
    const guess = step % 3 < 2 && falsi > low && falsi < high ? falsi : middle;
    if (guess <= low || guess >= high) break;
    last = guess;
    const found = value(guess);
    if (found >= 0) {
      high = guess;
      atHigh = found;
      if (side > 0) atLow /= 2;
      side = 1;
    } else {
      low = guess;
      atLow = found;
      if (side < 0) atHigh /= 2;
      side = -1;
    }
  }
  if (last !== high) value(high);
}

/** How much weight a search may move without spending more than the budget. */
function roomFor(store: Store, budget: number): Room {
  const { lower, upper, unique, epochs } = store;
  return (weights, from, to, step) => {
    const most = Math.min(step, weights[from] - lower[from], upper[to] - weights[to]);
    const cost = (domain: number, weight: number) =>
      Math.max(0, weight / epochs[domain] - unique[domain]);
    const others =
      amount(needed(store, weights)) - cost(from, weights[from]) - cost(to, weights[to]);
    const left = budget - others;
    const isWithin = (moved: number) =>
      cost(from, weights[from] - moved) + cost(to, weights[to] + moved) <= left + tiny;
    if (most <= 0 || isWithin(most)) return most;
    // The cost is convex in what is moved: what is affordable is an interval from 0.
    let low = 0;
    let high = most;
    for (let halving = 0; halving < 30; halving++) {
      const middle = (low + high) / 2;
      if (isWithin(middle)) low = middle;
      else high = middle;
    }
    return low;
  };
}

/**
 * What is bought for a mixture: what it needs, and where repeats count less, fresh tokens for what is repeated
 * most. A domain's effective data gains from tokens by its epochs alone, so that they are evened out from the top.
 */
function refreshed(store: Store, weights: Float64Array, budget: number): Float64Array {
  const least = needed(store, weights);
  if (!store.isDiscounted || amount(least) >= budget) return least;
  const at = (epochs: number) =>
    least.map((need, domain) => Math.max(need, weights[domain] / epochs - store.unique[domain]));
  let low = 1;
  if (amount(at(low)) <= budget) return at(low);
  let high = Math.max(1, ...store.epochs);
  for (let halving = 0; halving < 50; halving++) {
    const middle = (low + high) / 2;
    if (amount(at(middle)) <= budget) high = middle;
    else low = middle;
  }
  return at(high);
}

/** As `rateRows`, with the tokens that the budget buys for each mixture. */
function* rateBought(
  fresh: Objective,
  store: Store,
  budget: number,
  mixtures: Matrix,
): Job<RatedRows> {
  if (!store.isDiscounted) return yield* rateRows(fresh, mixtures);
  const seen = zeros(mixtures.rows, mixtures.columns);
  for (let row = 0; row < seen.rows; row++) {
    const weights = rowOf(mixtures, row);
    const bought = refreshed(store, weights, budget);
    weights.forEach((weight, domain) => {
      const unique = store.unique[domain] + bought[domain];
      seen.values[row * seen.columns + domain] = effectiveWeight(weight, unique).value;
    });
  }
  const { predictions } = yield* rateRows({ ...fresh, kl: 0 }, seen);
  // The pull to the prior is of weights, not of effective data.
  const { pull } = yield* rateRows({ ...fresh, terms: [] }, mixtures);
  return { predictions, pull };
}
