/** Bands round predictions, from what fits predicted for runs that they had not seen. */
import { type BandLevel, type Bands, bandLevels } from '../model/regressor';

/** Unseen predictions with what was measured: one entry per run each. */
export interface Unseen {
  /** By fits that have not seen the run, in the target's unit. */
  readonly predicted: Float64Array;
  /** NaN = not measured. */
  readonly measured: Float64Array;
}

/** Bands hold no further than so many spreads from the centre of the predictions. */
const farthest = 2.5;

/** Conformal bands (Lei et al. 2018, section 2; for left-out residuals the jackknife of their section 2.4). */
export function bandsOf({ predicted, measured }: Unseen, rows: Bands['rows']): Bands {
  const places = Array.from(predicted.keys()).filter((place) =>
    Number.isFinite(measured[place] - predicted[place]),
  );
  const sorted = Float64Array.from(places, (place) =>
    Math.abs(measured[place] - predicted[place]),
  ).sort();
  const centre = places.reduce((sum, place) => sum + predicted[place] / places.length, 0);
  const variance = places.reduce(
    (sum, place) => sum + (predicted[place] - centre) ** 2 / places.length,
    0,
  );
  const [narrow, usual, wide] = bandLevels.map((level) => halfWidth(sorted, level));
  return {
    rows,
    halfWidths: { 80: narrow, 90: usual, 95: wide },
    centre,
    spread: Math.sqrt(variance) || 1,
    slope: 0,
  };
}

/**
 * Half-width of a band at a prediction.
 *
 * @param predicted in the target's unit
 * @returns >= 0, in the target's unit; null where there are too few runs for the level
 */
export function bandAt(bands: Bands, level: BandLevel, predicted: number): number | null {
  const atCentre = bands.halfWidths[level];
  if (atCentre === null) return null;
  const z = (predicted - bands.centre) / bands.spread;
  return atCentre * Math.exp(bands.slope * Math.max(-farthest, Math.min(farthest, z)));
}

/** Share of measured rows within their bands; null without a band of the level or without rows. */
export function coverageOf(
  bands: Bands,
  { predicted, measured }: Unseen,
): Record<BandLevel, number | null> {
  const places = Array.from(measured.keys()).filter((place) => Number.isFinite(measured[place]));
  const share = (level: BandLevel) => {
    if (places.length === 0 || bands.halfWidths[level] === null) return null;
    const held = places.filter((place) => {
      const half = bandAt(bands, level, predicted[place]);
      return half !== null && Math.abs(measured[place] - predicted[place]) <= half;
    });
    return held.length / places.length;
  };
  const [narrow, usual, wide] = bandLevels.map(share);
  return { 80: narrow, 90: usual, 95: wide };
}

/** Fewest runs of different mixtures that can give a band: n with ceil((n + 1) level) <= n. */
export function runsForLevel(level: BandLevel): number {
  return Math.round(level / (100 - level));
}

/**
 * Split-conformal half-width (Lei et al. 2018, section 2.2): with exchangeable residuals, between
 * `level` and `level + 1 / (n + 1)` of unseen rows lie within it of their prediction.
 *
 * @param sorted n absolute residuals, ascending
 * @returns >= 0; null when there are too few for the level
 */
function halfWidth(sorted: Float64Array, level: BandLevel): number | null {
  const n = sorted.length;
  if (n < runsForLevel(level)) return null;
  return sorted[Math.ceil(((n + 1) * level) / 100) - 1];
}
