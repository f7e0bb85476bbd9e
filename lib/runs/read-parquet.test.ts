import { gzipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { damageCases } from '../model/damage-cases.fixture';
import { runJob } from '../model/job';
import { createRandomStream } from '../model/random';
import { RunsError } from './errors';
import { openFile, readFiles } from './read-files';
import { type CsvTable, cellText } from './table';

type Options = Parameters<typeof parquetWriteBuffer>[0];

const ids = Array.from({ length: 40 }, (_, run) => `run${run}`);
const web = Float64Array.from(ids, (_, run) => run / 39);
const loss = Array.from(ids, (_, run) => (run === 5 ? null : 3 + run / 7));
const columnData = [
  { name: 'run', data: ids, type: 'STRING' },
  { name: 'web', data: web, type: 'DOUBLE' },
  { name: 'seed', data: Int32Array.from(ids, (_, run) => run % 3), type: 'INT32' },
  { name: 'tokens', data: ids.map((_, run) => BigInt(run) * 1_000_000n), type: 'INT64' },
  { name: 'ok', data: ids.map((_, run) => run % 2 === 0), type: 'BOOLEAN' },
  { name: 'share', data: ids.map((_, run) => `${run}%`), type: 'STRING' },
  { name: 'loss', data: loss, type: 'DOUBLE' },
] satisfies Options['columnData'];

async function read(bytes: Uint8Array, name = 'runs.parquet'): Promise<CsvTable> {
  const arrayBuffer = async () => Uint8Array.from(bytes).buffer;
  const file = await openFile({ name, size: bytes.length, arrayBuffer });
  const [table] = runJob(readFiles([file]));
  return table;
}
const write = (options: Partial<Options> = {}) =>
  new Uint8Array(parquetWriteBuffer({ columnData, ...options }));
const gzip = { GZIP: (bytes: Uint8Array) => Uint8Array.from(gzipSync(bytes)) };

describe('Parquet', () => {
  test.each<[string, Partial<Options>]>([
    ['Snappy', {}],
    ['no compression', { codec: 'UNCOMPRESSED' }],
    ['GZIP', { codec: 'GZIP', compressors: gzip }],
    ['several groups and pages', { rowGroupSize: 7, pageSize: 64 }],
  ])('with %s is read as its table', async (_, options) => {
    const table = await read(write(options));
    expect(table.rows).toBe(40);
    expect(table.columns.map(({ header }) => header)).toEqual(columnData.map(({ name }) => name));
    const [run, share, seed, tokens, ok, percent, target] = table.columns;
    expect(run.text).toEqual(ids);
    expect(share.numbers).toEqual(web);
    expect([seed.numbers?.[4], tokens.numbers?.[39]]).toEqual([1, 39_000_000]);
    expect(cellText(ok, 1)).toBe('false');
    expect(percent).toMatchObject({ isPercent: true, filled: 40 });
    expect(target.numbers).toEqual(Float64Array.from(loss, (value) => value ?? Number.NaN));
    expect(target.badCells).toEqual([]);
  });

  test('structures are columns by path, lists are left out with a note', async () => {
    const bytes = write({
      columnData: [
        { name: 'run', data: ['a', 'b'] },
        {
          name: 'weights',
          data: [
            { web: 0.25, code: 0.75 },
            { web: 1, code: null },
          ],
        },
        { name: 'tags', data: [['x'], []] },
      ],
      schema: [
        { name: 'root', num_children: 3 },
        { name: 'run', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
        { name: 'weights', num_children: 2, repetition_type: 'OPTIONAL' },
        { name: 'web', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
        { name: 'code', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
        { name: 'tags', converted_type: 'LIST', num_children: 1, repetition_type: 'OPTIONAL' },
        { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
        {
          name: 'element',
          type: 'BYTE_ARRAY',
          converted_type: 'UTF8',
          repetition_type: 'OPTIONAL',
        },
      ],
    });
    const table = await read(bytes);
    expect(table.columns.map(({ header }) => header)).toEqual([
      'run',
      'weights.web',
      'weights.code',
    ]);
    expect(table.columns[2].numbers).toEqual(Float64Array.of(0.75, Number.NaN));
    expect(table.notes?.[0].text).toContain('"tags"');
  });

  test('a description that promises more rows than there are is refused', async () => {
    const bytes = write({ codec: 'UNCOMPRESSED' });
    await expect(read(bytes.subarray(0, bytes.length - 1))).rejects.toThrow(RunsError);
    await expect(read(bytes.subarray(0, 200))).rejects.toThrow(/damaged/);
  });

  test('a run of billions of equal values is refused before it is decoded', async () => {
    // Definition levels of a column without nulls: one run of 40 values, as varint 80 and the level.
    const bytes = write({ codec: 'UNCOMPRESSED', columnData: [columnData[6]] });
    const place = bytes.findIndex(
      (byte, at) =>
        byte > 0 && byte < 8 && bytes[at + 1] === 0 && bytes[at + 2] === 0 && bytes[at + 3] === 0,
    );
    const damaged = Uint8Array.from(bytes);
    damaged.set([0xfe, 0xff, 0xff, 0xff, 0x0f], place + 4);
    await expect(read(damaged)).rejects.toThrow(/longer than its column|too long/);
  });

  test.each<[string, Partial<Options>]>([
    ['compressed', {}],
    ['plain', { codec: 'UNCOMPRESSED', rowGroupSize: 9 }],
    ['packed by GZIP', { codec: 'GZIP', compressors: gzip }],
  ])('%s and damaged it is a table or refused', async (_, options) => {
    const bytes = write(options);
    const stream = createRandomStream(5);
    const pick = (count: number) => Math.min(count - 1, Math.floor(stream.uniform() * count));
    let refused = 0;
    for (let number = 0; number < damageCases; number++) {
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
    expect(refused).toBeGreaterThan(damageCases / 100);
    expect(refused).toBeLessThan(damageCases);
  });
});
