import { tolerance } from '../mixture/simplex';

/** Steps into which 1 is divided, coarse to fine: the first that leaves a way within the bounds is taken. */
const steps = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
/** Steps that a domain's mean share should span, so that many domains are not all rounded to 0. */
const stepsPerDomain = 20;
/** Part of the tolerance of bounds that rounding may use up; the rest is for the error of doubles. */
const slack = 0.9 * tolerance;

/**
 * Weights as multiples of 0.001, by the largest remainder, that still sum to 1 and lie within the
 * bounds to 1e-9: numbers that a person can type. With many domains, or bounds that no such multiples
 * meet, the multiples are finer.
 *
 * @param weights D weights within the bounds, summing to 1
 */
export function roundWithin(
  weights: Float64Array,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): Float64Array {
  for (const parts of steps) {
    if (parts < stepsPerDomain * weights.length && parts < 1e6) continue;
    const counts = roundTo(parts, weights, lower, upper);
    if (counts) return counts.map((count) => count / parts);
  }
  return weights;
}

/** D counts that sum to `parts`; null when no counts lie within the bounds. */
function roundTo(
  parts: number,
  weights: Float64Array,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): Float64Array | null {
  const least = Float64Array.from(lower, (bound) =>
    Math.max(0, Math.ceil((bound - slack) * parts)),
  );
  const most = Float64Array.from(upper, (bound) => Math.floor((bound + slack) * parts));
  if (least.some((count, domain) => count > most[domain])) return null;
  if (sum(least) > parts || sum(most) < parts) return null;
  const counts = weights.map((weight, domain) =>
    Math.min(most[domain], Math.max(least[domain], Math.floor(weight * parts))),
  );
  const order = Array.from(counts, (_, domain) => domain);
  let rest = parts - sum(counts);
  while (rest !== 0) {
    const one = Math.sign(rest);
    const due = (domain: number) => one * (weights[domain] * parts - counts[domain]);
    order.sort((a, b) => due(b) - due(a) || a - b);
    for (const domain of order) {
      const next = counts[domain] + one;
      if (rest === 0 || next < least[domain] || next > most[domain]) continue;
      counts[domain] = next;
      rest -= one;
    }
  }
  return counts;
}

function sum(counts: Float64Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
