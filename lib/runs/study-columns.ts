import type { Job } from '../job';
import { quoted, RunsError } from './errors';
import { cleanId } from './labels';
import { parseNumber } from './numbers';
import { type CsvColumn, type CsvTable, cellText, rowNumber } from './table';

/** About 2 ms of work. */
const rowsPerSlice = 4_000;

/** What trainers write for a loss that diverged. */
const diverged = /^[+-]?(nan|inf|infinity)$/i;

/**
 * The numbers of a column, NaN where a cell is empty.
 * @param expected what each cell should hold, for the message
 * @param mayDiverge whether NaN and infinities count as empty, as in losses: a weight is never one
 * @throws RunsError at the first cell that is neither empty nor a number
 */
export function numbersOf(
  table: CsvTable,
  column: CsvColumn,
  expected: string,
  advice: string,
  mayDiverge = false,
): Float64Array {
  const isAbsent = (text: string) => text === '' || (mayDiverge && diverged.test(text));
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
  const bad = column.badCells.find(({ text }) => !isAbsent(text.trim()));
  if (bad !== undefined) refuse(bad.row, bad.text);
  if (column.numbers !== null) return column.numbers;
  return Float64Array.from({ length: table.rows }, (_, row) => {
    const cell = cellText(column, row);
    const text = table.decimal === ',' && !cell.includes('.') ? cell.replace(',', '.') : cell;
    const value = parseNumber(text);
    if (Number.isNaN(value) && !isAbsent(cell.trim())) refuse(row, cell);
    return value;
  });
}

/**
 * The run id of each row; the row number where the file has no id column.
 * @throws RunsError when an id is empty or stands in two rows
 */
export function* runIds(table: CsvTable, column: CsvColumn | null): Job<string[]> {
  const rows = new Map<string, number>();
  const ids: string[] = [];
  for (let row = 0; row < table.rows; row++) {
    if (row % rowsPerSlice === 0) yield { done: row, total: table.rows, unit: 'rows' };
    if (column === null) {
      ids.push(String(rowNumber(table, row)));
      continue;
    }
    const id = cleanId(cellText(column, row));
    const earlier = rows.get(id);
    if (id === '' || earlier !== undefined) refuseId(table, column, row, id, earlier);
    rows.set(id, row);
    ids.push(id);
  }
  return ids;
}

function refuseId(
  table: CsvTable,
  column: CsvColumn,
  row: number,
  id: string,
  earlier: number | undefined,
): never {
  const place = { file: table.name, row: rowNumber(table, row), column: column.header };
  if (earlier === undefined) {
    throw new RunsError(
      { ...place, found: 'an empty cell', expected: 'the id of a run' },
      'Give every run an id, or choose another id column.',
    );
  }
  throw new RunsError(
    {
      ...place,
      found: `the id ${quoted(id)} of row ${rowNumber(table, earlier)} again`,
      expected: 'an id of its own for each run',
    },
    'Remove one of the rows, or choose another id column.',
  );
}
