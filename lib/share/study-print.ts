import type { Matrix } from '../matrix';
import type { RunTable, Study } from '../study/types';
import { crc32 } from './checksum';

/** Studies are immutable: what was computed of their tables once stays. */
const known = new WeakMap<
  RunTable,
  { readonly testSets: Study['testSets']; readonly print: number }
>();

/**
 * A checksum of all that fits are made from: ids of domains, targets and runs, mixtures, losses and
 * rounds of every set. Equal runs have equal prints; prior, human mixture and names do not count.
 *
 * @returns 0 to 2^32 - 1
 */
export function studyPrint(study: Study): number {
  const { domains, targets, training, testSets } = study;
  const before = known.get(training);
  if (before?.testSets === testSets) return before.print;
  const columns = [
    ...domains.map(({ id }) => id),
    ...targets.map(({ id, direction }) => `${id} ${direction}`),
  ];
  let print = textPrint(columns, 0);
  for (const table of [training, ...testSets]) print = tablePrint(table, print);
  known.set(training, { testSets, print });
  return print;
}

function tablePrint(
  { name, ids, mixtures, recorded, losses, rounds }: RunTable,
  before: number,
): number {
  let print = textPrint([name, ...ids], before);
  for (const matrix of [mixtures, recorded ?? mixtures, losses]) print = valuesPrint(matrix, print);
  for (const round of rounds ?? []) print = crc32(Uint8Array.of(round & 255, round >>> 8), print);
  return print;
}

function textPrint(texts: readonly string[], before: number): number {
  return crc32(new TextEncoder().encode(texts.map((text) => `${text}\n`).join('')), before);
}

/** Float64, little-endian; all that is not a number counts alike, and so do both zeros. */
function valuesPrint({ values }: Matrix, before: number): number {
  let print = before;
  const row = new DataView(new ArrayBuffer(8));
  const bytes = new Uint8Array(row.buffer);
  for (const value of values) {
    row.setFloat64(0, Number.isNaN(value) ? Number.NaN : value + 0, true);
    print = crc32(bytes, print);
  }
  return print;
}
