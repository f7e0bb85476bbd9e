import { runJob } from '../job';
import { standardDeviation } from './importance';
import { numberMixtures } from './same-mixtures';
import { measuredRows, type TargetRows } from './sample';

/** How much a target varies when the same mixture is trained again. */
export interface NoiseFloor {
  /** Mixtures that were trained more than once, and the runs that did. */
  readonly groups: number;
  readonly runs: number;
  /** Pooled standard deviation within groups, in the target's unit. */
  readonly sd: number;
  /**
   * Highest correlation with single runs that any predictor can reach, 0..1: sqrt(1 - sd^2 / variance),
   * the correlation of a value without noise with one that has it (Spearman 1904, on attenuation).
   */
  readonly ceiling: number;
}

/**
 * The noise of repeated mixtures: what training with another seed changes.
 *
 * @returns null when no mixture was measured twice
 */
export function noiseFloor(rows: TargetRows): NoiseFloor | null {
  const [mixtures] = runJob(numberMixtures([rows.features]));
  const measured = measuredRows(rows);
  const counts = new Int32Array(mixtures.length);
  const means = new Float64Array(mixtures.length);
  for (const row of measured) {
    const mixture = mixtures[row];
    counts[mixture]++;
    means[mixture] += (rows.values[row] - means[mixture]) / counts[mixture];
  }
  const groups = counts.filter((count) => count > 1);
  if (groups.length === 0) return null;
  const runs = groups.reduce((sum, count) => sum + count, 0);
  const squares = measured.reduce(
    (sum, row) => sum + (rows.values[row] - means[mixtures[row]]) ** 2,
    0,
  );
  const sd = Math.sqrt(squares / (runs - groups.length));
  const spread = standardDeviation(Float64Array.from(measured, (row) => rows.values[row]));
  return {
    groups: groups.length,
    runs,
    sd,
    ceiling: spread > 0 ? Math.sqrt(Math.max(0, 1 - (sd / spread) ** 2)) : 0,
  };
}
