/** Paired differences, Student's t-test, and a confidence sequence for looking at every seed. */
/** Differences of two candidates' losses, paired by seed. */
export interface PairedDifference {
  /** Seeds that both have finished with a finite loss. */
  readonly n: number;
  /** Mean of other - candidate (for losses): positive when the candidate is better. NaN without a pair. */
  readonly mean: number;
  /** Standard deviation of the differences; NaN with fewer than two. */
  readonly deviation: number;
  /** The differences, in the order of the seeds. */
  readonly differences: readonly number[];
}

/**
 * By how much `candidate` is lower than `other`: pairs share seed, initial parameters and where batches
 * begin, so that what these do to both cancels.
 */
export function pairedDifference(
  candidate: ReadonlyMap<number, number>,
  other: ReadonlyMap<number, number>,
): PairedDifference {
  const differences = [...candidate.keys()]
    .sort((a, b) => a - b)
    .map((seed) => (other.get(seed) ?? Number.NaN) - (candidate.get(seed) ?? Number.NaN))
    .filter(Number.isFinite);
  const n = differences.length;
  const mean = differences.reduce((sum, each) => sum + each, 0) / n;
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const deviation = n < 2 ? Number.NaN : Math.sqrt(squares / (n - 1));
  return { n, mean, deviation, differences };
}

/**
 * Two-sided p of Student's (1908) paired test that there is no difference, for one look at a number of
 * seeds planned before. It assumes normally distributed differences, which few seeds can neither show nor
 * refute.
 *
 * @returns 0..1; 1 where all differences are zero, NaN with fewer than two
 */
export function studentP({ n, mean, deviation }: PairedDifference): number {
  if (n < 2) return Number.NaN;
  return mean === 0 ? 1 : 2 * studentCdf((-Math.abs(mean) * Math.sqrt(n)) / deviation, n - 1);
}

/**
 * Half the length of Student's t-interval round the mean, for one look.
 *
 * @param level share of such intervals that hold the true difference, 0..1
 * @returns in the unit of the differences; NaN with fewer than two
 */
export function studentHalf({ n, deviation }: PairedDifference, level: number): number {
  return n < 2 ? Number.NaN : (studentCritical(level, n - 1) * deviation) / Math.sqrt(n);
}

/**
 * Variance of the normal mixture over (true difference / its standard deviation). Where mixtures differ at
 * all, differences are many times what they vary by over seeds: 13 and 27 times in docs/findings.md.
 */
const mixtureVariance = 100;

/**
 * Half the length of an interval that holds the true difference at every look at once, however often one
 * looks and whenever one stops: all mu with M_n(mu) < 1 / alpha, where M_n is the likelihood ratio of t under
 * a normal mixture over mu / sigma, of variance g, to t without a difference,
 *
 *   M_n = (1 + n g)^(-1/2) ((1 + t^2 / (n - 1)) / (1 + t^2 / ((n - 1) (1 + n g))))^(n/2).
 *
 * That is a martingale in what does not depend on the scale (Wang and Ramdas 2023, section 4, theorem 4.9,
 * who put this mixture in the place of Lai's 1976 flat one), so Ville's inequality holds for it; solved for t.
 *
 * @param level share of whole sequences that hold the true difference, 0..1
 * @returns in the unit of the differences; Infinity with too few for the level, NaN with none
 */
export function alwaysValidHalf({ n, deviation }: PairedDifference, level: number): number {
  if (n === 0) return Number.NaN;
  const spread = 1 + n * mixtureVariance;
  const ratio = (Math.sqrt(spread) / (1 - level)) ** (2 / n);
  if (n === 1 || ratio >= spread) return Number.POSITIVE_INFINITY;
  return deviation * Math.sqrt(((n - 1) * (ratio - 1)) / (1 - ratio / spread) / n);
}

/**
 * Holm's (1979) step-down p of several comparisons: those at most alpha are false in at most a share alpha of
 * families, however the comparisons depend on each other.
 *
 * @param values p of each comparison, 0..1; NaN counts as 1
 * @returns in the same order, 0..1
 */
export function holm(values: readonly number[]): number[] {
  const known = values.map((p) => (Number.isNaN(p) ? 1 : p));
  const order = known.map((_, place) => place).sort((a, b) => known[a] - known[b]);
  const adjusted = new Array<number>(known.length).fill(1);
  let least = 0;
  for (const [rank, place] of order.entries()) {
    least = Math.max(least, Math.min(1, (known.length - rank) * known[place]));
    adjusted[place] = least;
  }
  return adjusted;
}

const steps = 300;
const tiny = 1e-300;

/** Lanczos' approximation with Godfrey's coefficients (g = 7, n = 9), accurate to about 1e-14. */
function logGamma(x: number): number {
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
    -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
    1.5056327351493116e-7,
  ];
  const base = x + 6.5;
  let sum = coefficients[0];
  for (let term = 1; term < coefficients.length; term++) sum += coefficients[term] / (x - 1 + term);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

/**
 * The regularised incomplete beta function I_x(a, b), by its continued fraction in Lentz's form
 * (Abramowitz and Stegun 26.5.8).
 *
 * @param x 0..1
 */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast only on this side.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= steps; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return (front * fraction) / a;
}

/** The share of Student's t distribution that lies below `t`. @param freedom degrees of freedom, > 0 */
export function studentCdf(t: number, freedom: number): number {
  const square = t * t;
  if (square < freedom) {
    // Near zero the tail's argument would round to 1: the middle is computed instead.
    const middle = 0.5 * incompleteBeta(square / (freedom + square), 0.5, freedom / 2);
    return t > 0 ? 0.5 + middle : 0.5 - middle;
  }
  const tail = 0.5 * incompleteBeta(freedom / (freedom + square), freedom / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

/**
 * Two-sided critical value of Student's t distribution: 12.706 for 0.95 and one degree of freedom.
 *
 * @param level 0..1, both excluded
 */
export function studentCritical(level: number, freedom: number): number {
  const tail = (1 - level) / 2;
  let low = 0;
  let high = 1;
  while (studentCdf(-high, freedom) > tail) high *= 2;
  for (let halving = 0; halving < 100; halving++) {
    const middle = (low + high) / 2;
    if (studentCdf(-middle, freedom) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
