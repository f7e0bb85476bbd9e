/** Bounds of weights from constraints, and whether any mixture meets them. */
import { tolerance } from '../mixture/simplex';
import { formatList, formatNumber, formatPercent, formatTokens } from '../model/format';
import type { BoundSource, Bounds, Constraints, Feasibility, Remedy } from '../model/limits';
import { columnOf } from '../model/matrix';
import type { Domain, RunTable, Target } from '../model/study';
import { withoutOutliers } from '../regression/outliers';

/** What of a study says which weights were tried. */
export interface TriedRuns {
  readonly training: Pick<RunTable, 'mixtures' | 'losses'>;
  /** Of the losses' columns. */
  readonly targets: readonly Pick<Target, 'direction'>[];
}

/** Per table, under the directions of its targets: many panels ask on every frame of a slider. */
const known = new WeakMap<TriedRuns['training'], Map<string, Float64Array>>();

/**
 * The largest weight of each domain over the runs that a fit to any target uses, whichever is optimised: a run
 * was trained on its weights if it did not diverge, and limits stay when another target is chosen. 0 where none
 * has any weight.
 *
 * @returns D values, 0..1, not to be changed
 */
function largestTried({ training, targets }: TriedRuns): Float64Array {
  const ofTable = known.get(training) ?? new Map<string, Float64Array>();
  known.set(training, ofTable);
  const directions = targets.map(({ direction }) => direction);
  const before = ofTable.get(directions.join());
  if (before) return before;
  const { mixtures, losses } = training;
  const largest = new Float64Array(mixtures.columns);
  // A run without any loss, or one that diverged in all, has tried nothing; of a study that has no losses yet,
  // all count.
  const isMeasured = losses.values.some(Number.isFinite);
  const hasTried = new Uint8Array(mixtures.rows);
  directions.forEach((direction, target) => {
    withoutOutliers(columnOf(losses, target), direction).forEach((value, row) => {
      if (Number.isFinite(value)) hasTried[row] = 1;
    });
  });
  for (let row = 0; row < mixtures.rows; row++) {
    if (isMeasured && hasTried[row] === 0) continue;
    const start = row * mixtures.columns;
    for (let domain = 0; domain < largest.length; domain++) {
      largest[domain] = Math.max(largest[domain], mixtures.values[start + domain]);
    }
  }
  // What is left of rounding is no weight, and a weight of all but that is all.
  const rounded = largest.map((most) => (most < tolerance ? 0 : most > 1 - tolerance ? 1 : most));
  ofTable.set(directions.join(), rounded);
  return rounded;
}

/**
 * The bounds that constraints put on each weight. A domain's cap is RegMix's
 * min(1, epochs * available / requested) (Liu et al. 2024, section 3; its blog's worked example), its own
 * largest weight, and the largest weight that was tried: beyond it nothing was measured. That one gives way to
 * a lock or a least weight of the user.
 *
 * @param study whose runs say what was tried; null = whatever was tried, for mixtures that are to be tried
 */
export function boundsOf(constraints: Constraints, study: TriedRuns | null): Bounds {
  const tried = study && largestTried(study);
  if (!tried) return boxOf(constraints, new Float64Array(constraints.max.length).fill(1));
  return boxOf(constraints, constraints.beyondTried ? lifted(tried) : tried);
}

/** Largest weights once the limit is lifted: still nothing of what no run sampled. */
function lifted(tried: Float64Array): Float64Array {
  return tried.map((most) => (most > 0 ? 1 : 0));
}

/** @param tried D, the largest weights that what was tried allows */
function boxOf(constraints: Constraints, tried: Float64Array): Bounds {
  const count = constraints.max.length;
  const lower = new Float64Array(count);
  const upper = new Float64Array(count);
  const source: BoundSource[] = [];
  const isLimited = (domain: number) =>
    constraints.requestedTokens !== null && constraints.availableTokens[domain] !== null;
  const epochs = Float64Array.from(constraints.epochs, (value, domain) =>
    isLimited(domain) ? value : 0,
  );
  for (let domain = 0; domain < count; domain++) {
    const locked = constraints.locked[domain];
    if (locked !== null) {
      lower[domain] = locked;
      upper[domain] = locked;
      source.push('lock');
      continue;
    }
    const cap = tokenCap(constraints, domain);
    const max = constraints.max[domain] ?? 1;
    const most = Math.max(tried[domain], constraints.min[domain]);
    lower[domain] = constraints.min[domain];
    upper[domain] = Math.min(cap, max, most);
    if (upper[domain] >= 1) source.push('none');
    // Neither tokens nor another largest weight would change what no run has.
    else if (most === 0) source.push('tried');
    else if (most < cap && most < max) source.push(most > tried[domain] ? 'min' : 'tried');
    else source.push(max < cap ? 'max' : 'tokens');
  }
  return { lower, upper, source, tried, epochs };
}

/**
 * The weights at which a domain could be pinned: between the bounds that it has without a pin, and so that the
 * other domains can make up the rest.
 *
 * @param bounds with all pins
 * @param free without any
 * @returns smallest and largest weight, 0..1; null where there is no choice
 */
export function reachOf(bounds: Bounds, free: Bounds, domain: number): [number, number] | null {
  let [least, most] = [0, 0];
  for (let other = 0; other < bounds.lower.length; other++) {
    if (other === domain) continue;
    least += bounds.lower[other];
    most += bounds.upper[other];
  }
  const low = Math.max(free.lower[domain], 1 - most);
  const high = Math.min(free.upper[domain], 1 - least);
  return high - low > bindingSlack ? [low, high] : null;
}

/**
 * The weights of a domain at which a mixture meets the bounds while the other domains keep their proportions.
 *
 * @param at D weights summing to 1
 * @returns smallest and largest weight, 0..1; null where there is none
 */
export function reachAlong(
  { lower, upper }: Bounds,
  at: Float64Array,
  domain: number,
): [number, number] | null {
  const others = 1 - at[domain];
  let [low, high] = [lower[domain], upper[domain]];
  for (let other = 0; other < at.length; other++) {
    if (other === domain) continue;
    // Without any other weight there are no proportions: all get as much.
    const share = others > 1e-9 ? at[other] / others : 1 / (at.length - 1);
    if (share > 0) {
      low = Math.max(low, 1 - (upper[other] + bindingSlack) / share);
      high = Math.min(high, 1 - (lower[other] - bindingSlack) / share);
    } else if (lower[other] > bindingSlack) return null;
  }
  return low <= high + bindingSlack ? [low, Math.max(low, high)] : null;
}

/** Whether a domain has no weight only because no run sampled it. */
export function isUntried({ upper, source }: Bounds, domain: number): boolean {
  return source[domain] === 'tried' && upper[domain] === 0;
}

/** What a weight at one of its bounds is held by: its least weight, or what its cap comes from. */
export function heldBy(
  { lower, upper, source }: Bounds,
  domain: number,
  weight: number,
): BoundSource {
  return weight - lower[domain] < upper[domain] - weight ? 'min' : source[domain];
}

/** Weights nearer to a bound than this count as bound by it: less than the page displays. */
export const bindingSlack = 1e-6;

/** Domains whose weight is beyond its bounds. */
export function violatedBy(weights: Float64Array, { lower, upper }: Bounds): number[] {
  return Array.from(weights.keys()).filter(
    (domain) =>
      weights[domain] > upper[domain] + bindingSlack ||
      weights[domain] < lower[domain] - bindingSlack,
  );
}

/** The largest weight that a domain's tokens allow, 0..1. */
function tokenCap(constraints: Constraints, domain: number): number {
  const { requestedTokens, availableTokens, epochs } = constraints;
  const available = availableTokens[domain];
  if (requestedTokens === null || available === null) return 1;
  return Math.min(1, (epochs[domain] * available) / requestedTokens);
}

/** Unique tokens per domain as shares of the requested tokens; Infinity = unlimited. */
export function uniqueShares({ requestedTokens, availableTokens }: Constraints): Float64Array {
  return Float64Array.from(availableTokens, (available) =>
    available === null || requestedTokens === null
      ? Number.POSITIVE_INFINITY
      : available / requestedTokens,
  );
}

/** Whether any mixture meets the bounds; if not, what is wrong, by how much, and possible remedies. */
export function feasibilityOf(
  bounds: Bounds,
  constraints: Constraints,
  domains: readonly Domain[],
): Feasibility {
  const byBounds: Remedy = {
    text: 'Change the named limits.',
    change: { kind: 'bounds' },
  };
  const overlocked = domains.flatMap(({ name }, domain) => {
    const locked = constraints.locked[domain];
    const cap = tokenCap(constraints, domain);
    return locked !== null && locked > cap + tolerance ? [{ name, excess: locked - cap, cap }] : [];
  });
  if (overlocked.length > 0) {
    return {
      feasible: false,
      message: `${formatList(overlocked.map(({ name, cap }) => `${name} is locked above the ${formatPercent(cap, 1)} that its tokens allow`))}.`,
      shortfall: Math.max(...overlocked.map(({ excess }) => excess)),
      remedies: [byBounds],
    };
  }
  const crossed = domains.flatMap(({ name }, domain) =>
    bounds.lower[domain] > bounds.upper[domain] + tolerance
      ? [{ name, lower: bounds.lower[domain], upper: bounds.upper[domain] }]
      : [],
  );
  if (crossed.length > 0) {
    return {
      feasible: false,
      message: `${formatList(crossed.map(({ name, lower, upper }) => `${name} must be at least ${formatPercent(lower, 1)} and at most ${formatPercent(upper, 1)}`))}.`,
      shortfall: Math.max(...crossed.map(({ lower, upper }) => lower - upper)),
      remedies: [byBounds],
    };
  }
  const floors = sum(bounds.lower);
  if (floors > 1 + tolerance) {
    return {
      feasible: false,
      message: `Least weights and locks add up to ${formatPercent(floors, 1)}, ${formatPercent(floors - 1, 1)} too much.`,
      shortfall: floors - 1,
      remedies: [{ ...byBounds, text: 'Lower some of the least weights or locks.' }],
    };
  }
  const caps = sum(bounds.upper);
  if (caps < 1 - tolerance) {
    const shortfall = 1 - caps;
    const { requestedTokens } = constraints;
    const points = `${formatNumber(shortfall * 100, 1)} points short of 100%`;
    const without = requestedTokens
      ? `${points}: ${formatTokens(shortfall * requestedTokens)} of the ${formatTokens(requestedTokens)} requested tokens have no source`
      : points;
    const limits = bounds.source.includes('tried')
      ? 'Your limits and the largest weights tried'
      : 'Your limits';
    return {
      feasible: false,
      message: `${limits} add up to ${formatPercent(caps, 1)}, ${without}.`,
      shortfall,
      remedies: remediesFor(bounds, constraints, domains, shortfall),
    };
  }
  return { feasible: true };
}

/** Epochs beyond which to repeat is no remedy. */
const mostEpochs = 100;

function remediesFor(
  bounds: Bounds,
  constraints: Constraints,
  domains: readonly Domain[],
  shortfall: number,
): Remedy[] {
  const remedies: Remedy[] = [];
  const { requestedTokens, epochs } = constraints;
  const tried = bounds.tried ?? new Float64Array(bounds.upper.length).fill(1);
  const scale = requestedTokens === null ? null : feasibleScale(constraints, tried);
  if (requestedTokens !== null && scale !== null) {
    const value = roundDown(requestedTokens * scale);
    const factor = roundUp(requestedTokens / value);
    remedies.push({
      text: `Request at most ${formatTokens(value)} tokens.`,
      change: { kind: 'requestedTokens', value },
    });
    if (Math.max(...epochs) * factor <= mostEpochs) {
      remedies.push({
        text: `Repeat ${factor} times as often: ${formatEpochs(epochs, factor)}.`,
        change: { kind: 'epochs', factor },
      });
    }
  }
  const widest = widestTokenCap(bounds, constraints, tried, shortfall);
  if (requestedTokens !== null && widest >= 0) {
    const missing = roundUp((shortfall * requestedTokens) / epochs[widest]);
    remedies.push({
      text: `Find ${formatTokens(missing)} more tokens, for example of ${domains[widest].name}.`,
      change: { kind: 'availableTokens', domain: widest, missing },
    });
  }
  if (sum(boxOf(constraints, lifted(tried)).upper) >= 1 - tolerance) {
    remedies.push({
      text: 'Lift “largest tried”: weights may then exceed those measured.',
      change: { kind: 'beyondTried' },
    });
  }
  if (remedies.length === 0) {
    remedies.push({ text: 'Raise some of the largest weights.', change: { kind: 'bounds' } });
  }
  return remedies;
}

/** The domain with the widest cap by tokens among those that no other limit stops short; -1 = none. */
function widestTokenCap(
  { upper, source }: Bounds,
  { max }: Constraints,
  tried: Float64Array,
  shortfall: number,
): number {
  let widest = -1;
  for (let domain = 0; domain < upper.length; domain++) {
    if (source[domain] !== 'tokens' || max[domain] !== null) continue;
    if (upper[domain] + shortfall > tried[domain] + tolerance) continue;
    if (widest < 0 || upper[domain] > upper[widest]) widest = domain;
  }
  return widest;
}

/** The largest share of the requested tokens at which the caps reach 1; null when none does. */
function feasibleScale(constraints: Constraints, tried: Float64Array): number | null {
  const { requestedTokens } = constraints;
  if (requestedTokens === null) return null;
  const capsAt = (scale: number) =>
    sum(boxOf({ ...constraints, requestedTokens: requestedTokens * scale }, tried).upper);
  let low = 1;
  while (capsAt(low) < 1) {
    low /= 2;
    if (low < 1e-9) return null;
  }
  let high = low * 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (capsAt(middle) >= 1) low = middle;
    else high = middle;
  }
  return low;
}

function formatEpochs(epochs: readonly number[], factor: number): string {
  const low = Math.min(...epochs) * factor;
  const high = Math.max(...epochs) * factor;
  const text = (value: number) => String(Number(value.toPrecision(3)));
  return low === high ? `${text(low)} epochs` : `${text(low)} to ${text(high)} epochs`;
}

/** Three significant digits, never more than the value. */
function roundDown(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  const rounded = Number((Math.floor(value / unit) * unit).toPrecision(3));
  return rounded <= value ? rounded : Number((rounded - unit).toPrecision(3));
}

/** Three significant digits, never less than the value. */
function roundUp(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  const rounded = Number((Math.ceil(value / unit) * unit).toPrecision(3));
  return rounded >= value ? rounded : Number((rounded + unit).toPrecision(3));
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
