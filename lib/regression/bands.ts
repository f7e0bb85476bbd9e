/** Bands round predictions, from what fits predicted for runs that they had not seen. */
import { type BandLevel, type Bands, bandLevels } from '../model/regressor';

/** Predictions of runs with what was measured: one entry per run each. */
export interface Predicted {
  /** In the target's unit. */
  readonly predicted: Float64Array;
  /** NaN = not measured. */
  readonly measured: Float64Array;
}

/** Predictions by fits that have not seen the run. */
export interface Unseen extends Predicted {
  /** Number of each run's mixture: runs of one mixture have the same. */
  readonly mixtures: Int32Array;
}

/** Bands vary no further than so many spreads from the centre of the predictions. */
const farthest = 2.5;
/** Mixtures that speak for bands of the same width everywhere. */
const priorMixtures = 10;
/** Residuals below this share of their median say no more than that they are small. */
const smallest = 0.05;

/**
 * Conformal bands scaled to the prediction (Lei et al. 2018, sections 2.2 and 5.2; for left-out residuals the
 * jackknife of their section 2.4). The logarithm of |residual| is regressed on the standardised prediction;
 * residuals divided by that scale give the quantile. Runs of one mixture count as one together (pooled
 * distribution functions of Dunn, Wasserman and Ramdas 2023, section 3).
 */
export function bandsOf(unseen: Unseen, rows: Bands['rows']): Bands {
  const { predicted, measured, mixtures } = unseen;
  const places = Array.from(predicted.keys()).filter((place) =>
    Number.isFinite(measured[place] - predicted[place]),
  );
  const runsOf = new Map<number, number>();
  for (const place of places) {
    runsOf.set(mixtures[place], (runsOf.get(mixtures[place]) ?? 0) + 1);
  }
  const count = runsOf.size;
  /** Weights of runs sum to 1 over those of a mixture. */
  const residuals = places.map((place) => ({
    prediction: predicted[place],
    size: Math.abs(measured[place] - predicted[place]),
    weight: 1 / (runsOf.get(mixtures[place]) ?? 1),
  }));
  const centre = residuals.reduce(
    (sum, { prediction, weight }) => sum + (weight * prediction) / count,
    0,
  );
  const variance = residuals.reduce(
    (sum, { prediction, weight }) => sum + (weight * (prediction - centre) ** 2) / count,
    0,
  );
  const spread = Math.sqrt(variance) || 1;
  const scale: BandScale = { centre, spread, slope: 0 };
  const slope = slopeOf(residuals, scale);
  const scaled = residuals
    .map(({ prediction, size, weight }) => ({
      size: size / scaleAt({ ...scale, slope }, prediction),
      weight,
    }))
    .sort((a, b) => a.size - b.size);
  const [narrow, usual, wide] = bandLevels.map((level) => halfWidth(scaled, count, level));
  return { rows, halfWidths: { 80: narrow, 90: usual, 95: wide }, centre, spread, slope };
}

type BandScale = Pick<Bands, 'centre' | 'spread' | 'slope'>;

interface Residual {
  readonly prediction: number;
  /** >= 0. */
  readonly size: number;
  readonly weight: number;
}

/** Ridge regression of log |residual| on the standardised prediction. */
function slopeOf(residuals: readonly Residual[], scale: BandScale): number {
  const sizes = residuals.map(({ size }) => size).sort((a, b) => a - b);
  const least = smallest * (sizes[sizes.length >> 1] ?? 0);
  if (!(least > 0)) return 0;
  const total = residuals.reduce((sum, { weight }) => sum + weight, 0);
  const logarithms = residuals.map(({ size }) => Math.log(Math.max(size, least)));
  const mean = residuals.reduce(
    (sum, { weight }, place) => sum + (weight * logarithms[place]) / total,
    0,
  );
  let products = 0;
  let squares = 0;
  for (const [place, { prediction, weight }] of residuals.entries()) {
    const z = standardised(scale, prediction);
    products += weight * z * (logarithms[place] - mean);
    squares += weight * z * z;
  }
  return products / (squares + priorMixtures);
}

function standardised({ centre, spread }: BandScale, predicted: number): number {
  return Math.max(-farthest, Math.min(farthest, (predicted - centre) / spread));
}

/** Width of the bands at a prediction, relative to that at their centre. */
export function scaleAt(scale: BandScale, predicted: number): number {
  return Math.exp(scale.slope * standardised(scale, predicted));
}

/**
 * Half-width of a band at a prediction.
 *
 * @param predicted in the target's unit
 * @returns >= 0, in the target's unit; null where there are too few runs for the level
 */
export function bandAt(bands: Bands, level: BandLevel, predicted: number): number | null {
  const atCentre = bands.halfWidths[level];
  return atCentre === null ? null : atCentre * scaleAt(bands, predicted);
}

/** The half-width of a band by the prediction; null where there are too few runs for the level. */
export function halfWidthOf(
  bands: Bands,
  level: BandLevel,
): ((predicted: number) => number) | null {
  if (bands.halfWidths[level] === null) return null;
  return (predicted) => bandAt(bands, level, predicted) ?? 0;
}

/** Share of measured rows within their bands; null without a band of the level or without rows. */
export function coverageOf(
  bands: Bands,
  { predicted, measured }: Predicted,
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

/** Fewest runs, of different mixtures, that can give a band: n with ceil((n + 1) level) <= n. */
export function runsForLevel(level: BandLevel): number {
  return Math.round(level / (100 - level));
}

/**
 * Split-conformal half-width (Lei et al. 2018, section 2.2), interpolated between the two residuals on either
 * side of place (n + 1) level (Beran and Hall 1993): with exchangeable residuals that share of unseen rows
 * lies within it of their prediction, give or take 1 / (n + 1). The larger of the two would hold up to
 * 1 / (n + 1) more than asked for.
 *
 * @param sorted residuals, ascending, whose weights sum to n
 * @param n number of mixtures
 * @returns >= 0; null when there are too few for the level
 */
function halfWidth(
  sorted: readonly { readonly size: number; readonly weight: number }[],
  n: number,
  level: BandLevel,
): number | null {
  if (n < runsForLevel(level)) return null;
  const place = ((n + 1) * level) / 100;
  // Sums of weights differ from whole numbers by rounding.
  const rounding = 1e-9 * n;
  let passed = 0;
  let below = 0;
  for (const { size, weight } of sorted) {
    if (passed + weight >= place - rounding) {
      return below + (size - below) * Math.min(1, (place - passed) / weight);
    }
    passed += weight;
    below = size;
  }
  return below;
}
