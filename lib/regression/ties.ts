/** RegMix's insights, from a study's own runs: how far mixtures move a target, and which domains go with which. */
import type { Job } from '../model/job';
import { columnOf, type Matrix, zeros } from '../model/matrix';
import type { Direction } from '../model/regressor';
import { averageRanks, pearson } from '../model/statistics';
import { studentCdf } from '../model/student';
import type { Domain, RunTable, Target } from '../model/study';
import { withoutOutliers } from './outliers';
import { numberMixtures } from './sample';

/** How far a target's best and worst run are apart. */
export interface TargetRange {
  /** Runs with the target, those that diverged apart. */
  readonly runs: number;
  readonly low: number;
  readonly high: number;
}

/** The range of a target over the runs that fits use. @returns null with fewer than two runs */
export function rangeOf(values: Float64Array, direction: Direction): TargetRange | null {
  const sorted = withoutOutliers(values, direction).filter(Number.isFinite).sort();
  if (sorted.length < 2) return null;
  return { runs: sorted.length, low: sorted[0], high: sorted[sorted.length - 1] };
}

/** How the weight of a domain goes with a target that is not named after it. */
export interface Tie {
  /** Indices. */
  readonly domain: number;
  readonly target: number;
  /** Spearman's rho over mixtures, -1..1: below 0, more of the domain goes with a lower value. */
  readonly rho: number;
  /** Whether more of the domain goes with a better value. */
  readonly helps: boolean;
}

/** The ties of a study that are told apart from none. */
export interface Ties {
  /** The strongest first. */
  readonly told: readonly Tie[];
  /** Pairs of a domain and a target that were tested. */
  readonly tested: number;
  /** Fewest mixtures behind a target; 0 where none has any. */
  readonly mixtures: number;
}

/** With fewer mixtures no rank correlation is told apart from none by enough to be named. */
export const fewestMixtures = 10;
/** Chance that any tie is named where there are none. */
const level = 0.05;

/**
 * Rank correlations of domains' weights with targets, their own domains' left out. A tie is told where both its
 * rho and its partial rho at a fixed weight of the target's own domain (Kendall 1942, of ranks) have one sign,
 * and the larger p of the two passes Holm's (1979) correction for all pairs that were tested. The partial one
 * is there since weights sum to 1: whatever takes the place of a target's own domain goes with a worse value. p
 * is by Student's t (Kendall and Stuart 1973, section 31.19). Runs of one mixture count as one, by their mean.
 *
 * @param own per target the index of the domain that it is named after; null = none
 */
export function* findTies(
  table: Pick<RunTable, 'mixtures' | 'losses'>,
  targets: readonly Pick<Target, 'direction'>[],
  own: readonly (number | null)[],
): Job<Ties> {
  const domains = table.mixtures.columns;
  const { numbers, firsts } = yield* distinctMixtures(table.mixtures);
  const found: (Tie & { readonly p: number })[] = [];
  let fewest = Number.POSITIVE_INFINITY;
  for (const [target, { direction }] of targets.entries()) {
    const values = withoutOutliers(columnOf(table.losses, target), direction);
    const means = meansOf(values, numbers, firsts.length);
    const measured = [...means.keys()].filter((mixture) => Number.isFinite(means[mixture]));
    fewest = Math.min(fewest, measured.length);
    if (measured.length < fewestMixtures) continue;
    const ranks = averageRanks(measured.map((mixture) => means[mixture]));
    const ranksOf = (domain: number) =>
      averageRanks(
        measured.map((mixture) => table.mixtures.values[firsts[mixture] * domains + domain]),
      );
    const self = own[target];
    const selfRanks = self === null ? null : ranksOf(self);
    for (let domain = 0; domain < domains; domain++) {
      if (domain % 16 === 0) yield { done: target, total: targets.length, unit: 'targets' };
      if (domain === self) continue;
      const ofDomain = ranksOf(domain);
      const rho = pearson(ofDomain, ranks);
      // A weight or a value that never varies goes with nothing.
      if (!Number.isFinite(rho)) continue;
      const partial = selfRanks
        ? partialOf(rho, pearson(ofDomain, selfRanks), pearson(selfRanks, ranks))
        : rho;
      const isBoth = rho * partial > 0;
      const p = isBoth
        ? Math.max(pOf(rho, measured.length - 2), pOf(partial, measured.length - 3))
        : 1;
      found.push({ domain, target, rho, helps: rho < 0 === (direction === 'lower'), p });
    }
  }
  found.sort((a, b) => a.p - b.p || Math.abs(b.rho) - Math.abs(a.rho));
  let count = 0;
  while (count < found.length && found[count].p <= level / (found.length - count)) count++;
  const told = found
    .slice(0, count)
    .map(({ p: _p, ...tie }) => tie)
    .sort((a, b) => Math.abs(b.rho) - Math.abs(a.rho));
  return { told, tested: found.length, mixtures: Number.isFinite(fewest) ? fewest : 0 };
}

/** Per run the number of its mixture, and per mixture its first run. */
export function* distinctMixtures(
  mixtures: Matrix,
): Job<{ readonly numbers: Int32Array; readonly firsts: readonly number[] }> {
  const [numbers] = yield* numberMixtures([mixtures]);
  const firsts: number[] = [];
  numbers.forEach((mixture, row) => {
    firsts[mixture] ??= row;
  });
  return { numbers, firsts };
}

/** Mean value per mixture; NaN where none of its runs has one. */
export function meansOf(values: Float64Array, numbers: Int32Array, mixtures: number): Float64Array {
  const sums = zeros(mixtures, 2).values;
  values.forEach((value, row) => {
    if (!Number.isFinite(value)) return;
    sums[2 * numbers[row]] += value;
    sums[2 * numbers[row] + 1]++;
  });
  return Float64Array.from({ length: mixtures }, (_, at) => sums[2 * at] / sums[2 * at + 1]);
}

/** Correlation of a and b at fixed c; of a and b themselves where c does not vary. */
function partialOf(ab: number, ac: number, bc: number): number {
  if (!Number.isFinite(ac) || !Number.isFinite(bc)) return ab;
  const left = Math.sqrt((1 - ac * ac) * (1 - bc * bc));
  return left > 1e-12 ? Math.max(-1, Math.min(1, (ab - ac * bc) / left)) : 0;
}

/** Two-sided p of a correlation without any. */
function pOf(rho: number, freedom: number): number {
  if (Math.abs(rho) >= 1) return 0;
  return 2 * studentCdf(-Math.abs(rho) * Math.sqrt(freedom / (1 - rho * rho)), freedom);
}

/** The domain that helps the most targets, apart from their own. */
export interface OutsideHelp {
  /** Indices of the domains that are the best outside help for the most targets. */
  readonly domains: readonly number[];
  /** Targets that each of them helps best. */
  readonly count: number;
  /** Targets that any domain is told to help. */
  readonly helped: number;
  /** The strongest of these ties. */
  readonly strongest: Tie;
}

/** Which domains are the best outside help for most targets; null where none is told to help any. */
export function outsideHelp({ told }: Ties): OutsideHelp | null {
  const best = new Map<number, Tie>();
  for (const tie of told) if (tie.helps && !best.has(tie.target)) best.set(tie.target, tie);
  if (best.size === 0) return null;
  const counts = new Map<number, number>();
  for (const { domain } of best.values()) counts.set(domain, (counts.get(domain) ?? 0) + 1);
  const count = Math.max(...counts.values());
  const leaders = new Set(
    [...counts].filter(([, each]) => each === count).map(([domain]) => domain),
  );
  const [strongest] = [...best.values()].filter(({ domain }) => leaders.has(domain));
  return { domains: [...leaders], count, helped: best.size, strongest };
}

/** The strongest tie that helps and the strongest that hurts, beside what names give away. */
export function surprises(
  { told }: Ties,
  domains: readonly Domain[],
  targets: readonly Target[],
): { readonly helps: Tie | null; readonly hurts: Tie | null } {
  const unlike = told.filter(
    ({ domain, target }) => !shareWord(domains[domain].name, targets[target].name),
  );
  return {
    helps: unlike.find(({ helps }) => helps) ?? null,
    hurts: unlike.find(({ helps }) => !helps) ?? null,
  };
}

/** Whether two names have a word of four letters or more in common: text of one kind is no surprise. */
function shareWord(a: string, b: string): boolean {
  const words = (name: string) => name.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? [];
  const known = new Set(words(a));
  return words(b).some((word) => known.has(word));
}
