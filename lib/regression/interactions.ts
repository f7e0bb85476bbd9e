import type { Job } from '../model/job';
import { columnOf, type Matrix, zeros } from '../model/matrix';
import { averageRanks, pearson, spearman, standardDeviation } from '../model/statistics';
import type { RunTable, Target } from '../model/study';
import { fitOrdinaryLeastSquares } from './linear';
import { withoutOutliers } from './outliers';
import { fittedRows } from './sample';
import { distinctMixtures, meansOf } from './ties';

/** Fewest of chosen runs behind a linear model of D domains: with fewer, coefficients are chance. */
export function fewestForLinear(domains: number): number {
  return Math.max(10, 2 * domains);
}

/** How domains go with targets, and targets with each other, over the training runs. */
export interface Interactions {
  /** D x M Spearman's rho of a domain's weight with a target, -1..1; NaN where undefined. */
  readonly domainTarget: Matrix;
  /** D x M coefficients of the linear model, times sd(weight) / sd(target): comparable across cells. */
  readonly coefficients: Matrix;
  /** M x M Spearman's rho of two targets; NaN where undefined. */
  readonly targetTarget: Matrix;
  /** M standard deviations over the runs in which the target was measured, in the target's unit. */
  readonly targetSpread: Float64Array;
}

/**
 * RegMix's second and third insight (Liu et al. 2024, sections 5.2 and 5.3): which loss tracks which
 * score, and how domains help or hurt each other. Each cell uses the runs in which both are measured. As
 * for ties (ties.ts), rho leaves out outliers, and runs of one mixture count as one, by their mean.
 *
 * @param fewest mixtures for which both of a pair are measured, and runs behind a linear model; below them NaN
 */
export function* measureInteractions(
  table: Pick<RunTable, 'mixtures' | 'losses'>,
  directions: readonly Pick<Target, 'direction'>[],
  fewest: { readonly pair: number; readonly linear: number } = { pair: 3, linear: 3 },
): Job<Interactions> {
  const domains = table.mixtures.columns;
  const targets = table.losses.columns;
  const total = (domains + targets) * targets;
  const weights = Array.from({ length: domains }, (_, index) => columnOf(table.mixtures, index));
  const values = Array.from({ length: targets }, (_, index) => columnOf(table.losses, index));
  const { numbers, firsts } = yield* distinctMixtures(table.mixtures);
  const tried = weights.map((column) => Float64Array.from(firsts, (row) => column[row]));
  const means = values.map((column, target) =>
    meansOf(withoutOutliers(column, directions[target].direction), numbers, firsts.length),
  );
  const domainTarget = zeros(domains, targets);
  const coefficients = zeros(domains, targets);
  const targetTarget = zeros(targets, targets);
  const targetSpread = new Float64Array(targets);
  let done = 0;
  const ranks = new Map<Float64Array, Float64Array>();
  const rankOf = (column: Float64Array): Float64Array => {
    const known = ranks.get(column);
    if (known) return known;
    const computed = averageRanks(column);
    ranks.set(column, computed);
    return computed;
  };

  for (let target = 0; target < targets; target++) {
    const measured = fittedRows({ features: table.mixtures, values: values[target] }, null);
    targetSpread[target] = standardDeviation(
      Float64Array.from(measured, (row) => values[target][row]),
    );
    for (let domain = 0; domain < domains; domain++) {
      domainTarget.values[domain * targets + target] = rankCorrelation(
        tried[domain],
        means[target],
        rankOf,
        fewest.pair,
      );
      yield { done: ++done, total, unit: 'pairs' };
    }
    for (let other = 0; other <= target; other++) {
      const rho = rankCorrelation(means[target], means[other], rankOf, fewest.pair);
      targetTarget.values[target * targets + other] = rho;
      targetTarget.values[other * targets + target] = rho;
      yield { done: ++done, total, unit: 'pairs' };
    }
    const standardised = yield* standardisedCoefficients(
      weights,
      values[target],
      measured,
      fewest.linear,
    );
    for (let domain = 0; domain < domains; domain++) {
      coefficients.values[domain * targets + target] = standardised[domain];
    }
  }
  return { domainTarget, coefficients, targetTarget, targetSpread };
}

/** Spearman's rho; ranks of whole columns come from `rankOf`, which caches them. */
function rankCorrelation(
  a: Float64Array,
  b: Float64Array,
  rankOf: (column: Float64Array) => Float64Array,
  fewest: number,
): number {
  const measured: number[] = [];
  for (let row = 0; row < a.length; row++) {
    if (Number.isFinite(a[row]) && Number.isFinite(b[row])) measured.push(row);
  }
  if (measured.length < fewest) return Number.NaN;
  if (measured.length === a.length) return pearson(rankOf(a), rankOf(b));
  return spearman(
    measured.map((row) => a[row]),
    measured.map((row) => b[row]),
  );
}

function* standardisedCoefficients(
  weights: readonly Float64Array[],
  target: Float64Array,
  measured: Int32Array,
  fewest: number,
): Job<Float64Array> {
  const out = new Float64Array(weights.length).fill(Number.NaN);
  const values = Float64Array.from(measured, (row) => target[row]);
  const spread = standardDeviation(values);
  if (measured.length < fewest || !(spread > 0)) return out;
  const features = zeros(measured.length, weights.length);
  weights.forEach((column, domain) => {
    for (let row = 0; row < measured.length; row++) {
      features.values[row * weights.length + domain] = column[measured[row]];
    }
  });
  const model = yield* fitOrdinaryLeastSquares({ features, values });
  weights.forEach((_, domain) => {
    out[domain] =
      (model.coefficients[domain] * standardDeviation(columnOf(features, domain))) / spread;
  });
  return out;
}
