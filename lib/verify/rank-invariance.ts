import { spearman } from '../regression/statistics';

/** Whether two sizes of models rank mixtures alike. */
export interface RankInvariance {
  readonly n: number;
  /** Spearman's; NaN with fewer than two mixtures or equal losses. */
  readonly rho: number;
  /** NaN with fewer than four mixtures. */
  readonly interval: readonly [number, number];
}

/** Reach of the middle 95% of the normal distribution. */
const normalReach = 1.959964;

/**
 * Spearman's rho of the losses of the same mixtures at two sizes, with Fisher's z interval (95%) on the
 * variance (1 + rho^2 / 2) / (n - 3) of Bonett and Wright (2000). It is rough below ten mixtures, and a
 * rho of exactly one gets the interval of the largest rho below it that n ranks can have.
 */
export function rankInvariance(small: readonly number[], large: readonly number[]): RankInvariance {
  const n = small.length;
  const rho = n < 2 ? Number.NaN : spearman(small, large);
  if (n < 4 || !Number.isFinite(rho)) return { n, rho, interval: [Number.NaN, Number.NaN] };
  // Two neighbouring ranks swapped: fewer than that no ranking without ties can differ by.
  const nextToOne = 1 - 12 / (n * (n * n - 1));
  const inside = Math.sign(rho) * Math.min(Math.abs(rho), nextToOne);
  const reach = normalReach * Math.sqrt((1 + inside ** 2 / 2) / (n - 3));
  const low = Math.tanh(Math.atanh(inside) - reach);
  const high = Math.tanh(Math.atanh(inside) + reach);
  return { n, rho, interval: [Math.min(low, rho), Math.max(high, rho)] };
}
