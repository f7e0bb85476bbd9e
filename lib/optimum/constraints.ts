/** Bounds of weights from constraints, and whether any mixture meets them. */
import { tolerance } from '../mixture/simplex';
import { formatList, formatNumber, formatPercent, formatTokens } from '../model/format';
import type { BoundSource, Bounds, Constraints, Feasibility, Remedy } from '../model/limits';
import type { Domain } from '../model/study';

/**
 * The bounds that constraints put on each weight. A domain's cap is RegMix's
 * min(1, epochs * available / requested) (Liu et al. 2024, section 3; its blog's worked example).
 */
export function boundsOf(constraints: Constraints): Bounds {
  const count = constraints.max.length;
  const lower = new Float64Array(count);
  const upper = new Float64Array(count);
  const source: BoundSource[] = [];
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
    lower[domain] = constraints.min[domain];
    upper[domain] = Math.min(cap, max);
    source.push(upper[domain] >= 1 ? 'none' : max < cap ? 'max' : 'tokens');
  }
  return { lower, upper, source };
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
    return {
      feasible: false,
      message: `Your limits add up to ${formatPercent(caps, 1)}, ${without}.`,
      shortfall,
      remedies: remediesFor(bounds, constraints, domains, shortfall),
    };
  }
  return { feasible: true };
}

function remediesFor(
  bounds: Bounds,
  constraints: Constraints,
  domains: readonly Domain[],
  shortfall: number,
): Remedy[] {
  const remedies: Remedy[] = [];
  const { requestedTokens, epochs } = constraints;
  const scale = requestedTokens === null ? null : feasibleScale(constraints);
  if (requestedTokens !== null && scale !== null) {
    const value = roundDown(requestedTokens * scale);
    const factor = roundUp(requestedTokens / value);
    remedies.push({
      text: `Request at most ${formatTokens(value)} tokens.`,
      change: { kind: 'requestedTokens', value },
    });
    remedies.push({
      text: `Repeat ${factor} times as often: ${formatEpochs(epochs, factor)}.`,
      change: { kind: 'epochs', factor },
    });
  }
  const widest = widestTokenCap(bounds, constraints);
  if (requestedTokens !== null && widest >= 0) {
    const missing = roundUp((shortfall * requestedTokens) / epochs[widest]);
    remedies.push({
      text: `Find ${formatTokens(missing)} more tokens, of ${domains[widest].name} say.`,
      change: { kind: 'availableTokens', domain: widest, missing },
    });
  }
  if (remedies.length === 0) {
    remedies.push({ text: 'Raise some of the largest weights.', change: { kind: 'bounds' } });
  }
  return remedies;
}

/** The domain whose cap grows most with more tokens; -1 when tokens bind none. */
function widestTokenCap({ upper, source }: Bounds, { max }: Constraints): number {
  let widest = -1;
  for (let domain = 0; domain < upper.length; domain++) {
    if (source[domain] !== 'tokens' || max[domain] !== null) continue;
    if (widest < 0 || upper[domain] > upper[widest]) widest = domain;
  }
  return widest;
}

/** The largest share of the requested tokens at which the caps reach 1; null when none does. */
function feasibleScale(constraints: Constraints): number | null {
  const { requestedTokens } = constraints;
  if (requestedTokens === null) return null;
  const capsAt = (scale: number) =>
    sum(boundsOf({ ...constraints, requestedTokens: requestedTokens * scale }).upper);
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
