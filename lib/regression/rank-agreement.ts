import type { Job } from '../job';
import { columnOf } from '../matrix';
import type { RunTable } from '../study/types';
import { numberMixtures } from './same-mixtures';
import { bootstrapInterval, spearman } from './statistics';

/** Whether two tables of runs, of two sizes of proxies say, rank the mixtures that both hold alike. */
export interface RankAgreement {
  /** Names of the tables. */
  readonly first: string;
  readonly second: string;
  /** Mixtures that both have. */
  readonly n: number;
  readonly spearman: number;
  /** 95% bootstrap interval. */
  readonly interval: readonly [number, number];
}

const fewestShared = 3;

/**
 * Spearman's rho of a target between every two tables that share at least three mixtures; a mixture
 * that a table holds more than once counts with its mean.
 *
 * @param target index of the target
 */
export function* rankAgreement(
  tables: readonly RunTable[],
  target: number,
  seed: number,
): Job<RankAgreement[]> {
  const numbers = yield* numberMixtures(tables.map(({ mixtures }) => mixtures));
  const byMixture = tables.map((table, index) => meansByMixture(table, target, numbers[index]));
  const found: RankAgreement[] = [];
  for (let second = 1; second < tables.length; second++) {
    for (let first = 0; first < second; first++) {
      const a: number[] = [];
      const b: number[] = [];
      for (const [mixture, value] of byMixture[first]) {
        const other = byMixture[second].get(mixture);
        if (other === undefined) continue;
        a.push(value);
        b.push(other);
      }
      if (a.length < fewestShared) continue;
      yield { done: second, total: tables.length, unit: 'tables' };
      found.push({
        first: tables[first].name,
        second: tables[second].name,
        n: a.length,
        spearman: spearman(a, b),
        interval: bootstrapInterval(a, b, seed),
      });
    }
  }
  return found;
}

/** @param numbers which mixture each row is of */
function meansByMixture(
  { losses }: RunTable,
  target: number,
  numbers: Int32Array,
): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  columnOf(losses, target).forEach((value, row) => {
    if (!Number.isFinite(value)) return;
    const known = sums.get(numbers[row]) ?? { sum: 0, count: 0 };
    sums.set(numbers[row], { sum: known.sum + value, count: known.count + 1 });
  });
  return new Map([...sums].map(([mixture, { sum, count }]) => [mixture, sum / count]));
}
