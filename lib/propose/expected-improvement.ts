/** From here on a continued fraction gives the tail to more digits than the series. */
const tail = 3;
/** Terms after which the fraction no longer changes in double precision at {@link tail} and beyond. */
const fractionTerms = 60;

/**
 * Expected improvement E[max(0, best - Y)] of a normal Y (Jones, Schonlau and Welch 1998, equation
 * 15), for values of which lower is better: sd (z Phi(z) + phi(z)) with z = (best - mean) / sd. Far
 * above the best it keeps its relative precision, so that hopeless mixtures can still be ranked.
 *
 * @param sd >= 0
 * @returns a value >= 0 in the unit of its arguments
 */
export function expectedImprovement(mean: number, sd: number, best: number): number {
  if (!(sd > 0)) return Math.max(0, best - mean);
  const z = (best - mean) / sd;
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > -tail) return sd * (z * lowerTail(z, density) + density);
  return sd * density * (1 + z * millsRatio(-z));
}

/** Phi(z) by its series 1/2 + phi(z) (z + z^3/3 + z^5/15 + ...) (Abramowitz and Stegun 1964, 26.2.11). */
function lowerTail(z: number, density: number): number {
  if (z > 8) return 1;
  let term = z;
  let sum = z;
  for (let odd = 3; Math.abs(term) > Math.abs(sum) * Number.EPSILON; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return 0.5 + density * sum;
}

/** (1 - Phi(x)) / phi(x) for large x: 1 / (x + 1 / (x + 2 / (x + ...))) (the same, 26.2.14). */
function millsRatio(x: number): number {
  let fraction = x;
  for (let term = fractionTerms; term > 0; term--) fraction = x + term / fraction;
  return 1 / fraction;
}
