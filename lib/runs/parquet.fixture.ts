import { gzipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect } from 'vitest';
import { runJob } from '../model/job';
import { createRandomStream } from '../model/random';
import { RunsError } from './errors';
import { openFile, readFiles } from './read-files';
import type { CsvTable } from './table';

/** What a file is written from. */
export type Options = Parameters<typeof parquetWriteBuffer>[0];

export const ids = Array.from({ length: 40 }, (_, run) => `run${run}`);
export const web = Float64Array.from(ids, (_, run) => run / 39);
export const loss = Array.from(ids, (_, run) => (run === 5 ? null : 3 + run / 7));
export const columnData = [
  { name: 'run', data: ids, type: 'STRING' },
  { name: 'web', data: web, type: 'DOUBLE' },
  { name: 'seed', data: Int32Array.from(ids, (_, run) => run % 3), type: 'INT32' },
  { name: 'tokens', data: ids.map((_, run) => BigInt(run) * 1_000_000n), type: 'INT64' },
  { name: 'ok', data: ids.map((_, run) => run % 2 === 0), type: 'BOOLEAN' },
  { name: 'share', data: ids.map((_, run) => `${run}%`), type: 'STRING' },
  { name: 'loss', data: loss, type: 'DOUBLE' },
] satisfies Options['columnData'];

/** Reads a file as the page does. */
export async function read(bytes: Uint8Array, name = 'runs.parquet'): Promise<CsvTable> {
  const arrayBuffer = async () => Uint8Array.from(bytes).buffer;
  const file = await openFile({ name, size: bytes.length, arrayBuffer });
  const [table] = runJob(readFiles([file]));
  return table;
}
export const write = (options: Partial<Options> = {}) =>
  new Uint8Array(parquetWriteBuffer({ columnData, ...options }));

export const gzip = { GZIP: (bytes: Uint8Array) => Uint8Array.from(gzipSync(bytes)) };

/** Zstandard frames of one block that is stored as it is, by the format's section 3.1.1. */
export const zstd = {
  ZSTD: (bytes: Uint8Array) => {
    const head = new DataView(new ArrayBuffer(12));
    head.setUint32(0, 0xfd2fb528, true);
    head.setUint8(4, 0xa0);
    head.setUint32(5, bytes.length, true);
    const block = (bytes.length << 3) | 1;
    head.setUint16(9, block & 0xffff, true);
    head.setUint8(11, block >> 16);
    return Uint8Array.from([...new Uint8Array(head.buffer), ...bytes]);
  },
};

/** Ways to write the same table, to be damaged. */
export const variants: readonly [string, Partial<Options>][] = [
  ['compressed', {}],
  ['plain', { codec: 'UNCOMPRESSED', rowGroupSize: 9 }],
  ['packed by GZIP', { codec: 'GZIP', compressors: gzip }],
];

/** Fails unless every damaged copy of a file is read as a table or refused by the typed error. */
export async function expectRobust(bytes: Uint8Array, count: number): Promise<void> {
  const stream = createRandomStream(5);
  const pick = (among: number) => Math.min(among - 1, Math.floor(stream.uniform() * among));
  let refused = 0;
  for (let number = 0; number < count; number++) {
    const damaged = Uint8Array.from(bytes);
    for (let edit = 0; edit <= number % 3; edit++) {
      // The description, which steers everything, stands at the end.
      const at = number % 2 === 0 ? bytes.length - 1 - pick(600) : pick(bytes.length);
      damaged[at] = number % 5 === 0 ? 0xff : pick(256);
    }
    try {
      const { rows, columns } = await read(damaged);
      for (const { numbers, text } of columns) expect(numbers?.length ?? text?.length).toBe(rows);
    } catch (error) {
      expect(error).toBeInstanceOf(RunsError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(count / 100);
  expect(refused).toBeLessThan(count);
}
