import { lastRound } from '../model/study';
import { RunsError } from './errors';
import { type JoinedSet, numbersOf } from './join-set';
import { type CsvColumn, rowNumber } from './table';

const expected = `a round: a whole number from 0 to ${lastRound}`;
const advice = 'Number the rounds from 0, or set the column to ignored.';

/** Whether every cell of a column is a round. */
export function holdsRounds({ numbers, badCells }: CsvColumn): boolean {
  return badCells.length === 0 && (numbers?.every(isRound) ?? false);
}

/**
 * The round of each run of a set, from the column of its file of mixtures that has this role; null
 * without one.
 * @throws RunsError at a cell that is empty or no whole number from 0 to {@link lastRound}
 */
export function roundsOf({
  mixtures: table,
  mixtureRows,
  rounds: column,
}: JoinedSet): Int32Array | null {
  if (column === null) return null;
  const numbers = numbersOf(table, column, expected, advice);
  return mixtureRows.map((row) => {
    const round = numbers[row];
    if (isRound(round)) return round;
    throw new RunsError(
      {
        file: table.name,
        row: rowNumber(table, row),
        column: column.header,
        found: Number.isNaN(round) ? 'an empty cell' : String(round),
        expected,
      },
      advice,
    );
  });
}

function isRound(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= lastRound;
}
