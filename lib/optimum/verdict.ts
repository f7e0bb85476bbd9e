/** How far a fit and its optimum are to be trusted, in three clauses: ranks, values, optimum. */
import { totalVariation } from '../mixture/simplex';
import { formatList, formatNumber, formatPercent, plural } from '../model/format';
import type { Advice, Bounds, OptimumReport } from '../model/limits';
import {
  type FitReport,
  type FitStatistics,
  fewestJudged,
  judgedTest,
  significance,
} from '../model/regressor';
import { quantile } from '../model/statistics';
import { heldBy } from './constraints';
import type { Stability } from './stability';

/** `holds`, `partly` holds, `fails`, or `unknown`: there is nothing to judge by. */
export type Grade = 'holds' | 'partly' | 'fails' | 'unknown';

/** One clause of a verdict. */
export interface Clause {
  readonly about: 'ranks' | 'values' | 'optimum';
  readonly grade: Grade;
  /** `Ranks hold`. */
  readonly title: string;
  /** The figure beside the title: `rho 0.994`; empty where there is none. */
  readonly figure: string;
  /** One or two sentences of evidence. */
  readonly text: string;
}

export interface Verdict {
  /** The clauses in one sentence. */
  readonly headline: string;
  readonly clauses: readonly [Clause, Clause, Clause];
}

/** What a verdict is made from, of one target. */
export interface Judged {
  readonly fit: Pick<FitReport, 'crossValidation' | 'tests' | 'bands' | 'signal'>;
  /** Whether the fit was made elsewhere, so that no run is known to be unseen. */
  readonly mayHaveSeenRuns: boolean;
  /** Standard deviation of the target over the training runs, >= 0. */
  readonly spread: number;
  /** null while there is none, undefined where a lesson hides it. */
  readonly found: Pick<OptimumReport, 'optimum' | 'coverage'> | null | undefined;
  readonly advice: Pick<Advice, 'verb'> | null;
  readonly bounds: Bounds;
  /** Of the domains. */
  readonly names: readonly string[];
  /** Refits of the optimum; null = it is not refitted, undefined = they are being made. */
  readonly stability: Pick<Stability, 'weights'> | null | undefined;
}

/** Rank correlation of which a 95% interval stays above the first: holds; above the second: partly. */
const rhoOf = { holds: 0.8, partly: 0.5 };
/** An error of more than this share of the spread tells good values from bad ones, not from each other. */
const errorShare = 0.5;
/** Share of the weight that nine of ten refits move at most. */
const moved = { holds: 0.05, partly: 0.25 };
/** Domains whose weight moves by less are not named. */
const namedMove = 0.01;
const maxNamed = 3;

/**
 * The verdict on one target's fit and on the optimum: ranks and values by the first test set that the fit has
 * not seen, else by training runs out of fold.
 */
export function verdictOn(judged: Judged): Verdict {
  const clauses = [ranksOf(judged), valuesOf(judged), optimumOf(judged)] as const;
  return { headline: headlineOf(clauses, judged), clauses };
}

/** The rows that a fit is judged on. */
interface Rows {
  readonly statistics: FitStatistics;
  /** `the 256 test runs`. */
  readonly name: string;
  /** The test set; null = training runs out of fold. */
  readonly test: FitReport['tests'][number] | null;
}

function rowsOf({ fit, mayHaveSeenRuns }: Judged): Rows {
  const test = judgedTest(fit);
  if (test) {
    const name = `the ${plural(test.statistics.n, 'run')} of ${test.name}`;
    return { statistics: test.statistics, name, test };
  }
  const n = plural(fit.crossValidation.n, 'training run');
  const how = mayHaveSeenRuns ? ', which the model may have seen' : ', each left out of the fit';
  return { statistics: fit.crossValidation, name: `the ${n}${how}`, test: null };
}

function ranksOf(judged: Judged): Clause {
  const { statistics, name, test } = rowsOf(judged);
  const { mixtures, spearman, pairsRight, interval } = statistics;
  const about = 'ranks';
  if (mixtures < fewestJudged || !Number.isFinite(spearman)) {
    const text =
      mixtures < fewestJudged
        ? `Too few to judge (${plural(mixtures, 'mixture')}): add runs.`
        : 'All runs have the same value or prediction.';
    return { about, grade: 'unknown', title: 'Ranks: too few runs to say', figure: '', text };
  }
  const isTold = judged.fit.signal.p <= significance;
  const low = Number.isFinite(interval[0]) ? interval[0] : spearman;
  const byRho = low >= rhoOf.holds ? 'holds' : low >= rhoOf.partly ? 'partly' : 'fails';
  const isSeen = judged.mayHaveSeenRuns && test === null;
  const grade = !isTold ? 'fails' : byRho === 'holds' && isSeen ? 'partly' : byRho;
  const luck = isTold ? '' : ` That may be chance (p = ${formatNumber(judged.fit.signal.p, 2)}).`;
  return {
    about,
    grade,
    title: { holds: 'Ranks hold', partly: 'Ranks hold roughly', fails: 'Ranks do not hold' }[grade],
    figure: `rho ${formatNumber(spearman, 3)}`,
    text: `${formatPercent(pairsRight, 1)} of pairs of ${name} are predicted in their measured order.${luck}`,
  };
}

function valuesOf(judged: Judged): Clause {
  const { statistics, name, test } = rowsOf(judged);
  const { rmse, n, mixtures } = statistics;
  const half = judged.fit.bands.halfWidths[90];
  const about = 'values';
  const figure = Number.isFinite(rmse) ? `RMSE ${formatNumber(rmse, 3)}` : '';
  if (half === null || !Number.isFinite(rmse) || mixtures < fewestJudged) {
    const text = 'There are too few runs for a band that holds 90% of them.';
    return { about, grade: 'unknown', title: 'Values: too few runs to say', figure, text };
  }
  const band = `±${bandText(half)}`;
  const isVague = rmse > errorShare * judged.spread;
  const vague = isVague ? ' The error is more than half of the runs’ spread.' : '';
  const inside = test?.coverage[90] ?? null;
  if (inside === null) {
    const grade = isVague || judged.mayHaveSeenRuns ? 'partly' : 'holds';
    return {
      about,
      grade,
      title: grade === 'holds' ? 'Values hold at this size' : 'Values hold roughly',
      figure,
      text: `The band of ${band} holds 90% of ${name}. There is no test set, so the values of larger models are unknown.${vague}`,
    };
  }
  // What 90% of draws would hold, less what chance takes off in one set of 20.
  const expected = 0.9 - 1.645 * Math.sqrt((0.9 * 0.1) / n);
  const grade =
    inside < expected - 0.2 ? 'fails' : inside < expected || isVague ? 'partly' : 'holds';
  return {
    about,
    grade,
    title: {
      holds: 'Values hold at this size',
      partly: 'Values hold roughly',
      fails: 'Values do not hold',
    }[grade],
    figure,
    text: `The 90% band of ${band} from the training runs holds ${formatPercent(inside, 0)} of ${name}.${vague}`,
  };
}

function bandText(half: number): string {
  return formatNumber(half, half < 0.001 ? 5 : 3);
}

function optimumOf({ found, advice, stability, bounds, names }: Judged): Clause {
  const about = 'optimum';
  const unknown = (text: string, state = 'not tested'): Clause => {
    return { about, grade: 'unknown', title: `Optimum: ${state}`, figure: '', text };
  };
  if (advice?.verb === 'none') {
    const text = 'These runs give no reason to prefer one mixture to another.';
    return { about, grade: 'fails', title: 'No optimum to trust', figure: '', text };
  }
  if (found === undefined) return unknown('The lesson hides the answer: guess first.', 'hidden');
  if (!found) return unknown('There is no optimum yet.');
  if (stability === undefined) return unknown('Refitting to resampled runs…', 'being tested');
  if (stability === null || stability.weights.length === 0) {
    return unknown('This regressor is not refitted, so its stability is unknown.');
  }
  const { weights } = found.optimum;
  // Every refit keeps the pins.
  const binding = found.optimum.binding.filter((domain) => bounds.source[domain] !== 'lock');
  const refits = stability.weights;
  const distances = Float64Array.from(refits, (each) => totalVariation(each, weights)).sort();
  const most = quantile(distances, 0.9);
  const isFar = found.coverage.far || found.coverage.beyond;
  const byMove = most <= moved.holds ? 'holds' : most <= moved.partly ? 'partly' : 'fails';
  const grade = byMove === 'holds' && isFar ? 'partly' : byMove;
  const moving = names
    .map((name, domain) => {
      const sorted = Float64Array.from(refits, (each) => each[domain]).sort();
      return { name, by: quantile(sorted, 0.95) - quantile(sorted, 0.05) };
    })
    .filter(({ by }) => by >= namedMove)
    .sort((a, b) => b.by - a.by)
    .slice(0, maxNamed);
  const kept = binding.filter((domain) =>
    refits.every((each) => isHeld(bounds, domain, each[domain], weights[domain])),
  );
  const limits =
    binding.length === 0
      ? ''
      : kept.length === binding.length
        ? `Every refit meets the same ${binding.length === 1 ? 'limit' : plural(binding.length, 'limit')}. `
        : `${kept.length === 0 ? 'No limit is' : `${kept.length} of ${plural(binding.length, 'limit')} are`} met by every refit. `;
  return {
    about,
    grade,
    title: {
      holds: 'The optimum holds',
      partly: 'The optimum mostly holds',
      fails: 'The optimum moves',
    }[grade],
    figure: plural(refits.length, 'refit'),
    text: `${limits}${movesText(moving)}${isFar ? ' It is unusually far from every tested run.' : ''}`,
  };
}

/** Whether a weight of a refit is held by the bound that holds the optimum's. */
function isHeld(bounds: Bounds, domain: number, weight: number, ofOptimum: number): boolean {
  const isFloor = heldBy(bounds, domain, ofOptimum) === 'min';
  const bound = isFloor ? bounds.lower[domain] : bounds.upper[domain];
  return Math.abs(weight - bound) < 1e-5;
}

function movesText(moving: readonly { readonly name: string; readonly by: number }[]): string {
  if (moving.length === 0) return 'No weight moves by more than a point.';
  const points = moving.map(({ by }) => Math.round(100 * by));
  const [most, least] = [Math.max(...points), Math.min(...points)];
  const by = most === least ? plural(most, 'point') : `${least} to ${most} points`;
  const verb = moving.length === 1 ? 'moves' : 'move';
  return `${formatList(moving.map(({ name }) => name))} ${verb} by ${by}.`;
}

function headlineOf(clauses: Verdict['clauses'], { fit }: Judged): string {
  const half = fit.bands.halfWidths[90];
  const words: Record<Clause['about'], { holds: string; partly: string; fails: string }> = {
    ranks: { holds: 'the ranks', partly: 'the ranks roughly', fails: 'the ranks' },
    values: {
      holds: half === null ? 'the values' : `the values within ±${bandText(half)}`,
      partly: 'the values roughly',
      fails: 'the values',
    },
    optimum: { holds: 'the optimum', partly: 'most of the optimum', fails: 'the optimum' },
  };
  const trusted: string[] = [];
  const refused: string[] = [];
  for (const { about, grade } of clauses) {
    if (grade === 'fails') refused.push(words[about].fails);
    else if (grade !== 'unknown') trusted.push(words[about][grade]);
  }
  if (trusted.length === 0 && refused.length === 0) return 'Too few runs to say what to trust.';
  if (trusted.length === 0) return `Do not trust ${either(refused)}.`;
  const not = refused.length === 0 ? '' : `, but not ${either(refused)}`;
  return `Trust ${formatList(trusted)}${not}.`;
}

/** `a`, `a or b`, `a, b or c`. */
function either(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;
}
