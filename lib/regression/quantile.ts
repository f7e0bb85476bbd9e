/**
 * A quantile of values, linear between neighbours: definition 7 of Hyndman and Fan (1996), numpy's
 * default.
 *
 * @param sorted ascending, at least one
 * @param share 0..1
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
}
