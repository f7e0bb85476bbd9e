/**
 * R* of Muennighoff et al. (2023, arXiv 2305.16264, section 5): how fast repeats of data lose their
 * worth, in epochs.
 */
const fadingEpochs = 15.39;

/** What a domain's weight is worth in fresh data, and what one more bit of weight adds. */
export interface EffectiveWeight {
  /** 0..weight. */
  readonly value: number;
  /** d value / d weight, 0..1. */
  readonly slope: number;
}

/**
 * Effective data of a domain of which `unique` tokens exist, both as shares of the requested tokens:
 * D' = U + U R* (1 - exp(-R / R*)) with R = weight / U - 1 repeats (Muennighoff et al. 2023, section 5).
 * Weights within the unique tokens are worth themselves.
 */
export function effectiveWeight(weight: number, unique: number): EffectiveWeight {
  if (weight <= unique) return { value: weight, slope: 1 };
  if (unique <= 0) return { value: 0, slope: 0 };
  const fading = Math.exp(-(weight / unique - 1) / fadingEpochs);
  return { value: unique + unique * fadingEpochs * (1 - fading), slope: fading };
}

/**
 * The mixture in effective data. It sums to less than 1 where anything is repeated: the tokens are
 * spent, but teach less.
 */
export function effectiveMixture(mixture: Float64Array, unique: Float64Array): Float64Array {
  return mixture.map((weight, domain) => effectiveWeight(weight, unique[domain]).value);
}
