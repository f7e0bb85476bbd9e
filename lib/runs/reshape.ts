/** Tables made of other tables: rows taken, columns put together from cells. */
import { parseNumber } from './numbers';
import { type BadCell, type CsvColumn, type CsvTable, rowNumber } from './table';

/** Cells that say that nothing was measured, as programs write them. */
const blank = /^(?:n\/?a|null|none|-)?$/i;

/** Whether a cell holds nothing. A diverged loss, NaN or infinite, is something. */
export function isBlankText(text: string): boolean {
  return blank.test(text.trim());
}

/** A test of cells of one column that costs no search per cell. */
export function blankCells(column: CsvColumn): (row: number) => boolean {
  const { numbers, text } = column;
  if (text !== null) return (row) => isBlankText(text[row]);
  const bad = new Map(column.badCells.map((cell) => [cell.row, cell.text]));
  return (row) => Number.isNaN(numbers?.[row] ?? Number.NaN) && isBlankText(bad.get(row) ?? '');
}

/** A column with more cells that are no numbers is text, as in `readTable`. */
const maxBadCells = 100;

/**
 * A column of cells: of numbers where most are, else of text.
 *
 * @param keepText whether the text stays with the numbers, as for columns that may hold run ids
 */
export function columnOf(header: string, cells: readonly string[], keepText = false): CsvColumn {
  const filled = cells.filter((cell) => cell.trim() !== '');
  const isPercent = filled.length > 0 && filled.every((cell) => /\d\s*%\s*$/.test(cell));
  const numbers = Float64Array.from(cells, (cell) =>
    parseNumber(isPercent ? cell.replace(/%\s*$/, '') : cell),
  );
  const badCells = cells.flatMap((text, row): BadCell[] =>
    Number.isNaN(numbers[row]) && text.trim() !== '' ? [{ row, text }] : [],
  );
  const isText = badCells.length > Math.min(maxBadCells, filled.length / 2);
  return {
    header,
    numbers: isText ? null : numbers,
    text: isText || keepText ? cells : null,
    badCells: isText ? [] : badCells,
    filled: filled.length,
    isPercent: isPercent && !isText,
  };
}

/** The table with some of its rows, in the order given; each keeps its number in the file. */
export function selectTableRows(table: CsvTable, kept: readonly number[]): CsvTable {
  const placeOf = new Map(kept.map((row, place) => [row, place]));
  return {
    ...table,
    rows: kept.length,
    columns: table.columns.map((column) => {
      const { numbers, text } = column;
      const isBlank = blankCells(column);
      return {
        ...column,
        numbers: numbers && Float64Array.from(kept, (row) => numbers[row]),
        text: text && kept.map((row) => text[row]),
        badCells: column.badCells.flatMap((cell) => {
          const place = placeOf.get(cell.row);
          return place === undefined ? [] : [{ ...cell, row: place }];
        }),
        filled: kept.reduce((sum, row) => sum + (isBlank(row) ? 0 : 1), 0),
      };
    }),
    rowNumbers: Int32Array.from(kept, (row) => rowNumber(table, row)),
  };
}

/**
 * The table without some rows, which stay with it as `leftOut`: their runs are not missing.
 *
 * @param isLeftOut of the index of a row; not of all
 */
export function withoutRows(table: CsvTable, isLeftOut: (row: number) => boolean): CsvTable {
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  const out = rows.filter((row) => isLeftOut(row));
  const kept = rows.filter((row) => !isLeftOut(row));
  return {
    ...selectTableRows(table, kept),
    leftOut: [...(table.leftOut ?? []), selectTableRows({ ...table, leftOut: [] }, out)],
  };
}
