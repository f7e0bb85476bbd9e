/** How much one target varies over a table of runs. */
export interface TargetSpread {
  /** Runs in which the target was measured. */
  readonly n: number;
  /** Index of the best and of the worst run; -1 when n = 0. */
  readonly best: number;
  readonly worst: number;
  /** In the target's unit; NaN when n = 0. */
  readonly bestValue: number;
  readonly median: number;
  readonly worstValue: number;
}

/**
 * RegMix's first insight (Liu et al. 2024, section 5.1): how much mixtures alone move a target.
 *
 * @param values one per run; NaN = not measured
 */
export function measureSpread(values: Float64Array, direction: 'lower' | 'higher'): TargetSpread {
  const sign = direction === 'lower' ? 1 : -1;
  let n = 0;
  let best = -1;
  let worst = -1;
  const measured = new Float64Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (!Number.isFinite(value)) continue;
    measured[n++] = value;
    if (best < 0 || sign * value < sign * values[best]) best = row;
    if (worst < 0 || sign * value > sign * values[worst]) worst = row;
  }
  const sorted = measured.subarray(0, n).sort();
  return {
    n,
    best,
    worst,
    bestValue: n === 0 ? Number.NaN : values[best],
    median: n === 0 ? Number.NaN : (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2,
    worstValue: n === 0 ? Number.NaN : values[worst],
  };
}
