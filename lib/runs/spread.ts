/** What the choice of mixture does to one target over a table of runs. */
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
  const measured: number[] = [];
  for (let row = 0; row < values.length; row++) {
    if (Number.isFinite(values[row])) measured.push(row);
  }
  measured.sort((a, b) => values[a] - values[b]);
  if (direction === 'higher') measured.reverse();
  const n = measured.length;
  if (n === 0) {
    return {
      n,
      best: -1,
      worst: -1,
      bestValue: Number.NaN,
      median: Number.NaN,
      worstValue: Number.NaN,
    };
  }
  const best = measured[0];
  const worst = measured[n - 1];
  const middle = (values[measured[(n - 1) >> 1]] + values[measured[n >> 1]]) / 2;
  return { n, best, worst, bestValue: values[best], median: middle, worstValue: values[worst] };
}
