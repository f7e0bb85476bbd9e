import { formatNumber, listInWords } from '../format';
import { regressorInfo } from './catalogue';
import type { FitReport, RegressorId } from './types';

/** Which regressor to use on these runs, and why. */
export interface Recommendation {
  readonly regressor: RegressorId;
  readonly sentence: string;
}

/** Fewer runs than this cannot tell regressors apart. */
const fewestToTell = 32;

/**
 * The regressor of the least squared error out of fold, over runs that the fits have not seen. Those
 * that are worse by less than the error's own uncertainty are named as equals (the one-standard-error
 * rule of Breiman et al. 1984, section 3.4.3, on paired differences). One that stops on a test set
 * is never recommended.
 *
 * @param measured N values of the target; NaN = not measured
 */
export function recommend(
  reports: readonly FitReport[],
  measured: Float64Array,
): Recommendation | null {
  const fair = reports.filter(({ regressor }) => !regressorInfo(regressor).stopsOnTestSet);
  const sorted = [...fair].sort((a, b) => a.crossValidation.rmse - b.crossValidation.rmse);
  const [best, ...others] = sorted;
  if (!best || others.length === 0) return null;
  const { n, rmse, spearman } = best.crossValidation;
  const name = regressorInfo(best.regressor).name;
  const figures = `least error on unseen runs (RMSE ${formatNumber(rmse, 3)}, rho ${formatNumber(spearman, 3)}, n = ${n})`;
  if (n < fewestToTell) {
    return {
      regressor: best.regressor,
      sentence: `${name} has the ${figures}, but so few runs hardly tell regressors apart.`,
    };
  }
  const equals = others.filter((other) => isWithinLuck(best, other, measured));
  const rest = others.find((other) => !equals.includes(other));
  const same =
    equals.length > 0
      ? ` ${listInWords(equals.map(({ regressor }) => regressorInfo(regressor).name))} ${equals.length === 1 ? 'is' : 'are'} as good within luck.`
      : '';
  const ahead = rest
    ? ` Next comes ${regressorInfo(rest.regressor).name} with ${formatNumber(rest.crossValidation.rmse, 3)}.`
    : '';
  return { regressor: best.regressor, sentence: `Use ${name}: ${figures}.${same}${ahead}` };
}

/** Whether the mean difference of squared errors is below its standard error. */
function isWithinLuck(best: FitReport, other: FitReport, measured: Float64Array): boolean {
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
