/** Student's t distribution. */
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
