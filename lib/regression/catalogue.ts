/** Metadata of every regressor without its code, and the recommendation among them. */
import { StageError } from '../model/errors';
import { formatList, formatNumber } from '../model/format';
import type { FitReport, RegressorId, RegressorInfo } from '../model/regressor';

const usual = { usesRecordedWeights: false, stopsOnTestSet: false } as const;
/** Laws and processes: with ten runs, five remain to fit when five are held out. */
const fromTen = { ...usual, minimumRows: () => 10 };
/** Takes seconds to fit: the law is shown meanwhile. */
const accurate = { ...fromTen, preliminary: 'law' } as const;
/** LightGBM's default rows per leaf, for two leaves. */
const minForTwoLeaves = 40;

/** Every regressor, the recommended one first. */
export const catalogue: readonly RegressorInfo[] = [
  {
    ...accurate,
    id: 'law+gp',
    name: 'Law, corrected by Gaussian processes',
    description:
      'The effective-data law times a Gaussian-process correction. The correction fades far from the runs; cross-validation sets the shrinkage to the mean.',
  },
  {
    ...fromTen,
    id: 'law',
    name: 'Effective-data law',
    description:
      'Every domain adds effective data with diminishing returns, and the loss falls as a power of their sum: C + (D₀ + Σ aᵢ rᵢ^bᵢ)^−g. Convex, so that its optimum under limits is exact.',
  },
  {
    ...accurate,
    id: 'gp',
    name: 'Gaussian process',
    description:
      'A Gaussian process on log weights: Matérn 5/2 with a length scale per domain and a linear term, by maximum marginal likelihood.',
  },
  {
    ...accurate,
    id: 'mean',
    name: 'Law + Gaussian process, mean',
    description: 'The mean of the effective-data law and a Gaussian process.',
    meanOf: ['law', 'gp'],
  },
  {
    ...fromTen,
    id: 'mixing-law',
    name: 'Data Mixing Laws',
    description:
      'The exponential law c + exp(Σ tⱼ rⱼ) of Ye et al. (2024), olmix’s log-linear regressor.',
  },
  {
    ...fromTen,
    id: 'autoscale',
    name: 'AutoScale',
    description: 'A sum of powers, one per domain: L + Σ (N₀ᵢ + N rᵢ)^−γᵢ (Kang et al. 2024).',
  },
  {
    ...fromTen,
    id: 'bimix',
    name: 'BiMix',
    description: 'A sum of powers without a constant: Σ Fᵢ rᵢ^−αᵢ (Ge et al. 2024).',
  },
  {
    ...fromTen,
    id: 'gbdt',
    name: 'LightGBM trees',
    description:
      'Gradient-boosted trees with LightGBM’s semantics (learning rate 0.01, 31 leaves); rounds chosen by 5-fold cross-validation on the training runs.',
  },
  {
    id: 'gbdt-paper',
    name: 'LightGBM, as published',
    description:
      'The published notebook’s trees: weights as in the file, at least 20 rows per leaf, stopped early on the first test set, whose runs are therefore not unseen.',
    usesRecordedWeights: true,
    stopsOnTestSet: true,
    minimumRows: () => minForTwoLeaves,
  },
  {
    ...usual,
    id: 'ridge',
    name: 'Ridge',
    description:
      'Linear in the weights, with a penalty on squared coefficients chosen by exact leave-one-out.',
    minimumRows: () => 5,
  },
  {
    ...usual,
    id: 'ols',
    name: 'Linear',
    description: 'Ordinary least squares on the weights.',
    minimumRows: () => 5,
  },
];

/** About the seconds that a fit with its cross-validation takes, measured on a laptop's core at 512 runs. */
const seconds: Readonly<Partial<Record<RegressorId, (rows: number, columns: number) => number>>> = {
  'law+gp': (n, d) => lawSeconds(n, d) + processSeconds(n, d),
  law: lawSeconds,
  gp: processSeconds,
  mean: (n, d) => lawSeconds(n, d) + processSeconds(n, d),
  'mixing-law': lawSeconds,
  autoscale: lawSeconds,
  bimix: lawSeconds,
  gbdt: treeSeconds,
  'gbdt-paper': treeSeconds,
};

function lawSeconds(rows: number, columns: number): number {
  return 1e-6 * Math.min(rows, 20_000) * columns ** 2;
}

function processSeconds(rows: number, columns: number): number {
  // A process takes no more rows.
  const n = Math.min(rows, 1_500);
  return 2.5e-7 * n ** 2 * columns + 1e-8 * n ** 3;
}

function treeSeconds(rows: number, columns: number): number {
  return 5e-4 * rows * columns;
}

/** Seconds above which a regressor that nobody chose is not fitted to compare it. */
const mostUnasked = 90;

/**
 * About the seconds that fitting a regressor takes where that is too long to be done unasked; null where it is not.
 *
 * @param rows training runs
 * @param columns domains
 */
export function longFit(id: RegressorId, rows: number, columns: number): number | null {
  const estimate = seconds[id]?.(rows, columns) ?? 0;
  return estimate > mostUnasked ? estimate : null;
}

/** Metadata of imported models; not part of the catalogue, since it cannot be fitted. */
const imported: RegressorInfo = {
  ...usual,
  id: 'imported',
  name: 'Imported model',
  description:
    'A model fitted elsewhere, read from an ONNX file; which runs it was fitted on is not known here.',
  minimumRows: () => 1,
  mayHaveSeenRuns: true,
};

/** @throws StageError when there is no regressor of that id */
export function regressorInfo(id: RegressorId | string): RegressorInfo {
  const found = [...catalogue, imported].find((regressor) => regressor.id === id);
  if (found) return found;
  const known = catalogue.map((regressor) => regressor.id).join(', ');
  throw new StageError('regression', `There is no regressor “${id}”.`, `Choose one of ${known}.`);
}

/** Which regressor to use on these runs, and why. */
export interface Recommendation {
  readonly regressor: RegressorId;
  readonly sentence: string;
}

/** Minimum number of runs to compare regressors. */
const minToCompare = 32;

/**
 * The regressor of the least squared error out of fold, over runs that the fits have not seen. Those
 * that are worse by less than the error's own uncertainty are its equals (the one-standard-error rule of
 * Breiman et al. 1984, section 3.4.3, on paired differences); where the default is one of them it is
 * recommended, since it is right beyond the runs, too. One that stops on a test set is never recommended.
 *
 * @param measured N values of the target; NaN = not measured
 */
export function recommend(
  reports: readonly FitReport[],
  measured: Float64Array,
): Recommendation | null {
  const eligible = reports.filter(({ regressor }) => !regressorInfo(regressor).stopsOnTestSet);
  const sorted = [...eligible].sort((a, b) => a.crossValidation.rmse - b.crossValidation.rmse);
  const [best, ...others] = sorted;
  if (!best || others.length === 0) return null;
  const { n, rmse, spearman } = best.crossValidation;
  const name = regressorInfo(best.regressor).name;
  const figures = `least error on unseen runs (RMSE ${formatNumber(rmse, 3)}, rho ${formatNumber(spearman, 3)}, n = ${n})`;
  if (n < minToCompare) {
    return {
      regressor: best.regressor,
      sentence: `${name} has the ${figures}, but too few runs to tell regressors apart.`,
    };
  }
  const equals = others.filter((other) => isWithinError(best, other, measured));
  const usual = equals.find(({ regressor }) => regressor === catalogue[0].id);
  if (usual) {
    const { name: ofUsual } = regressorInfo(usual.regressor);
    const error = formatNumber(usual.crossValidation.rmse, 3);
    return {
      regressor: usual.regressor,
      sentence: `Use ${ofUsual} (RMSE ${error}): statistically tied with ${name}, which has the ${figures}. It also ranks mixtures beyond the runs.`,
    };
  }
  const rest = others.find((other) => !equals.includes(other));
  const same =
    equals.length > 0
      ? ` ${formatList(equals.map(({ regressor }) => regressorInfo(regressor).name))} ${equals.length === 1 ? 'is' : 'are'} statistically tied with it.`
      : '';
  const ahead = rest
    ? ` Next: ${regressorInfo(rest.regressor).name}, RMSE ${formatNumber(rest.crossValidation.rmse, 3)}.`
    : '';
  return { regressor: best.regressor, sentence: `Use ${name}: ${figures}.${same}${ahead}` };
}

/** Whether the mean difference of squared errors is below its standard error. */
function isWithinError(best: FitReport, other: FitReport, measured: Float64Array): boolean {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (let row = 0; row < measured.length; row++) {
    const difference =
      (other.outOfFold[row] - measured[row]) ** 2 - (best.outOfFold[row] - measured[row]) ** 2;
    if (!Number.isFinite(difference)) continue;
    n++;
    sum += difference;
    squares += difference * difference;
  }
  const mean = sum / n;
  const variance = Math.max(0, squares / n - mean * mean);
  return mean <= Math.sqrt(variance / n);
}
