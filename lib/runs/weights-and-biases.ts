import { plural } from '../format';
import type { Note } from './study-runs';
import { type CsvTable, cellText } from './table';

/** States of runs in Weights & Biases' run tables. */
const states = new Set([
  'finished',
  'running',
  'crashed',
  'failed',
  'killed',
  'preempted',
  'preempting',
  'pending',
]);
const runColumns = ['Name', 'State'];

/**
 * A run table that Weights & Biases exported (columns `Name` and `State`, then configuration and summary)
 * without the runs that have not finished: their losses are those of a training cut short. Other tables
 * stay as they are.
 */
export function finishedRuns(table: CsvTable): { table: CsvTable; note: Note | null } {
  const headers = table.columns.map(({ header }) => header);
  const state = table.columns[headers.indexOf('State')];
  if (!runColumns.every((name) => headers.includes(name)) || !state) return { table, note: null };
  const stateOf = (row: number) => cellText(state, row).trim().toLowerCase();
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  if (!rows.every((row) => states.has(stateOf(row)))) return { table, note: null };
  const kept = rows.filter((row) => stateOf(row) === 'finished');
  const count = rows.length - kept.length;
  if (count === 0 || kept.length === 0) return { table, note: null };
  const placeOf = new Map(kept.map((row, place) => [row, place]));
  return {
    table: {
      ...table,
      rows: kept.length,
      columns: table.columns.map((column) => ({
        ...column,
        numbers:
          column.numbers && Float64Array.from(kept, (row) => column.numbers?.[row] ?? Number.NaN),
        text: column.text && kept.map((row) => column.text?.[row] ?? ''),
        badCells: column.badCells.flatMap((cell) => {
          const place = placeOf.get(cell.row);
          return place === undefined ? [] : [{ ...cell, row: place }];
        }),
        filled: kept.reduce((sum, row) => sum + (cellText(column, row).trim() === '' ? 0 : 1), 0),
      })),
      rowNumbers: Int32Array.from(kept, (row) => table.rowNumbers?.[row] ?? row + 2),
    },
    note: {
      kind: 'dropped',
      subject: table.name,
      count,
      text: `${plural(count, 'run')} of ${table.name} left out: not finished.`,
    },
  };
}
