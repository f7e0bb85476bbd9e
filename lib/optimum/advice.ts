/** How far to trust an optimum: whether to train on it, to try it, or to take no advice from these runs. */
import { formatNumber, plural } from '../model/format';
import type { Advice, AtOptimum, Objective, ObjectiveTerm, OptimumReport } from '../model/limits';
import { type FitReport, significance } from '../model/regressor';
import { predictedAt } from './finding';
import { signOf } from './objective';

/** What an optimum was found by, and how well that predicts runs it has not seen. */
export interface Evidence {
  readonly objective: Pick<Objective, 'kind' | 'seek'> & {
    readonly terms: readonly Omit<ObjectiveTerm, 'model'>[];
  };
  /** Per term. */
  readonly fits: readonly Pick<FitReport, 'signal' | 'crossValidation' | 'bands'>[];
  readonly found: OptimumReport;
  /** Per term, how far its prediction for the optimum may be off; absent or null while that is not known. */
  readonly at?: readonly AtOptimum[] | null;
  /** Whether a more accurate fit will take the place of this one. */
  readonly isPreliminary: boolean;
  /** Whether the fits were made elsewhere, so that no run is known to be unseen. */
  readonly mayHaveSeenRuns: boolean;
}

/** With runs of fewer mixtures nothing is said: a band of 90% needs 9, and out of fold one mixture decides. */
const fewestMixtures = 10;
/** With fewer, no difference between mixtures may be a lack of runs, and no optimum is more than a try. */
const enoughMixtures = 20;
/**
 * Below this rank correlation on unseen runs an optimum is a try. On made-up studies of 15 to 60 runs with
 * noise of up to twice the signal at least 95% of what `train` was said of beat the prior
 * (`advice.long.test.ts`).
 */
const goodRho = 0.6;
/** Share of the objective that may lie on targets which do not tell mixtures apart. */
const untoldShare = 0.1;

/** The graded advice on an optimum; `none` gives no reason to train on it rather than on another mixture. */
export function adviceOn(evidence: Evidence): Advice {
  const { objective, fits } = evidence;
  const [fewest] = fits
    .map(({ crossValidation }) => crossValidation)
    .sort((a, b) => a.mixtures - b.mixtures);
  if (fewest.mixtures < fewestMixtures) {
    return none(cannotSay, `${countOf(fewest)} cannot be judged`);
  }
  const told = fits.map(tellsApart);
  if (!isMoreThanLuck(evidence, told)) {
    return whyNot(evidence, fewest.mixtures);
  }
  const doubt = doubtOf(evidence, told, fewest);
  const isWorst = objective.seek === 'worst';
  if (doubt !== null) {
    return { verb: 'try', reason: doubt, words: isWorst ? 'Perhaps stay away from' : 'Try' };
  }
  return {
    verb: 'train',
    reason: `unseen mixtures are ranked right (rho ${rhoText(rhoOf(evidence, told))} by cross-validation, ${countOf(fewest)})`,
    words: isWorst ? 'Stay away from' : 'Train on',
  };
}

/** The verb `none` in words: in general, and where enough runs look like noise. */
const cannotSay = 'Not enough runs to say';
const notApart = 'These runs do not tell mixtures apart';

type Counted = Pick<FitReport['crossValidation'], 'n' | 'mixtures'>;

/** Two digits, or three where two would read as perfect. */
function rhoText(rho: number): string {
  const short = formatNumber(rho, 2);
  return rho < 1 && Number(short) === 1 ? formatNumber(rho, 3) : short;
}

/** How much there is to judge by: `168 runs`, or `5 mixtures` where runs repeat them. */
function countOf({ n, mixtures }: Counted): string {
  return mixtures < n ? plural(mixtures, 'mixture') : plural(n, 'run');
}

function none(words: string, reason: string): Advice {
  return { verb: 'none', words, reason };
}

/** Whether a target depends on mixtures, and fits to other runs say so of runs they have not seen. */
function tellsApart({ signal, crossValidation }: Evidence['fits'][number]): boolean {
  return signal.p <= significance && crossValidation.interval[0] > 0;
}

/**
 * Whether that targets tell mixtures apart is more than luck among many: one does beyond Bonferroni's level,
 * or more do than chance would have it.
 */
function isMoreThanLuck({ fits }: Evidence, told: readonly boolean[]): boolean {
  const count = told.filter(Boolean).length;
  if (count === 0) return false;
  const level = significance / fits.length;
  // No p can be smaller than one among all permutations.
  const least = Math.max(...fits.map(({ signal }) => 1 / (1 + signal.permutations)));
  return (
    fits.some(({ signal }, place) => told[place] && signal.p <= Math.max(level, least)) ||
    chanceOf(count, fits.length) <= significance
  );
}

/** Chance that so many of `all` independent tests, or more, reject what is true. */
function chanceOf(count: number, all: number): number {
  let sum = 0;
  let chance = (1 - significance) ** all;
  for (let rejected = 0; rejected < count; rejected++) {
    sum += chance;
    chance *= ((all - rejected) / (rejected + 1)) * (significance / (1 - significance));
  }
  return 1 - sum;
}

/** No advice: as the runs do not tell mixtures apart, where they are enough to say that, or the fit ranks none. */
function whyNot({ fits }: Evidence, mixtures: number): Advice {
  const best = fits.reduce((a, b) => (b.signal.p < a.signal.p ? b : a));
  const { spearman } = best.crossValidation;
  const count = countOf(best.crossValidation);
  if (fits.length > 1) {
    return none(
      mixtures < enoughMixtures ? cannotSay : notApart,
      `hardly any of the ${plural(fits.length, 'target')} depends on the mixture beyond chance`,
    );
  }
  if (best.signal.p > significance) {
    const figures = `(p = ${formatNumber(best.signal.p, 2)}, ${count})`;
    return mixtures < enoughMixtures
      ? none(cannotSay, `these runs do not tell mixtures apart ${figures}`)
      : none(notApart, `shuffled runs fit as well ${figures}`);
  }
  const rho = Number.isFinite(spearman) ? `rho ${formatNumber(spearman, 2)}, ` : '';
  return none(
    cannotSay,
    `the runs differ, but the fit does not rank unseen mixtures (${rho}${count})`,
  );
}

/** Why an optimum is no more than a try; null where nothing speaks against it. */
function doubtOf(evidence: Evidence, told: readonly boolean[], fewest: Counted): string | null {
  const { objective, fits, found } = evidence;
  const { violated } = found.optimum;
  if (evidence.isPreliminary) return 'a more accurate fit is running';
  if (evidence.mayHaveSeenRuns) return 'the model may have seen the runs used to test it';
  if (violated.length > 0) return `it breaks ${plural(violated.length, 'limit')}`;
  const untold = objective.terms.filter((_, place) => !told[place]);
  const share = untold.reduce((sum, { weight }) => sum + weight, 0);
  if (share > (objective.kind === 'regret' ? 0 : untoldShare)) {
    return `${untold.length} of ${fits.length} targets do not tell mixtures apart`;
  }
  if (fewest.mixtures < enoughMixtures) return `there are only ${countOf(fewest)}`;
  const rho = rhoOf(evidence, told);
  if (!(rho >= goodRho)) {
    return `unseen mixtures are ranked poorly (rho ${formatNumber(rho, 2)}, ${countOf(fewest)})`;
  }
  if (found.coverage.beyond) return 'it goes beyond the largest weights tried';
  if (found.coverage.far) return 'it is far from every run';
  const { gain, half } = gainOf(evidence);
  const isWorst = objective.seek === 'worst';
  if (gain < -half) {
    return `the prior is predicted to be ${isWorst ? 'worse' : 'better'}`;
  }
  if (!(gain > 0)) {
    return `the prior is predicted to be as ${isWorst ? 'bad' : 'good'}`;
  }
  if (!Number.isFinite(half)) return 'there are too few runs for a band of 90%';
  if (!(gain > half)) {
    return `the ${isWorst ? 'loss' : 'gain'} is within the band of ±${halfText(half)}`;
  }
  return null;
}

/** Rank correlation on unseen runs: the mean of the targets that tell mixtures apart, by their weights. */
function rhoOf({ objective, fits }: Evidence, told: readonly boolean[]): number {
  let sum = 0;
  let total = 0;
  objective.terms.forEach(({ weight }, place) => {
    if (!told[place]) return;
    sum += weight * fits[place].crossValidation.spearman;
    total += weight;
  });
  return sum / total;
}

/**
 * The gain over the prior that is predicted, and the half-width of the 90% band at the optimum: in the
 * target's unit for one target, else in units of the objective. Residuals of targets go together, so that
 * those of a weighted mean are taken to add up.
 */
function gainOf({ objective, fits, found, at }: Evidence): { gain: number; half: number } {
  const { terms, kind, seek } = objective;
  const way = seek === 'worst' ? -1 : 1;
  const parts = terms.map((term, place) => {
    const scale = terms.length > 1 ? term.scale : 1;
    const { mean, interval } = predictedAt(
      found.optimum.predictions[place],
      fits[place].bands,
      90,
      at?.[place] ?? null,
    );
    return {
      weight: term.weight,
      optimum: (signOf(term) * mean) / scale,
      prior: (signOf(term) * found.prior[place]) / scale,
      least: found.least[place] ?? 0,
      half: (interval ? interval[1] - mean : Number.POSITIVE_INFINITY) / scale,
    };
  });
  if (kind === 'regret' && seek === 'best' && terms.length > 1) {
    const worst = (of: 'prior' | 'optimum') =>
      Math.max(...parts.map((part) => part[of] - part.least));
    return {
      gain: worst('prior') - worst('optimum'),
      half: Math.max(...parts.map(({ half }) => half)),
    };
  }
  return {
    gain:
      way * parts.reduce((sum, { weight, prior, optimum }) => sum + weight * (prior - optimum), 0),
    half: parts.reduce((sum, { weight, half }) => sum + weight * half, 0),
  };
}

/** In as few decimals as tell it from 0, two at least. */
function halfText(half: number): string {
  const decimals = half >= 0.01 || !(half > 0) ? 2 : Math.min(6, 1 - Math.floor(Math.log10(half)));
  return formatNumber(half, decimals);
}
