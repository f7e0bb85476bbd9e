/** Attempts, prior, uniform, best run and optimum ranked by what is predicted for them, and the limits they break. */

import { uniformPrior } from '../mixture/prior';
import { isWithin } from '../mixture/simplex';
import { formatList, formatNumber, formatPercent } from '../model/format';
import type { Bounds, ObjectiveTerm } from '../model/limits';
import { columnOf, rowOf } from '../model/matrix';
import type { Attempt } from '../model/settings';
import type { Domain, Study } from '../model/study';
import { type Scorer, signOf } from '../optimum/objective';

/** Scores that differ by less are equal up to rounding. */
const same = 1e-9;

/** A mixture with its place on the leaderboard. */
export interface Standing extends Entry {
  /** Of every term of the objective, in its target's unit. */
  readonly predictions: readonly number[];
  /** What is optimised, lower is better. */
  readonly score: number;
  readonly broken: readonly BrokenLimit[];
  /**
   * From 1; mixtures of one score share a rank, and the next one counts them all (1, 2, 2, 4). null for a
   * mixture that breaks a limit: it is listed where its score is, and takes no rank from others.
   */
  readonly rank: number | null;
}

/**
 * The leaderboard, best score first; equal scores keep their order. Entries without a score come last and
 * have no rank.
 *
 * @param scorer of the objective, made to seek the best
 */
export function standingsOf(
  entries: readonly Entry[],
  { score, predictions }: Pick<Scorer, 'score' | 'predictions'>,
  bounds: Bounds,
): Standing[] {
  const scored = entries.map((entry) => ({
    ...entry,
    predictions: predictions(entry.weights),
    score: score(entry.weights),
    broken: brokenLimits(entry.weights, bounds),
  }));
  const order = (value: number) => (Number.isFinite(value) ? value : Number.MAX_VALUE);
  scored.sort((a, b) => order(a.score) - order(b.score));
  let rank = 0;
  let counted = 0;
  let last = Number.NaN;
  return scored.map((entry) => {
    if (entry.broken.length > 0 || !Number.isFinite(entry.score)) return { ...entry, rank: null };
    counted++;
    if (!(Math.abs(entry.score - last) < same)) rank = counted;
    last = entry.score;
    return { ...entry, rank };
  });
}

/** A mixture on the leaderboard. */
export interface Entry {
  /** Unique on the leaderboard; that of an attempt stays when it is renamed. */
  readonly key: string;
  readonly kind: 'attempt' | 'prior' | 'human' | 'uniform' | 'run' | 'optimum';
  readonly name: string;
  /** D, sums to 1. */
  readonly weights: Float64Array;
  /** Of an attempt, its id. */
  readonly attempt?: number;
  /** Of a training run, what was measured on the first target. */
  readonly measured?: number;
}

type Term = Pick<ObjectiveTerm, 'target' | 'direction' | 'weight' | 'scale'>;

/**
 * All entries of the leaderboard: the attempts, the study's mixtures for comparison, its best training run,
 * and the optimum where it is known.
 *
 * @param optimum null while there is none, or none may be shown
 */
export function entriesOf(
  study: Study,
  attempts: readonly Attempt[],
  terms: readonly Term[],
  bounds: Bounds,
  optimum: Pick<Entry, 'name' | 'weights'> | null,
): Entry[] {
  const run = bestRun(study, terms, bounds);
  return [
    ...attempts.map(({ id, name, weights }) => ({
      key: `attempt ${id}`,
      kind: 'attempt' as const,
      name,
      weights: Float64Array.from(weights),
      attempt: id,
    })),
    ...(optimum ? [{ key: 'optimum', kind: 'optimum' as const, ...optimum }] : []),
    { key: 'prior', kind: 'prior', name: 'the prior', weights: study.prior.weights },
    ...(study.human ? [{ key: 'human', kind: 'human' as const, ...study.human }] : []),
    {
      key: 'uniform',
      kind: 'uniform',
      name: 'uniform',
      weights: uniformPrior(study.domains.length).weights,
    },
    ...(run
      ? [
          {
            key: 'run',
            kind: 'run' as const,
            name: `best run (${study.training.ids[run.row]})`,
            weights: rowOf(study.training.mixtures, run.row).slice(),
            measured: run.measured,
          },
        ]
      : []),
  ];
}

/**
 * The training run that measured best on what is optimised, among those within the limits; among all where no
 * run is within them. Runs that miss one of the targets do not count.
 *
 * @returns its row, and its value on the first target; null when no run measured all targets
 */
function bestRun(
  { targets, training }: Study,
  terms: readonly Term[],
  { lower, upper }: Bounds,
): { readonly row: number; readonly measured: number } | null {
  const columns = terms.map(({ target }) =>
    columnOf(
      training.losses,
      targets.findIndex(({ id }) => id === target),
    ),
  );
  const scores = training.ids.map((_, row) =>
    terms.reduce(
      (sum, term, place) => sum + (term.weight * signOf(term) * columns[place][row]) / term.scale,
      0,
    ),
  );
  const rows = training.ids.flatMap((_, row) => (Number.isFinite(scores[row]) ? [row] : []));
  const within = rows.filter((row) => isWithin(rowOf(training.mixtures, row), lower, upper));
  const [first, ...others] = within.length > 0 ? within : rows;
  if (first === undefined) return null;
  const row = others.reduce((best, each) => (scores[each] < scores[best] ? each : best), first);
  return { row, measured: columns[0][row] };
}

/** Slack before a weight counts as outside of its bound: less than the page displays. */
const slack = 1e-6;

/** A bound that a mixture breaks. */
interface BrokenLimit {
  /** Index of the domain in the study. */
  readonly domain: number;
  readonly kind: 'cap' | 'tried' | 'floor' | 'lock';
  /** Of the mixture, 0..1. */
  readonly weight: number;
  /** The broken bound, 0..1. */
  readonly bound: number;
}

/**
 * The bounds that a mixture breaks, in the study's order of domains.
 *
 * @param weights D
 */
export function brokenLimits(
  weights: ArrayLike<number>,
  { lower, upper, source }: Bounds,
): BrokenLimit[] {
  return Array.from(weights).flatMap((weight, domain): BrokenLimit[] => {
    const isAbove = weight > upper[domain] + slack;
    if (!isAbove && weight >= lower[domain] - slack) return [];
    const isTried = source[domain] === 'tried';
    const kind =
      source[domain] === 'lock' ? 'lock' : !isAbove ? 'floor' : isTried ? 'tried' : 'cap';
    return [{ domain, kind, weight, bound: isAbove ? upper[domain] : lower[domain] }];
  });
}

const words = {
  cap: 'above its cap of',
  tried: 'above the largest weight tried of',
  floor: 'below its least weight of',
  lock: 'not at its lock of',
};

/**
 * The limits that a mixture breaks, as text: `English is above its cap of 12.0%`; empty when there are none.
 *
 * @param most limits that are named; the others are counted
 */
export function describeBrokenLimits(
  domains: readonly Domain[],
  broken: readonly BrokenLimit[],
  most = 3,
): string {
  const named = broken
    .slice(0, most)
    .map(
      ({ domain, kind, bound }) =>
        `${domains[domain].name} is ${words[kind]} ${formatPercent(bound, 1)}`,
    );
  const rest = broken.length - named.length;
  return formatList(rest > 0 ? [...named, `${rest} more`] : named);
}

/** How a mixture differs from the optimum: in its domain of the largest difference, and by how much it is worse. */
export interface Difference {
  /** Index of the domain whose weights differ most. */
  readonly domain: number;
  readonly own: number;
  readonly best: number;
  /** What the optimum is better by, in the target's unit or in that of what is optimised; < 0 where it is worse. */
  readonly gain: number;
}

/** @returns null where they are equal to rounding, or one has no prediction */
export function differenceFrom(
  optimum: ArrayLike<number>,
  own: ArrayLike<number>,
  gain: number,
): Difference | null {
  const apart = Array.from(optimum, (weight, domain) => Math.abs(weight - own[domain]));
  const domain = apart.indexOf(Math.max(...apart));
  if (!Number.isFinite(gain) || !(apart[domain] > slack)) return null;
  return { domain, own: own[domain], best: optimum[domain], gain };
}

/**
 * `Spanish loss is predicted 0.123 bits per byte better at the optimum than at your mixture. They differ most in
 * Spanish: 10.0% in yours, 45.2% in the optimum.`
 *
 * @param what the target, with its unit; or null where several targets are combined
 */
export function differenceText(
  domains: readonly Domain[],
  { domain, own, best, gain }: Difference,
  what: { readonly name: string; readonly unit: string } | null,
): string {
  const by = [formatNumber(Math.abs(gain), 3), what?.unit ?? ''].join(' ').trim();
  const way = gain < 0 ? 'worse' : 'better';
  return `${what?.name ?? 'The objective'} is predicted ${by} ${way} at the optimum than at your mixture. They differ most in ${domains[domain].name}: ${formatPercent(own, 1)} in yours, ${formatPercent(best, 1)} in the optimum.`;
}
