import { quoted, RunsError } from './errors';
import { cleanId } from './labels';
import { parseNumber } from './numbers';
import { type CsvColumn, type CsvTable, cellText, rowNumber } from './table';

/**
 * The numbers of a column, NaN where a cell is empty.
 * @param expected what each cell should hold, for the message
 * @throws RunsError at the first cell that is neither empty nor a number; NaN and Inf are none
 */
export function numbersOf(
  table: CsvTable,
  column: CsvColumn,
  expected: string,
  advice: string,
): Float64Array {
  const refuse = (row: number, text: string): never => {
    throw new RunsError(
      {
        file: table.name,
        row: rowNumber(table, row),
        column: column.header,
        found: quoted(text),
        expected,
      },
      text.trim().endsWith('%') ? 'Write shares as fractions: 0.25 instead of 25%.' : advice,
    );
  };
  const [bad] = column.badCells;
  if (bad !== undefined) refuse(bad.row, bad.text);
  if (column.numbers !== null) return column.numbers;
  return Float64Array.from({ length: table.rows }, (_, row) => {
    const cell = cellText(column, row);
    const text = table.decimal === ',' && !cell.includes('.') ? cell.replace(',', '.') : cell;
    const value = parseNumber(text);
    if (Number.isNaN(value) && cell.trim() !== '') refuse(row, cell);
    return value;
  });
}

/**
 * The run id of each row; the row number where the file has no id column.
 * @throws RunsError when an id is empty or stands in two rows
 */
export function runIds(table: CsvTable, column: CsvColumn | null): string[] {
  const rows = new Map<string, number>();
  return Array.from({ length: table.rows }, (_, row) => {
    if (column === null) return String(rowNumber(table, row));
    const id = cleanId(cellText(column, row));
    const place = { file: table.name, row: rowNumber(table, row), column: column.header };
    if (id === '') {
      throw new RunsError(
        { ...place, found: 'an empty cell', expected: 'the id of a run' },
        'Give every run an id, or choose another id column.',
      );
    }
    const earlier = rows.get(id);
    if (earlier !== undefined) {
      throw new RunsError(
        {
          ...place,
          found: `the id ${quoted(id)} of row ${rowNumber(table, earlier)} again`,
          expected: 'an id of its own for each run',
        },
        'Remove one of the rows, or choose another id column.',
      );
    }
    rows.set(id, row);
    return id;
  });
}
