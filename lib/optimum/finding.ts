import type { Domain } from '../model/study';

/** One weight worth naming, the largest first. */
export interface NamedWeight {
  readonly index: number;
  readonly name: string;
  readonly weight: number;
}

/**
 * The weights that a sentence should name: the largest ones, at most `most`, each at least 1%.
 * A mixture that spreads thinner than that is named by its largest weight alone.
 */
export function leadingWeights(
  domains: readonly Domain[],
  weights: Float64Array,
  most = 3,
): NamedWeight[] {
  const sorted = domains
    .map((domain, index) => ({ index, name: domain.name, weight: weights[index] }))
    .sort((a, b) => b.weight - a.weight || a.index - b.index);
  const worthNaming = sorted.slice(0, most).filter(({ weight }) => weight >= 0.01);
  return worthNaming.length > 0 ? worthNaming : sorted.slice(0, 1);
}

/**
 * Whether a prediction lies so far outside of what was measured that it is implausible: farther beyond the
 * worst or best run than these are apart, as happens with linear models.
 *
 * @param measured ascending, at least one
 */
export function isImplausible(predicted: number, measured: Float64Array): boolean {
  const low = measured[0];
  const high = measured[measured.length - 1];
  const range = high - low;
  return predicted < low - range || predicted > high + range;
}
