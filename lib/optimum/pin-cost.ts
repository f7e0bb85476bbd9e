import type { PinPrices } from '../model/limits';

/**
 * What a pin at a weight costs, between the weights that were tried: a cubic in the root of the weight that is
 * monotone between two of them (Fritsch and Butland 1984), so that it is never below 0 and flat at the optimum.
 *
 * @param weight 0..1; beyond those tried, the cost at the nearest end
 */
export function costAt({ weights, costs }: PinPrices, weight: number): number {
  const last = weights.length - 1;
  if (weight <= weights[0]) return costs[0];
  if (weight >= weights[last]) return costs[last];
  const at = weights.map(Math.sqrt);
  const right = weights.findIndex((each) => each > weight);
  const left = right - 1;
  const width = at[right] - at[left];
  const t = (Math.sqrt(weight) - at[left]) / width;
  const rest = 1 - t;
  return (
    (1 + 2 * t) * rest * rest * costs[left] +
    t * rest * rest * width * slopeAt(left) +
    t * t * (3 - 2 * t) * costs[right] -
    t * t * rest * width * slopeAt(right)
  );

  function secant(place: number): number {
    return (costs[place + 1] - costs[place]) / (at[place + 1] - at[place]);
  }

  /** The weighted harmonic mean of the slopes to both sides; 0 where they differ in sign. */
  function slopeAt(place: number): number {
    if (place === 0) return secant(0);
    if (place === last) return secant(last - 1);
    const [before, after] = [secant(place - 1), secant(place)];
    if (before * after <= 0) return 0;
    const [near, far] = [at[place] - at[place - 1], at[place + 1] - at[place]];
    const share = (near + 2 * far) / (3 * (near + far));
    return (before * after) / (share * after + (1 - share) * before);
  }
}
