import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runJob } from '../model/job';
import { readTable } from './read-table';
import { refusal } from './runs.fixture';
import { cellText } from './table';

const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
/** A table of columns `a`, `b`, ... beside an id. */
function table(columns: readonly (readonly string[])[], delimiter = ',') {
  const names = columns.map((_, column) => String.fromCharCode(97 + column));
  const rows = columns[0].map((_, row) => [
    `r${row}`,
    ...columns.map((cells) => quote(cells[row])),
  ]);
  const text = [['run', ...names], ...rows].map((cells) => cells.join(delimiter)).join('\n');
  return runJob(readTable({ name: 'runs.csv', text }));
}
const numbers = (cells: readonly string[], others: readonly string[][] = [], delimiter = ',') =>
  Array.from(table([cells, ...others], delimiter).columns[1].numbers ?? []);

describe('a column of numbers as people write them', () => {
  test.each<[string, string[], number[]]>([
    ['decimal commas', ['0,25', '1,5'], [0.25, 1.5]],
    ['thousands with commas', ['1,234,567', '1,500'], [1_234_567, 1500]],
    ['thousands with a fraction', ['1,234.5', '1,500'], [1234.5, 1500]],
    ['German thousands', ['1.234,5', '1.500', '7'], [1234.5, 1500, 7]],
    ['German thousands alone', ['1.234.567', '1.500'], [1_234_567, 1500]],
    ['Swiss thousands', ["1'234.5", '1’500'], [1234.5, 1500]],
    ['blanks', ['1 234,5', '12 000'], [1234.5, 12_000]],
    ['narrow blanks', ['1\u202f234', '12\u00a0000\u00a0000', '5'], [1234, 12_000_000, 5]],
    ['a true minus', ['−0.5', '–2', '3'], [-0.5, -2, 3]],
    ['percent signs', ['18.6%', '0', '81,4 %'].slice(0, 2), [18.6, 0]],
    ['percent signs and decimal commas', ['18,6 %', '0', '81,4 %'], [18.6, 0, 81.4]],
    ['suffixes', ['600B', '1.2M', '1e11', '3 k'], [6e11, 1.2e6, 1e11, 3000]],
    [
      'suffixes and thousands',
      ['600,000,000,000', '100B', '1e11', '200 B'],
      [6e11, 1e11, 1e11, 2e11],
    ],
    ['a fraction that decides', ['1,500', '0,25'], [1.5, 0.25]],
    ['points as ever', ['1.500', '3.667'], [1.5, 3.667]],
  ])('%s', (_, cells, expected) => {
    expect(numbers(cells)).toEqual(expected);
  });

  test('percent cells are as written, and say so', () => {
    const [, a, b] = table([
      ['18.6%', '0', '81.4%'],
      ['1', '2', '3'],
    ]).columns;
    expect([a.isPercent, b.isPercent]).toEqual([true, false]);
    expect([cellText(a, 0), cellText(a, 1)]).toEqual(['18.6%', '0%']);
  });

  test('a sign on some numbers only is no column of percent', () => {
    const [, a] = table([['18.6%', '5', '81.4%', '7', '1']]).columns;
    expect(a.isPercent).toBe(false);
    expect(a.badCells.map(({ text }) => text)).toEqual(['18.6%', '81.4%']);
  });

  test.each<[string, string[], string, number]>([
    ['commas where the file has points', ['0.5', '0.25'], ',', 1500],
    ['commas where the file has decimal commas', ['0,5', '0,25'], ',', 1.5],
    ['commas between semicolons', ['1', '2'], ';', 1.5],
  ])('%s decide, with a note', (_, other, delimiter, first) => {
    expect(numbers(['1,500', '2,500'], [other], delimiter)[0]).toBe(first);
    const { notes } = table([['1,500', '2,500'], other], delimiter);
    expect(notes?.map(({ text }) => text).join()).toContain(`"1,500" of column "a" as ${first}`);
  });

  test('points are for thousands where the rest of the file has decimal commas', () => {
    expect(numbers(['1.234', '2.345'], [['0,5', '0,25']])).toEqual([1234, 2345]);
  });

  test.each([',', '\t', '|'])('nothing that decides is refused with both readings (%j)', (mark) => {
    const error = refusal(() =>
      table(
        [
          ['7', '1,500'],
          ['1', '2'],
        ],
        mark,
      ),
    );
    expect(error).toMatchObject({ file: 'runs.csv', row: 3, column: 'a', found: '"1,500"' });
    expect(error.message).toMatch(/1500 or 1\.5/);
    expect(refusal(() => table([['600B', '1,500', '1e11']])).message).toMatch(/1500 or 1\.5/);
  });

  test('words beside it leave it a word', () => {
    const [, a] = table([['layer 1', '1,500', 'x']]).columns;
    expect(a.text).toEqual(['layer 1', '1,500', 'x']);
  });

  test.each(['NaN', 'NA', 'N/A', 'null', 'None', '-', '–', '#N/A', 'inf'])(
    '%s is not measured, however often',
    (word) => {
      const rows = 300;
      const cells = Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? '0.5' : word));
      const [, a] = table([cells]).columns;
      expect(a.numbers?.filter((value) => value === 0.5)).toHaveLength(100);
      expect(a.filled).toBe(100);
      expect(new Set(a.badCells.map(({ text }) => text))).toEqual(new Set([word]));
    },
  );

  test.each([
    '1,23',
    '1,2345',
    '1.2.3',
    '12:30',
    '2026-03-01',
    '1/2',
    '5x',
    '1 2',
    '1,,2',
    '1e',
    '%',
  ])('%s is no number among points', (cell) => {
    const [, a] = table([['0.5', '0.25', cell]]).columns;
    expect(a.badCells).toEqual([{ row: 2, text: cell }]);
  });
});

describe('properties', () => {
  const groupers = [',', '.', ' ', "'", '\u202f'] as const;
  const style = fc
    .record({ decimal: fc.constantFrom('.', ','), group: fc.constantFrom('', ...groupers) })
    .filter(({ decimal, group }) => decimal !== group);
  const value = fc.oneof(
    fc.integer({ min: 0, max: 9_999_999_999 }).map((whole) => whole / 10_000),
    fc.integer({ min: 0, max: 1000 }),
  );

  /** A number with a mark of this kind; the fraction of two digits can be nothing else. */
  function written(number: number, decimal: string, group: string): string {
    const [whole, fraction = ''] = number.toFixed(2).split('.');
    const parts = whole.replace(/\B(?=(\d{3})+$)/g, group);
    return `${parts}${decimal}${fraction}`;
  }

  test('a column that shows its marks is read as it was meant, or not at all', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), style, (values, marks) => {
        const cells = values.map((number) => written(number, marks.decimal, marks.group));
        const expected = values.map((number) => Number(number.toFixed(2)));
        expect(numbers(cells)).toEqual(expected);
        expect(numbers(cells.map((cell) => `${cell}%`))).toEqual(expected);
      }),
    );
  });

  test('whole numbers in groups are never taken for fractions, or refused', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9_999_999 }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom(...groupers),
        (values, group) => {
          const cells = values.map((number) => String(number).replace(/\B(?=(\d{3})+$)/g, group));
          try {
            const read = numbers(cells);
            // A point alone is the usual decimal mark.
            const isPlain = group === '.' && !cells.some((cell) => cell.split('.').length > 2);
            expect(read).toEqual(isPlain ? cells.map(Number) : values);
          } catch (error) {
            expect(String(error)).toContain('an unambiguous number');
            expect(cells.every((cell) => cell.split(',').length < 3)).toBe(true);
          }
        },
      ),
    );
  });
});
