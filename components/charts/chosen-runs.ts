/** Which training runs all pictures show: the best tenth, all, or those that the reader brushed. No React. */
import { formatNumber, formatPercent, plural } from '../../lib/model/format';
import { columnOf } from '../../lib/model/matrix';
import type { Study } from '../../lib/model/study';
import { brushedRows, type Range } from './parallel-brush';
import { bestTenth } from './parallel-geometry';

/** The runs that stand out. */
export interface RunChoice {
  /**
   * `best` and `all` only mark runs: what is computed from runs uses all of them. `drawn` selects: correlations
   * are of these runs only.
   */
  readonly kind: 'best' | 'all' | 'drawn';
  /** One per training run, 1 = chosen; null = all are. */
  readonly rows: Uint8Array | null;
  /** Runs chosen, and runs in all. */
  readonly count: number;
  readonly total: number;
  /** Size of the best tenth; null = too few runs are measured, or it may not be shown. */
  readonly best: number | null;
  /** Brushed ranges in words, one per axis: `Pile-CC 12.0 to 40.0%`. */
  readonly ranges: readonly string[];
  /** Names of targets by whose values runs were brushed. */
  readonly targets: readonly string[];
}

/** The key of a target's axis; that of a domain's is its id. */
export function targetKey(id: string): string {
  return `target ${id}`;
}

/**
 * The runs chosen.
 *
 * @param target index of the target that ranks runs
 * @param brushes ranges by the key of an axis; a brush on what the study does not have is ignored
 * @param marked what stands out while nothing is brushed
 * @param hidesAnswer whether the best runs, whose weights are near the answer, may not be shown
 */
export function chooseRuns(
  { training, domains, targets }: Pick<Study, 'training' | 'domains' | 'targets'>,
  target: number,
  brushes: ReadonlyMap<string, Range>,
  marked: 'best' | 'all',
  hidesAnswer: boolean,
): RunChoice {
  const total = training.ids.length;
  const { name, unit, direction } = targets[target];
  const best = hidesAnswer
    ? null
    : bestTenth({
        key: targetKey(targets[target].id),
        label: name,
        unit,
        kind: 'target',
        values: columnOf(training.losses, target),
        direction,
      });
  const axes: { key: string; values: Float64Array }[] = [];
  const ranges: string[] = [];
  const by: string[] = [];
  for (const [key, [low, high]] of brushes) {
    const domain = domains.findIndex(({ id }) => id === key);
    const other = domain < 0 ? targets.findIndex(({ id }) => targetKey(id) === key) : -1;
    if (domain >= 0) {
      axes.push({ key, values: columnOf(training.mixtures, domain) });
      ranges.push(
        `${domains[domain].name} ${formatNumber(low * 100, 1)} to ${formatPercent(high, 1)}`,
      );
    } else if (other >= 0) {
      axes.push({ key, values: columnOf(training.losses, other) });
      ranges.push(`${targets[other].name} ${formatNumber(low, 3)} to ${formatNumber(high, 3)}`);
      by.push(targets[other].name);
    }
  }
  const known = { total, best: best && countOf(best), ranges, targets: by };
  if (axes.length > 0) {
    const rows = brushedRows(axes, brushes);
    return { ...known, kind: 'drawn', rows, count: countOf(rows) };
  }
  if (marked === 'best' && best) {
    return { ...known, kind: 'best', rows: best, count: countOf(best) };
  }
  return { ...known, kind: 'all', rows: null, count: total };
}

/** Indices of the chosen runs, ascending. */
export function chosenRows({ rows, total }: Pick<RunChoice, 'rows' | 'total'>): Int32Array {
  const all = Int32Array.from({ length: total }, (_, row) => row);
  return rows ? all.filter((row) => rows[row] === 1) : all;
}

/** The chosen runs in words: `51 of 512 runs`. */
export function choiceText({ kind, count, total }: RunChoice): string {
  if (kind === 'all') return `All ${plural(total, 'run')}`;
  const few = `${count.toLocaleString('en')} of ${plural(total, 'run')}`;
  return kind === 'best' ? `The best tenth, ${few}` : few;
}

/**
 * What the best tenth of the runs read more of than all runs, in a sentence; null where there is no best tenth, or
 * it may not be shown.
 */
export function whatTheBestRead(
  study: Pick<Study, 'training' | 'domains' | 'targets'>,
  target: number,
  hidesAnswer: boolean,
): string | null {
  const { kind, rows } = chooseRuns(study, target, new Map(), 'best', hidesAnswer);
  if (kind !== 'best' || !rows) return null;
  let most = { domain: 0, best: 0, all: 0 };
  for (const domain of study.domains.keys()) {
    const weights = columnOf(study.training.mixtures, domain);
    const all = mean(weights);
    const best = mean(weights.filter((_, row) => rows[row] === 1));
    if (best - all > most.best - most.all) most = { domain, best, all };
  }
  if (most.best - most.all < 0.005) return null;
  const shares = `${formatPercent(most.best, 0)} ${study.domains[most.domain].name}`;
  return `On average the best tenth read ${shares}, all runs ${formatPercent(most.all, 0)}`;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function countOf(rows: Uint8Array): number {
  return rows.reduce((sum, one) => sum + one, 0);
}
