/**
 * Tables as people have them to tables of one row a run: dictionaries become columns, long tables and charts
 * are turned, and rows that are no finished runs are left out.
 */
import { formatList, plural } from '../model/format';
import type { Job } from '../model/job';
import { expandDictionaries } from './cell-dictionary';
import { turnChart, turnLong, turnTransposed } from './pivot';
import { idForm, idHeaders } from './read-table';
import type { Note } from './recognition';
import { blankCells, withoutRows } from './reshape';
import { type CsvColumn, type CsvTable, cellText } from './table';

/** A table of one row a run, or a row for each step of a run, and what was done to it. */
export interface TidyTable {
  readonly table: CsvTable;
  readonly notes: readonly Note[];
}

/**
 * Brings a table into the form of the clean ones, in which every row is a run, or a step of one. Nothing is
 * done to a clean table.
 *
 * @throws RunsError at cells that contradict each other, and at a broken dictionary
 */
export function* tidyTable(given: CsvTable): Job<TidyTable> {
  const notes: Note[] = [];
  let table = yield* expandDictionaries(given, notes);
  table = turnChart(table, notes) ?? table;
  table = (yield* turnLong(table, notes)) ?? table;
  table = turnTransposed(table, notes) ?? table;
  table = yield* withoutSummaries(table, notes);
  table = finishedRuns(table, notes);
  return { table, notes };
}

/** States of runs that have ended well, as trackers and schedulers name them. */
const finished = /^(?:finished|finish|completed?|done|success|succeeded|successful|ok)$/;
const unfinished =
  /^(?:running|crash(?:ed)?|fail(?:ed|ure)?|killed|preempt(?:ed|ing)|pending|error(?:ed)?|cancell?ed(?: by .*)?|abort(?:ed)?|time_?d?_?out|oom|out_of_memory|stopped|interrupted|queued|scheduled|starting|unfinished|incomplete|node_fail|diverged)$/;
const stateHeader = /(?:^|[_./])(?:state|status)$/;
/** Headers of answers in yes and no. */
const saysFinished = /(?:^|[_./])(?:is_)?(?:finished|completed?|done|success)$/;
const saysFailed = /(?:^|[_./])(?:is_|has_)?(?:failed|crashed|diverged)$/;

/** What the column says of each run: that it is finished, or the word for what it is; null = another column. */
function stateOf(column: CsvColumn, rows: number): ((row: number) => string | null) | null {
  const { text } = column;
  if (text === null) return null;
  const header = idForm(column.header);
  const word = (row: number) => idForm(text[row].trim());
  const every = (test: (word: string) => boolean) => {
    for (let row = 0; row < rows; row++) if (word(row) !== '' && !test(word(row))) return false;
    return true;
  };
  if (stateHeader.test(header)) {
    if (
      !every(
        (state) =>
          finished.test(state) ||
          unfinished.test(state.replaceAll('_', ' ')) ||
          unfinished.test(state),
      )
    )
      return null;
    return (row) =>
      word(row) === '' || finished.test(word(row)) ? null : word(row).replaceAll('_', ' ');
  }
  const good = saysFinished.test(header) ? /^(?:true|yes)$/ : /^(?:false|no)$/;
  if (!saysFinished.test(header) && !saysFailed.test(header)) return null;
  if (!every((answer) => /^(?:true|false|yes|no)$/.test(answer))) return null;
  const name = saysFinished.test(header) ? 'not finished' : 'failed';
  return (row) => (word(row) === '' || good.test(word(row)) ? null : name);
}

/**
 * The table without the runs that have not finished, whose losses are not final, by a column such as `State` of
 * Weights & Biases or `Status` of MLflow. One in which no run has finished is unchanged, with a note.
 */
function finishedRuns(table: CsvTable, notes: Note[]): CsvTable {
  for (const column of table.columns) {
    const state = stateOf(column, table.rows);
    if (state === null) continue;
    const counts = new Map<string, number>();
    let count = 0;
    for (let row = 0; row < table.rows; row++) {
      const found = state(row);
      if (found === null) continue;
      count++;
      counts.set(found, (counts.get(found) ?? 0) + 1);
    }
    if (count === 0) continue;
    const listed = formatList([...counts].map(([name, times]) => `${times} ${name}`));
    if (count === table.rows) {
      const text = `No run of ${table.name} is marked as finished in ${column.header} (${listed}): all are used.`;
      notes.push({ kind: 'failed', subject: table.name, count, text });
      continue;
    }
    const text = `${plural(count, 'run')} of ${table.name} left out: not finished (${listed}).`;
    notes.push({ kind: 'dropped', subject: table.name, count, text });
    return withoutRows(table, (row) => state(row) !== null);
  }
  return table;
}

type Statistic = (sorted: Float64Array) => number;

const mean: Statistic = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const total: Statistic = (values) => values.reduce((sum, value) => sum + value, 0);
const spread =
  (freedom: number): Statistic =>
  (values) => {
    const middle = mean(values);
    const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
    return Math.sqrt(squares / (values.length - freedom));
  };
const quantile =
  (share: number): Statistic =>
  (values) => {
    const place = share * (values.length - 1);
    const low = Math.floor(place);
    const next = Math.min(low + 1, values.length - 1);
    return values[low] + (place - low) * (values[next] - values[low]);
  };
const counted: Statistic = (values) => values.length;
const error: Statistic = (values) => spread(1)(values) / Math.sqrt(values.length);

const means = [mean];
const totals = [total];
const spreads = [spread(1), spread(0)];
const all = [mean, total, quantile(0.5)];

/** Names of summaries as spreadsheets and pandas write them, and what their numbers are. */
const summaries: ReadonlyMap<string, readonly Statistic[]> = new Map<string, readonly Statistic[]>([
  ...[
    'mean',
    'average',
    'avg',
    'averages',
    'means',
    'mittelwert',
    'durchschnitt',
    'moyenne',
    'promedio',
    'media',
    '平均',
    '均值',
  ].map((name) => [name, means] as const),
  ...['total', 'sum', 'totals', 'subtotal', 'summe', 'gesamt', 'somme'].map(
    (name) => [name, totals] as const,
  ),
  ...['std', 'stdev', 'stddev', 'std_dev', 'sd', 'standard_deviation'].map(
    (name) => [name, spreads] as const,
  ),
  ...['sem', 'stderr', 'se'].map((name) => [name, [error]] as const),
  ...['var', 'variance'].map(
    (name) =>
      [
        name,
        spreads.map(
          (each): Statistic =>
            (values) =>
              each(values) ** 2,
        ),
      ] as const,
  ),
  ...['min', 'minimum', '0%'].map((name) => [name, [quantile(0)]] as const),
  ...['max', 'maximum', '100%'].map((name) => [name, [quantile(1)]] as const),
  ...['median', '50%'].map((name) => [name, [quantile(0.5)]] as const),
  ['25%', [quantile(0.25)]],
  ['75%', [quantile(0.75)]],
  ['count', [counted]],
  ['n', [counted]],
  ['overall', all],
  ['all', all],
]);
/** Names that a run could have, too: one at an end of the table is a run where other runs have names in words. */
const mayBeRun = new Set([
  'min',
  'max',
  'minimum',
  'maximum',
  'all',
  'overall',
  'n',
  'count',
  'se',
  'total',
  'sum',
]);
/** Rows above or below the runs that a table has at most of summaries. */
const mostSummaries = 12;
const longestName = 40;
const rowsPerSlice = 20_000;

/**
 * The table without rows such as `mean` and `Total`. A row in the middle, and one whose name a run could have,
 * is only a summary where its numbers are that.
 */
function* withoutSummaries(table: CsvTable, notes: Note[]): Job<CsvTable> {
  const column = nameColumn(table);
  const named = new Map<number, string>();
  for (let row = 0; row < table.rows; row++) {
    if (row % rowsPerSlice === 0) yield { done: row, total: table.rows, unit: 'rows' };
    if (column === null && row < table.rows - 1) continue;
    const cell = column === null ? '' : cellText(column, row).trim();
    if (cell.length > longestName) continue;
    const name = summaryName(cell);
    if (summaries.has(name) || (name === '' && row === table.rows - 1)) named.set(row, name);
  }
  if (named.size === 0 || named.size > mostSummaries || table.rows - named.size < 3) return table;
  const out = new Map<number, string>();
  for (const [row, name] of named) {
    const isEnd = atEnd(row, named, table.rows);
    const certain = name !== '' && !mayBeRun.has(name);
    const oddOne = isEnd && name !== '' && (certain || othersAreNumbered(table, column, named));
    if (oddOne || isSummary(table, column, row, name, named)) out.set(row, name);
  }
  if (out.size === 0) return table;
  const names = [...new Set(out.values())].filter((name) => name !== '');
  const listed = names.length === 0 ? '' : ` (${names.slice(0, 8).join(', ')})`;
  const text = `${plural(out.size, 'row')} of ${table.name} left out: ${out.size === 1 ? 'a summary of the runs, not a run' : 'summaries of the runs, not runs'}${listed}.`;
  notes.push({ kind: 'summary', subject: table.name, count: out.size, text });
  return withoutRows(table, (row) => out.has(row));
}

/** A name as {@link summaries} writes it: `Column mean (n = 24):` is `mean`. */
function summaryName(cell: string): string {
  return idForm(cell)
    .replace(/[_:.*]*(?:\(.*|±.*|\+\/-.*)?[_:.*]*$/, '')
    .replace(/^(?:column|col|grand|overall|run)_(?=.)/, '');
}

/** The column of run ids by its name, else the first of text. */
function nameColumn({ columns }: CsvTable): CsvColumn | null {
  // `100%` is a weight there, and no quantile.
  const isText = ({ text, isPercent }: CsvColumn) => text !== null && !isPercent;
  return (
    columns.find((column) => isText(column) && idHeaders.includes(idForm(column.header))) ??
    columns.find(({ text, numbers }) => text !== null && numbers === null) ??
    columns.find(isText) ??
    null
  );
}

/** Whether only summaries stand between the row and the top or the bottom of the table. */
function atEnd(row: number, named: ReadonlyMap<number, string>, rows: number): boolean {
  let up = row;
  while (named.has(up)) up--;
  let down = row;
  while (named.has(down)) down++;
  return up < 0 || down === rows;
}

/** Whether the other rows are named by numbers, or by words with numbers: `run07`. */
function othersAreNumbered(
  table: CsvTable,
  column: CsvColumn | null,
  named: ReadonlyMap<number, string>,
): boolean {
  if (column === null) return true;
  let numbered = 0;
  let others = 0;
  for (let row = 0; row < Math.min(table.rows, 1_000); row++) {
    if (named.has(row)) continue;
    others++;
    if (/\d/.test(cellText(column, row))) numbered++;
  }
  return numbered >= 0.9 * others;
}

/** Share of the numbers of a row that must be those of the summary. */
const matching = 0.8;
/** Numbers that a row without a name must have to be taken for one: few may be equal by chance. */
const fewest = 3;

/** Whether the numbers of a row are what its name says of the other rows; without a name, the means or sums. */
function isSummary(
  table: CsvTable,
  named: CsvColumn | null,
  row: number,
  name: string,
  left: ReadonlyMap<number, string>,
): boolean {
  const wanted = summaries.get(name) ?? [mean, total];
  const columns = table.columns.filter(
    (column) => column !== named && column.numbers !== null && !blankCells(column)(row),
  );
  if (columns.length < (name === '' ? fewest : 2)) return false;
  const share = name === '' ? 1 : matching;
  const others = columns.map(({ numbers }) =>
    (numbers ?? new Float64Array())
      .filter((value, other) => !Number.isNaN(value) && !left.has(other))
      .sort(),
  );
  const spans = others.map((values) => values[0] !== values[values.length - 1]);
  if (!spans.some(Boolean)) return false;
  return wanted.some((statistic) => {
    const agreeing = columns.filter(({ numbers }, index) => {
      const value = numbers?.[row] ?? Number.NaN;
      return isRounded(value, statistic(others[index]));
    });
    return agreeing.length >= share * columns.length;
  });
}

/** Whether a number is the other one, rounded to as many decimals as it has. */
function isRounded(value: number, exact: number): boolean {
  const decimals = /\.(\d+)$/.exec(String(value))?.[1].length ?? 0;
  const step = /e/.test(String(value)) ? Math.abs(value) * 1e-3 : 10 ** -decimals;
  return (
    Math.abs(value - exact) <=
    0.75 * Math.min(step, 0.01 * Math.abs(exact) + 1e-3) + 1e-9 * Math.abs(exact)
  );
}
