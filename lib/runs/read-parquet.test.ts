import { describe, expect, test } from 'vitest';
import { damageCases } from '../model/damage-cases.fixture';
import { RunsError } from './errors';
import {
  columnData,
  expectRobust,
  gzip,
  ids,
  loss,
  type Options,
  read,
  variants,
  web,
  write,
  zstd,
} from './parquet.fixture';
import { cellText } from './table';

describe('Parquet', () => {
  test.each<[string, Partial<Options>]>([
    ['Snappy', {}],
    ['no compression', { codec: 'UNCOMPRESSED' }],
    ['GZIP', { codec: 'GZIP', compressors: gzip }],
    ['Zstandard', { codec: 'ZSTD', compressors: zstd }],
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

  test('a compression that is not read is named with a remedy', async () => {
    const bytes = write({ codec: 'BROTLI', compressors: { BROTLI: (given) => given } });
    await expect(read(bytes)).rejects.toMatchObject({
      column: 'run',
      found: 'compression BROTLI',
      advice: 'Write the file again with compression "zstd".',
    });
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

  test('a run of millions of equal values is refused before it is decoded', async () => {
    const bytes = write({ codec: 'UNCOMPRESSED', columnData: [columnData[6]] });
    // Definition levels of 40 values with a null at the sixth: 8 packed ones, then a run of 32.
    const levels = [0x03, 0xdf, 0x40, 0x01];
    const place = bytes.findIndex((_, at) =>
      levels.every((byte, next) => bytes[at + next] === byte),
    );
    expect(place).toBeGreaterThan(0);
    const damaged = Uint8Array.from(bytes);
    damaged.set([0xfe, 0xff, 0xff, 0x7f], place);
    await expect(read(damaged)).rejects.toThrow(/longer than its column/);
  });

  test('a page that says to unpack to gigabytes is refused before it is unpacked', async () => {
    const bytes = write({ columnData: [columnData[1]] });
    // The first page's header: type 0, then its unpacked size, both as zigzag varints after a field's type.
    expect([bytes[4], bytes[6]]).toEqual([0x15, 0x15]);
    const size = bytes.subarray(7, 9);
    expect(size[0] > 127 && size[1] < 128).toBe(true);
    const damaged = Uint8Array.from([...bytes.subarray(0, 7), 0xfe, 0xff, ...bytes.subarray(9)]);
    await expect(read(damaged)).rejects.toThrow(RunsError);
  });

  test.each(variants)('%s and damaged it is a table or refused', async (_, options) => {
    await expectRobust(write(options), damageCases / 4);
  });
});
