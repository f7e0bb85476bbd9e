import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterRows, nextOrder, sortRows } from './data-table';

const names = ['run 10', 'run 2', 'Run 1'];
const losses = [3, null, 1];
const cell = (row: number, column: number) => (column === 0 ? names[row] : losses[row]);

describe('sortRows', () => {
  it('sorts numbers by value and keeps missing ones last in both directions', () => {
    expect(sortRows([0, 1, 2], cell, { column: 1, descending: false })).toEqual([2, 0, 1]);
    expect(sortRows([0, 1, 2], cell, { column: 1, descending: true })).toEqual([0, 2, 1]);
  });

  it('sorts numbers within names by value', () => {
    expect(sortRows([0, 1, 2], cell, { column: 0, descending: false })).toEqual([2, 1, 0]);
  });

  it('keeps the given order without a column', () => {
    expect(sortRows([2, 0, 1], cell, null)).toEqual([2, 0, 1]);
  });

  it('is stable for equal rows in both directions', () => {
    const values = fc.array(fc.option(fc.integer({ min: 0, max: 3 })), { maxLength: 50 });
    fc.assert(
      fc.property(values, fc.boolean(), (column, descending) => {
        const rows = column.map((_, row) => row);
        const sorted = sortRows(rows, (row) => column[row], { column: 0, descending });
        expect([...sorted].sort((a, b) => a - b)).toEqual(rows);
        for (let place = 1; place < sorted.length; place++) {
          const [before, after] = [column[sorted[place - 1]], column[sorted[place]]];
          if (before === after) expect(sorted[place - 1]).toBeLessThan(sorted[place]);
          else if (before === null) expect(after).toBeNull();
          else if (after !== null) expect(before < after).toBe(!descending);
        }
      }),
    );
  });
});

describe('filterRows', () => {
  it('finds text in the searched columns, ignoring case', () => {
    expect(filterRows(3, [0], cell, ' RUN 1 ')).toEqual([0, 2]);
    expect(filterRows(3, [0], cell, '3')).toEqual([]);
    expect(filterRows(3, [0, 1], cell, '3')).toEqual([0]);
  });

  it('keeps all rows for no text', () => {
    expect(filterRows(3, [0], cell, '  ')).toEqual([0, 1, 2]);
  });
});

it('reverses a column and then restores the order of the file', () => {
  const first = nextOrder(null, 1, true);
  expect(first).toEqual({ column: 1, descending: true });
  const second = nextOrder(first, 1, true);
  expect(second).toEqual({ column: 1, descending: false });
  expect(nextOrder(second, 1, true)).toBeNull();
  expect(nextOrder(second, 0, false)).toEqual({ column: 0, descending: false });
});
