import { type Bands, bandLevels } from '../model/regressor';

/**
 * Conformal bands (Lei et al. 2018, section 2; for left-out residuals the jackknife of their section 2.4).
 *
 * @param residuals measured minus predicted by a fit that has not seen the run; NaN = not measured
 */
export function bandsOf(residuals: Float64Array, rows: Bands['rows']): Bands {
  const sorted = residuals.filter(Number.isFinite).map(Math.abs).sort();
  const [narrow, usual, wide] = bandLevels.map((level) => halfWidth(sorted, level / 100));
  return { rows, halfWidths: { 80: narrow, 90: usual, 95: wide } };
}

/**
 * Split-conformal half-width (Lei et al. 2018, section 2.2): with exchangeable residuals, between
 * `level` and `level + 1 / (n + 1)` of unseen rows lie within it of their prediction.
 *
 * @param sorted n absolute residuals, ascending
 * @param level 0..1
 * @returns >= 0; the largest residual when there are too few for the level; NaN without residuals
 */
function halfWidth(sorted: Float64Array, level: number): number {
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  return sorted[Math.min(n, Math.ceil((n + 1) * level)) - 1];
}
