/** The simplex of mixtures: distances, projection onto bounds, and one weight set by hand. */
/** Slack within which sums and bounds are taken as met. */
export const tolerance = 1e-9;

/** Half the L1 distance of two mixtures: the share of weight that must move, 0..1. */
export function totalVariation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let domain = 0; domain < a.length; domain++) sum += Math.abs(a[domain] - b[domain]);
  return sum / 2;
}

/** Whether the weights lie within the bounds and sum to 1, both to 1e-9. */
export function isWithin(
  weights: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): boolean {
  let sum = 0;
  for (let domain = 0; domain < weights.length; domain++) {
    const weight = weights[domain];
    if (!(weight >= lower[domain] - tolerance && weight <= upper[domain] + tolerance)) return false;
    sum += weight;
  }
  return Math.abs(sum - 1) <= tolerance;
}

/**
 * The nearest mixture within bounds, in Euclidean distance: every weight is shifted by one common
 * amount and cut to its bounds (Wang and Carreira-Perpiñán 2013, arXiv 1309.1541, with an upper
 * bound). The shift is found by bisection.
 *
 * @param weights D values, any
 * @param lower D values, with a sum of at most 1
 * @param upper D values >= lower, with a sum of at least 1
 * @returns D values within the bounds that sum to 1 to 1e-12
 */
export function projectToBounds(
  weights: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): Float64Array {
  const count = weights.length;
  const out = new Float64Array(count);
  const cut = (shift: number): number => {
    let sum = 0;
    for (let domain = 0; domain < count; domain++) {
      const moved = weights[domain] + shift;
      out[domain] = Math.min(upper[domain], Math.max(lower[domain], moved));
      sum += out[domain];
    }
    return sum;
  };
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let domain = 0; domain < count; domain++) {
    low = Math.min(low, lower[domain] - weights[domain]);
    high = Math.max(high, upper[domain] - weights[domain]);
  }
  for (let step = 0; step < 100 && high - low > 0; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (cut(middle) < 1) low = middle;
    else high = middle;
  }
  settle(out, cut((low + high) / 2), lower, upper);
  return out;
}

/** Adds the remainder from rounding to weights that are not at their bounds. */
function settle(
  weights: Float64Array,
  sum: number,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): void {
  let rest = 1 - sum;
  for (let domain = 0; domain < weights.length && rest !== 0; domain++) {
    const moved = Math.min(upper[domain], Math.max(lower[domain], weights[domain] + rest));
    rest -= moved - weights[domain];
    weights[domain] = moved;
  }
}

/**
 * A mixture with one weight set: the others keep their proportions and share what is left. Where they have no
 * weight, they share it equally.
 *
 * @param mixture D weights >= 0 that sum to 1
 * @param domain whose weight is set
 * @param weight wanted, 0..1; less where held weights leave less, all that is left where every other is held
 * @param held domains whose weight stays; that of `domain` itself does not count
 * @returns D weights >= 0 that sum to 1
 */
export function withWeight(
  mixture: ArrayLike<number>,
  domain: number,
  weight: number,
  held: ReadonlySet<number> = new Set(),
): number[] {
  const weights = Array.from(mixture);
  const free: number[] = [];
  let room = 1;
  for (let other = 0; other < weights.length; other++) {
    if (other === domain) continue;
    if (held.has(other)) room -= weights[other];
    else free.push(other);
  }
  room = Math.max(0, room);
  const set = free.length === 0 ? room : Math.min(room, Math.max(0, weight));
  const rest = room - set;
  const before = free.reduce((sum, other) => sum + weights[other], 0);
  for (const other of free) {
    weights[other] = before > 0 ? (weights[other] / before) * rest : rest / free.length;
  }
  weights[domain] = set;
  return weights;
}
