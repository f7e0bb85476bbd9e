/** Tables that are turned: long ones, charts of trackers, and those with runs as columns. */
import { formatList, plural } from '../model/format';
import type { Job } from '../model/job';
import { cleanId, cleanLabel } from '../model/labels';
import { namesNoRun, namesSetting } from './column-names';
import { quoted, RunsError } from './errors';
import { namesMeasure } from './measures';
import { idForm, idHeaders } from './read-table';
import type { Note } from './recognition';
import { blankCells, columnOf } from './reshape';
import { findStep, isSeed, isSureStep, stepAt } from './steps';
import { type CsvColumn, type CsvTable, cellText, limits, rowNumber } from './table';

/** Headers of columns that say what a row of a long table is about. */
const categoryHeader =
  /domain|dataset|data_set|source|corpus|corpora|categor|subset|task|bench|eval|metric|measure|variable|topic|language|(?:^|_)(?:lang|split|slice|group|data|test|quantity|component|target|field)(?:$|_)|^tag$/;
const metricHeader = /metric|measure|variable|quantity|(?:^|_)(?:field|key|name)$|^tag$/;
/** Headers of columns of text that change within a run and yet say nothing of what was measured. */
const noCategory =
  /seed|repeat|replica|trial|phase|stage|checkpoint|ckpt|state|status|host|node|gpu|device|user|date|time|created|updated|path|file|url|commit|hash|note|comment|tag/;
const valueHeader = /^(?:values?|val|results?|numbers?|amount|y|v)$/;
/** Headers of what is a mixture, in whatever unit. */
const weightHeader =
  /(?:^|_)(?:weights?|ratios?|proportions?|shares?|fractions?|frac|percent|percentage|pct|mix|mixture)$/;
const tokenHeader = /(?:^|_)(?:tokens?|documents|docs|bytes)$/;
/** Numbers beside what was measured that are no measurement. */
const besides =
  /(?:^|_)(?:stderr|std_err|se|n|count|num_samples|n_samples|samples|runtime|duration|version|n_shot|num_fewshot|shots|timestamp|rank)$|^column_\d+$|^unnamed|^index$/;
/** Columns of a long table, at most: each may be one. */
const mostColumns = 60;
/** Share of the rows that may repeat what another is about, in a restarted run for instance. */
const mostRepeated = 0.3;
/** Share of the rows of a long table that may be the only ones of their run and step. */
const mostOwn = 0.75;
const rowsPerSlice = 5_000;

/** What the columns of a long table are, by index. */
interface LongShape {
  readonly run: number;
  /** One or two: the metric before the domain. */
  readonly categories: readonly number[];
  readonly step: number;
  readonly seed: number;
}

/** Rows of a long table that become one. */
interface LongRun {
  readonly id: string;
  readonly seed: string;
  /** The last row, for messages. */
  row: number;
  step: number;
  /** Row by category, the last one with a value for each column of values. */
  readonly cells: Map<string, Map<number, number>>;
  /** Rows of the run, in file order. */
  readonly rows: number[];
}

/**
 * A long table with one row a run (and seed): a row for each domain becomes a column for each, of weights
 * (`weight/web`) or of what was measured (`loss/web`). Of several steps the last one with a value counts, for
 * each domain. A number that is the same for all domains of a run stays one column.
 *
 * @returns null where the table is not long
 * @throws RunsError where two rows give one cell different values
 */
export function* turnLong(table: CsvTable, notes: Note[]): Job<CsvTable | null> {
  const shape = findShape(table);
  if (shape === null) return null;
  const { columns } = table;
  const keys = new Set([shape.run, ...shape.categories, shape.step, shape.seed]);
  const numeric = columns.flatMap((column, index) =>
    keys.has(index) || column.numbers === null || column.filled === 0 ? [] : [index],
  );
  const measured = numeric.filter((index) => !besides.test(idForm(columns[index].header)));
  const values = measured.length > 0 ? measured : numeric;
  if (values.length === 0) return null;

  const runs = yield* collectRuns(table, shape);
  const shared =
    values.length === 1
      ? new Set<number>()
      : sharedColumns(table, shape, values, [...runs.values()]);
  const pivoted = values.filter((index) => !shared.has(index));
  if (pivoted.length === 0) return null;
  const categories = new Set<string>();
  const blanks = new Map(pivoted.map((index) => [index, blankCells(columns[index])]));
  let earlier = 0;
  for (const run of runs.values()) {
    earlier += takeCells(table, shape, blanks, run, categories);
    yield { done: runs.size, total: runs.size, unit: 'runs' };
  }
  const width = categories.size * pivoted.length;
  if (width > limits.columns || width * runs.size > limits.cells) {
    throw new RunsError(
      {
        file: table.name,
        column: columns[shape.categories[0]].header,
        found: `${plural(categories.size, 'name')} for ${plural(runs.size, 'run')}`,
        expected: `at most ${limits.columns.toLocaleString('en')} names, and ${limits.cells.toLocaleString('en')} cells in all`,
      },
      'Keep only the domains and targets you need.',
    );
  }
  const list = [...runs.values()];
  const made = pivotedColumns(table, shape, pivoted, list, categories, notes);
  const rest = columns.filter(
    (column, index) =>
      shared.has(index) || (!keys.has(index) && column.numbers === null && column.filled > 0),
  );
  const own = [
    columnOf(
      columns[shape.run].header,
      list.map(({ id }) => id),
      true,
    ),
    ...(shape.seed < 0
      ? []
      : [
          columnOf(
            columns[shape.seed].header,
            list.map(({ seed }) => seed),
          ),
        ]),
    ...(shape.step < 0
      ? []
      : [
          columnOf(
            columns[shape.step].header,
            list.map(({ step }) => (step < 0 ? '' : String(step))),
          ),
        ]),
    ...rest.map((column) => likeIn(column, columnOf(column.header, lastCells(column, list)))),
  ];
  const each = formatList(shape.categories.map((index) => columns[index].header));
  const last =
    earlier > 0
      ? ` Only the last step of each run counts: ${plural(earlier, 'row')} left out.`
      : '';
  const text = `${table.name} is a long table: its ${plural(table.rows, 'row')}, one for each ${each}, were read as ${plural(list.length, 'run')}.${last}`;
  notes.push({ kind: 'reshaped', subject: table.name, count: list.length, text });
  return {
    ...table,
    rows: list.length,
    columns: uniqueHeaders([...own, ...made]),
    rowNumbers: Int32Array.from(list, ({ row }) => rowNumber(table, row)),
  };
}

function findShape(table: CsvTable): LongShape | null {
  const { columns, rows } = table;
  if (columns.length > mostColumns || rows < 4) return null;
  const forms = columns.map(({ header }) => idForm(header));
  // What stands before a name, as in `metrics/cluster`, is not of the column itself.
  const saysCategory = forms.map((form) => categoryHeader.test(form.split(/[/.]/).pop() ?? form));
  const given = findStep(table);
  const seed = columns.findIndex(({ header }) => isSeed(header));
  const isOpen = (index: number) => index !== given && index !== seed && columns[index].filled > 0;
  const isText = (index: number) => columns[index].text !== null && columns[index].numbers === null;
  const categories = columns.flatMap((column, index) => {
    if (!isOpen(index) || column.filled < 0.9 * rows) return [];
    const isNamed = saysCategory[index] && !namesMeasure(column.header);
    const open = !noCategory.test(forms[index]) || isNamed;
    return open && (isText(index) || (isNamed && isWhole(column) && !namesSetting(column.header)))
      ? [index]
      : [];
  });
  if (categories.length === 0) return null;
  const named = (index: number) => saysCategory[index] && !idHeaders.includes(forms[index]);
  categories.sort((a, b) => Number(named(b)) - Number(named(a)));
  const rank = (index: number) => {
    const known = idHeaders.indexOf(forms[index]);
    if (known >= 0) return known;
    if (namesNoRun(columns[index].header)) return -1;
    return isText(index) && !named(index) ? 100 + index : index === 0 && !named(index) ? 1_000 : -1;
  };
  const runs = columns
    .flatMap((_, index) => (isOpen(index) && rank(index) >= 0 ? [index] : []))
    .sort((a, b) => rank(a) - rank(b));
  const unique = runs.filter((run) => distinctCells(columns[run], rows) === rows);
  const isId = (index: number) => idHeaders.includes(forms[index]);
  for (const run of runs) {
    if (unique.includes(run)) continue;
    for (const category of categories) {
      if (run === category) continue;
      const step = stepOfRuns(table, given, run);
      const found = asLong(table, run, category, named(category), step, seed);
      if (!found) continue;
      const second = secondCategory(table, { run, categories: [category], step, seed }, categories);
      const both = second < 0 ? [category] : [category, second];
      // Few rows may be there twice; many, where these two columns say nothing of what a row is.
      const repeated = repeatedRows(table, { run, categories: both, step, seed });
      const isCertain = isId(run) && named(category) && !unique.some(isId);
      if (!isCertain && repeated > mostRepeated * rows) continue;
      both.sort(
        (a, b) => Number(metricHeader.test(forms[b])) - Number(metricHeader.test(forms[a])),
      );
      return { run, categories: both, step, seed };
    }
  }
  return null;
}

function distinctCells(column: CsvColumn, rows: number): number {
  const cells = new Set<string>();
  for (let row = 0; row < rows; row++) cells.add(cellText(column, row));
  return cells.size;
}

/** The column of steps if rows of a run share them; -1 where each has its own, as tokens of a domain are. */
function stepOfRuns(table: CsvTable, step: number, run: number): number {
  if (step < 0 || isSureStep(table.columns[step])) return step;
  const pairs = new Set<string>();
  for (let row = 0; row < table.rows; row++) {
    pairs.add(`${cellText(table.columns[run], row)}\u0000${cellText(table.columns[step], row)}`);
  }
  return pairs.size > mostOwn * table.rows ? -1 : step;
}

function isWhole({ numbers }: CsvColumn): boolean {
  return numbers?.every((value) => Number.isInteger(value)) ?? false;
}

/** Whether the rows of each run differ by the category. */
function asLong(
  table: CsvTable,
  run: number,
  category: number,
  isNamed: boolean,
  step: number,
  seed: number,
): boolean {
  const { columns, rows } = table;
  const byRun = new Map<string, Set<string>>();
  const names = new Set<string>();
  for (let row = 0; row < rows; row++) {
    const id = cellText(columns[run], row);
    const name = cellText(columns[category], row);
    names.add(name);
    const found = byRun.get(id);
    if (found) found.add(name);
    else byRun.set(id, new Set([name]));
  }
  if (byRun.size < 2 || names.size < 2 || byRun.size === rows) return false;
  const pairs = [...byRun.values()].reduce((sum, { size }) => sum + size, 0);
  if (pairs < 1.5 * byRun.size) return false;
  if (isNamed) return true;
  const isComplete = pairs >= 0.8 * byRun.size * names.size;
  // Text that differs from seed to seed of a run is no category: such rows hold whole mixtures.
  const values = columns.filter(
    ({ numbers }, index) => numbers !== null && index !== run && index !== step && index !== seed,
  );
  return isComplete && values.length > 0 && !rowsHoldMixtures(values, rows);
}

/** Whether two or more neighbouring columns sum to 1, or to 100, in most rows. */
function rowsHoldMixtures(columns: readonly CsvColumn[], rows: number): boolean {
  const numbers = columns.map((column) => column.numbers ?? new Float64Array());
  const sampled = Math.min(rows, 40);
  // Few rows may sum to about 1 by chance.
  const tolerance = rows < 8 ? 0.001 : 0.01;
  for (let start = 0; start + 1 < numbers.length; start++) {
    const sums = new Float64Array(sampled);
    for (let end = start; end < numbers.length; end++) {
      let matching = 0;
      for (let place = 0; place < sampled; place++) {
        const value = numbers[end][Math.floor((place * rows) / sampled)];
        sums[place] += Number.isNaN(value) ? 0 : value;
        if (isMixtureSum(sums[place], tolerance)) matching++;
      }
      if (end > start && matching >= 0.8 * sampled) return true;
    }
  }
  return false;
}

/** Whether weights make a whole: 1, or 100 percent. */
function isMixtureSum(sum: number, tolerance = 0.01): boolean {
  const most = tolerance + 1e-9;
  return Math.abs(sum - 1) <= most || Math.abs(sum / 100 - 1) <= most;
}

/** Another column that tells rows apart which the first category does not; -1 if none is needed. */
function secondCategory(table: CsvTable, shape: LongShape, candidates: readonly number[]): number {
  const repeated = repeatedRows(table, shape);
  if (repeated === 0) return -1;
  for (const index of candidates) {
    if (index === shape.run || shape.categories.includes(index)) continue;
    // Ids tell all rows apart, and say nothing of what was measured.
    if (idHeaders.includes(idForm(table.columns[index].header))) continue;
    const with2 = { ...shape, categories: [...shape.categories, index] };
    if (repeatedRows(table, with2) < 0.5 * repeated) return index;
  }
  return -1;
}

function repeatedRows(table: CsvTable, shape: LongShape): number {
  const seen = new Set<string>();
  for (let row = 0; row < table.rows; row++) seen.add(keyOf(table, shape, row, true));
  return table.rows - seen.size;
}

function keyOf({ columns }: CsvTable, shape: LongShape, row: number, whole: boolean): string {
  const parts = whole
    ? [shape.run, ...shape.categories, shape.step, shape.seed]
    : [shape.run, shape.seed];
  return parts
    .map((index) => (index < 0 ? '' : cellText(columns[index], row).trim()))
    .join('\u0000');
}

function* collectRuns(table: CsvTable, shape: LongShape): Job<Map<string, LongRun>> {
  const { columns } = table;
  const runs = new Map<string, LongRun>();
  for (let row = 0; row < table.rows; row++) {
    if (row % rowsPerSlice === 0) yield { done: row, total: table.rows, unit: 'rows' };
    const id = cleanId(cellText(columns[shape.run], row));
    if (id === '') {
      throw new RunsError(
        {
          file: table.name,
          row: rowNumber(table, row),
          column: columns[shape.run].header,
          found: 'an empty cell',
          expected: 'the id of a run',
        },
        'Fill in the run id of every row.',
      );
    }
    const key = keyOf(table, shape, row, false);
    const run = runs.get(key);
    if (run) run.rows.push(row);
    else {
      const seed = shape.seed < 0 ? '' : cellText(columns[shape.seed], row).trim();
      runs.set(key, { id, seed, row, step: -1, cells: new Map(), rows: [row] });
    }
  }
  return runs;
}

/**
 * The columns of values that say the same in all rows of a run and a step: of the run, not of its domains.
 *
 * @throws RunsError where they do in most runs, but not in all
 */
function sharedColumns(
  table: CsvTable,
  { step }: LongShape,
  values: readonly number[],
  runs: readonly LongRun[],
): Set<number> {
  const shared = new Set<number>();
  for (const index of values) {
    const numbers = table.columns[index].numbers ?? new Float64Array();
    let groups = 0;
    const differing: [number, number][] = [];
    for (const { rows } of runs) {
      const firsts = new Map<number, number>();
      const seen = new Set<number>();
      let differs = false;
      for (const row of rows) {
        if (Number.isNaN(numbers[row])) continue;
        const at = step < 0 ? 0 : stepAt(table.columns[step], row);
        const first = firsts.get(at);
        if (first === undefined) firsts.set(at, row);
        else {
          seen.add(at);
          if (numbers[first] !== numbers[row] && !differs) {
            differs = true;
            differing.push([first, row]);
          }
        }
      }
      if (seen.size > 0) groups++;
    }
    if (groups === 0 || differing.length > 0.2 * groups) continue;
    if (differing.length > 0) {
      const [first, second] = differing[0];
      refusePair(table, index, first, second, 'one value for all rows of a run, as in other runs');
    }
    shared.add(index);
  }
  return shared;
}

function refusePair(
  table: CsvTable,
  column: number,
  first: number,
  second: number,
  expected: string,
): never {
  const { header } = table.columns[column];
  throw new RunsError(
    {
      file: table.name,
      row: rowNumber(table, second),
      column: header,
      found: `${quoted(cellText(table.columns[column], second))} where row ${rowNumber(table, first)} has ${quoted(cellText(table.columns[column], first))} for the same`,
      expected,
    },
    'Remove one of the two rows, or add a column of seeds or steps.',
  );
}

/**
 * Takes the last value of each category and column of one run.
 *
 * @param pivoted the columns of values, each with a test for cells without one
 * @returns how many of its rows are of earlier steps
 */
function takeCells(
  table: CsvTable,
  shape: LongShape,
  pivoted: ReadonlyMap<number, (row: number) => boolean>,
  run: LongRun,
  categories: Set<string>,
): number {
  const { columns } = table;
  const steps = new Map<number, number>();
  const places = new Map<number, number>();
  const used = new Set<number>();
  let lastDrop = -1;
  let stepAbove = Number.NEGATIVE_INFINITY;
  for (const [place, row] of run.rows.entries()) {
    const names = shape.categories.map((index) => cleanLabel(cellText(columns[index], row)));
    const missing = names.indexOf('');
    if (missing >= 0) {
      throw new RunsError(
        {
          file: table.name,
          row: rowNumber(table, row),
          column: columns[shape.categories[missing]].header,
          found: 'an empty cell',
          expected: 'a name, as in the other rows',
        },
        'Fill in the cell, or remove the row.',
      );
    }
    const category = names.join('/');
    categories.add(category);
    const at = shape.step < 0 ? 0 : stepAt(columns[shape.step], row);
    if (at < stepAbove) lastDrop = place;
    stepAbove = at;
    let cells = run.cells.get(category);
    if (cells === undefined) {
      cells = new Map();
      run.cells.set(category, cells);
    }
    for (const [index, isBlank] of pivoted) {
      if (isBlank(row)) continue;
      const before = cells.get(index);
      const stepBefore = before === undefined ? Number.NEGATIVE_INFINITY : (steps.get(before) ?? 0);
      if (before !== undefined && stepBefore === at) {
        const same = cellText(columns[index], before) === cellText(columns[index], row);
        // Steps that went back in between say that the run was taken up again: the later row counts.
        if (!same && lastDrop <= (places.get(before) ?? place)) {
          refusePair(table, index, before, row, 'one value for each run, name and step');
        }
      }
      if (at >= stepBefore) cells.set(index, row);
    }
    steps.set(row, at);
    places.set(row, place);
  }
  for (const cells of run.cells.values()) {
    for (const row of cells.values()) {
      used.add(row);
      const at = steps.get(row) ?? 0;
      if (at >= run.step) {
        run.step = at;
        run.row = row;
      }
    }
  }
  if (shape.step < 0) run.step = -1;
  return shape.step < 0
    ? 0
    : run.rows.filter((row) => (steps.get(row) ?? 0) < run.step && !used.has(row)).length;
}

/** The last cell of each run in a column that says the same in all of its rows of a step. */
function lastCells(column: CsvColumn, runs: readonly LongRun[]): string[] {
  const isBlank = blankCells(column);
  return runs.map(({ row, rows }) => {
    const last = isBlank(row) ? rows.findLast((other) => !isBlank(other)) : row;
    return last === undefined ? '' : cellText(column, last);
  });
}

/** A column made of cells of another one, whose numbers may stand before a % sign. */
function likeIn(source: CsvColumn, made: CsvColumn): CsvColumn {
  return source.isPercent && made.numbers !== null ? { ...made, isPercent: true } : made;
}

const summaryNames = /^(?:total|sum|all|overall|grand total)$/i;

function pivotedColumns(
  table: CsvTable,
  shape: LongShape,
  pivoted: readonly number[],
  runs: readonly LongRun[],
  categories: ReadonlySet<string>,
  notes: Note[],
): CsvColumn[] {
  const made: CsvColumn[] = [];
  const forms = shape.categories.map((index) => idForm(table.columns[index].header));
  for (const index of pivoted) {
    const column = table.columns[index];
    const numbers = column.numbers ?? new Float64Array();
    const numberOf = (run: LongRun, name: string) => {
      const row = run.cells.get(name)?.get(index);
      return row === undefined ? Number.NaN : numbers[row];
    };
    for (const names of groupsOf([...categories], shape.categories.length)) {
      let list = names;
      const totals = list.filter((name) => summaryNames.test(lastPart(name)));
      const parts = list.filter((name) => !totals.includes(name));
      const areWeights = (given: readonly string[]) => {
        if (given.length < 2) return false;
        const whole = runs.filter((run) =>
          isMixtureSum(given.reduce((sum, name) => sum + (numberOf(run, name) || 0), 0)),
        );
        return whole.length >= 0.8 * runs.length;
      };
      const isWeights = areWeights(parts);
      if (isWeights && totals.length > 0) {
        list = parts;
        const text = `${formatList(totals)} of ${table.name} left out: the sum of the other weights, not a domain.`;
        notes.push({ kind: 'summary', subject: table.name, count: totals.length, text });
      }
      for (const name of list) {
        const cells = runs.map((run) => {
          const row = run.cells.get(name)?.get(index);
          return row === undefined ? '' : cellText(column, row);
        });
        const isShare =
          isWeights ||
          weightHeader.test(idForm(column.header)) ||
          (pivoted.length === 1 && tokenHeader.test(idForm(column.header)));
        const generic = valueHeader.test(idForm(column.header));
        const isMetric = metricHeader.test(forms[0]);
        const header =
          isShare && !(isMetric && forms.length === 1)
            ? `weight/${lastPart(name)}`
            : generic && isMetric
              ? name
              : `${column.header}/${name}`;
        if (cells.every((cell) => cell === '')) continue;
        made.push(likeIn(column, columnOf(header, cells)));
      }
    }
  }
  return made;

  function lastPart(name: string): string {
    return forms.length === 1 ? name : name.slice(name.indexOf('/') + 1);
  }

  /** Names of one metric together: each may hold weights, or something else. */
  function groupsOf(names: readonly string[], parts: number): (readonly string[])[] {
    if (parts === 1) return [names];
    const groups = new Map<string, string[]>();
    for (const name of names) {
      const metric = name.slice(0, name.indexOf('/'));
      groups.set(metric, [...(groups.get(metric) ?? []), name]);
    }
    return [...groups.values()];
  }
}

function uniqueHeaders(columns: readonly CsvColumn[]): CsvColumn[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let { header } = column;
    for (let count = 2; taken.has(header); count++) header = `${column.header} (${count})`;
    taken.add(header);
    return header === column.header ? column : { ...column, header };
  });
}

/** A column of a chart that was exported: `run - metric`, and its range over the runs of a group. */
const chartColumn = /^(.+) - (.+?)(__MIN|__MAX)?$/;
const chartAxis = /step|time|epoch|iter|token|sample|flop/i;

/**
 * The export of a chart of Weights & Biases, a column for each run and metric over the steps, as one row a run
 * with the last value of each metric.
 *
 * @returns null where the table is no such chart
 */
export function turnChart(table: CsvTable, notes: Note[]): CsvTable | null {
  const parts = table.columns.map(({ header }) => chartColumn.exec(header));
  const found = parts.filter((part) => part !== null);
  const axes = table.columns.filter((_, index) => parts[index] === null);
  if (found.length < 2 || axes.length > 2) return null;
  const hasRange = found.some((part) => part[3] !== undefined);
  if (!hasRange && !axes.some(({ header }) => chartAxis.test(header))) return null;
  const [axis] = axes;
  const steps = axis && /step|iter|epoch|token/i.test(axis.header) ? axis : null;
  const last = new Map<string, Map<string, number>>();
  const columns = new Map<string, CsvColumn>();
  const metrics = new Set<string>();
  parts.forEach((part, index) => {
    if (part === null || part[3] !== undefined) return;
    const [run, metric] = [cleanId(part[1]), cleanLabel(part[2])];
    if (/^_?(?:step|runtime|timestamp)$/i.test(metric)) return;
    const column = table.columns[index];
    const isBlank = blankCells(column);
    let best = -1;
    for (let row = 0; row < table.rows; row++) {
      if (isBlank(row)) continue;
      if (best < 0 || steps === null || stepAt(steps, row) >= stepAt(steps, best)) best = row;
    }
    metrics.add(metric);
    columns.set(`${run}\u0000${metric}`, column);
    const cells = last.get(run) ?? new Map<string, number>();
    if (best >= 0) cells.set(metric, best);
    last.set(run, cells);
  });
  if (last.size === 0) return null;
  const runs = [...last];
  const text = `${table.name} is an exported chart: the last value of each of its ${plural(last.size, 'run')} was read.`;
  notes.push({ kind: 'reshaped', subject: table.name, count: last.size, text });
  const lastSteps = runs.map(([, cells]) => {
    const at = [...cells.values()].map((row) => (steps === null ? -1 : stepAt(steps, row)));
    return at.length === 0 ? '' : String(Math.max(...at));
  });
  const made = [...metrics].map((metric) =>
    columnOf(
      metric,
      runs.map(([run, cells]) => {
        const row = cells.get(metric);
        const column = columns.get(`${run}\u0000${metric}`);
        return row === undefined || column === undefined ? '' : cellText(column, row);
      }),
    ),
  );
  return {
    name: table.name,
    rows: runs.length,
    decimal: table.decimal,
    // The header is the only row that all values of a run are under.
    rowNumbers: new Int32Array(runs.length).fill(1),
    columns: uniqueHeaders([
      columnOf(
        'run',
        runs.map(([run]) => run),
        true,
      ),
      ...(steps === null ? [] : [columnOf('step', lastSteps)]),
      ...made,
    ]),
  };
}

/**
 * A table with runs as columns and domains (and targets) as rows, turned, so that a row is a run. It is one where
 * the first rows are weights that make a whole in nearly every column, or where the first column names measures.
 *
 * @returns null where rows are runs
 */
export function turnTransposed(table: CsvTable, notes: Note[]): CsvTable | null {
  const [names, ...runs] = table.columns;
  if (!names || names.text === null || names.numbers?.some((value) => !Number.isNaN(value)))
    return null;
  const { text, header } = names;
  const filled = runs.filter((column) => column.filled > 0);
  if (filled.length < 3 || table.rows < 2 || table.rows > limits.columns) return null;
  if (filled.some(({ numbers }) => numbers === null)) return null;
  if (new Set(text.map(cleanLabel)).size !== table.rows || text.some((name) => name.trim() === ''))
    return null;
  const named = text.filter(namesMeasure).length >= 0.8 * table.rows;
  const runNames =
    filled.filter((column) => /\d/.test(column.header)).length >= 0.8 * filled.length;
  const areLosses = named && runNames && !filled.some((column) => namesMeasure(column.header));
  if (
    !areLosses &&
    !(columnsHoldMixtures(filled, table.rows) && !rowsHoldMixtures(filled, table.rows))
  )
    return null;
  const own = text.map((name, row) => {
    const cells = filled.map((column) => cellText(column, row));
    const made = columnOf(cleanLabel(name), cells);
    return filled.every(({ isPercent }) => isPercent) ? likeIn(filled[0], made) : made;
  });
  const note = `${table.name} has runs as columns: it was transposed into ${plural(filled.length, 'run')}.`;
  notes.push({ kind: 'reshaped', subject: table.name, count: filled.length, text: note });
  const isNamed = idHeaders.includes(idForm(header));
  return {
    name: table.name,
    rows: filled.length,
    decimal: table.decimal,
    rowNumbers: new Int32Array(filled.length).fill(1),
    columns: uniqueHeaders([
      columnOf(
        isNamed ? header : 'run',
        filled.map((column) => column.header),
        true,
      ),
      ...own,
    ]),
  };
}

/** Whether the first rows, two at least, sum to a whole in nearly all of the columns. */
function columnsHoldMixtures(columns: readonly CsvColumn[], rows: number): boolean {
  const sums = new Float64Array(columns.length);
  for (let row = 0; row < rows; row++) {
    columns.forEach(({ numbers }, index) => {
      const value = numbers?.[row] ?? Number.NaN;
      if (!Number.isNaN(value)) sums[index] += value;
    });
    if (row > 0 && sums.filter((sum) => isMixtureSum(sum)).length >= 0.9 * columns.length)
      return true;
  }
  return false;
}
