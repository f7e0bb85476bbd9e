import { formatNumber, formatPercent } from '../../lib/format';
import { gridPoints, type Triple } from './ternary-geometry';

/** What the contours show, in a sentence. */
export function summarise(
  values: Float64Array | null,
  steps: number,
  corners: readonly string[],
  quantity: string,
): string {
  const what = `Predicted ${quantity} over ${corners.join(', ')}`;
  if (!values) return `${what}.`;
  const points = gridPoints(steps);
  const tell = (place: number) =>
    `${formatNumber(values[place], 3)} at ${points[place].map((share, corner) => `${formatPercent(share, 0)} ${corners[corner]}`).join(', ')}`;
  let [low, high] = [0, 0];
  for (let place = 1; place < values.length; place++) {
    if (values[place] < values[low]) low = place;
    if (values[place] > values[high]) high = place;
  }
  return `${what}, by their shares: from ${tell(low)} to ${tell(high)}.`;
}

/** Weights as shares of their sum; null when they weigh nothing together. */
export function sharesOf(weights: Triple | null): Triple | null {
  if (!weights) return null;
  const total = weights[0] + weights[1] + weights[2];
  return total > 1e-6 ? [weights[0] / total, weights[1] / total, weights[2] / total] : null;
}

/** In steps of a tenth of a point. */
export function rounded([a, b]: Triple): Triple {
  const left = Math.round(a * 1000) / 1000;
  const right = Math.min(1 - left, Math.round(b * 1000) / 1000);
  return [left, right, Math.max(0, Math.round((1 - left - right) * 1000) / 1000)];
}

/** The value of the grid point nearest to a mixture. */
export function nearestValue(values: Float64Array, steps: number, [, b, c]: Triple): number {
  const top = Math.min(steps, Math.round(c * steps));
  const right = Math.min(steps - top, Math.round(b * steps));
  // Rows below hold steps + 1, steps, ... points.
  const start = top * (steps + 1) - (top * (top - 1)) / 2;
  return values[start + right];
}
