/** Runs as JSON or JSONL, in the layouts that people and pandas write, to records. */

import { formatList, plural } from '../model/format';
import type { Job } from '../model/job';
import { cleanLabel, cleanLine } from '../model/labels';
import { quoted, RunsError } from './errors';
import { evaluationOf, evaluationRecords } from './evaluations';
import { type Json, type JsonObject, JsonScanner } from './json-scanner';
import type { Note } from './recognition';
import { type RecordBatch, type RecordSource, readingNote, tooLarge } from './records';
import { limits } from './table';

/** The cells of one run, by the names of their columns. */
type Cells = ReadonlyMap<string, string>;

/** Runs in file order, each with the place in the text behind it. */
type Runs = () => Iterable<{ readonly cells: Cells; readonly read: number }>;

/**
 * The records of a JSON text: a list of objects; JSONL; an object of lists (columns), of objects by run, or pandas'
 * `split`, `index` and `columns` orients; any of these under one name such as `runs` or `data`; or a result file of
 * lm-evaluation-harness. Names in nested objects are joined by `.`; a list in a run is left out with a note.
 * @param text without a byte order mark
 * @throws RunsError with line and character where it is no JSON or an object has a name twice; when it holds no
 *   runs, a list of weights without names, or more than {@link limits} allow
 */
export function* jsonRecords(file: string, text: string): Job<RecordSource> {
  const scanner = new JsonScanner(file, text);
  const notes: Note[] = [];
  if (scanner.peek() === '[')
    return yield* recordsOf(file, text.length, streamed(file, text), notes);
  const first = scanner.value();
  if (scanner.peek() !== '') {
    return yield* recordsOf(file, text.length, streamed(file, text), notes);
  }
  const evaluation = evaluationOf(file, first);
  if (evaluation !== null) return evaluationRecords([evaluation]);
  const runs = runsIn(file, first, notes);
  const held = runs.map((run, index) => {
    const cells = flatten(file, run, index + 1);
    return { cells, read: text.length };
  });
  return yield* recordsOf(file, text.length, () => held, notes);
}

/** A list of objects, or objects one after the other, each read when it is its turn. */
function streamed(file: string, text: string): Runs {
  return function* () {
    const scanner = new JsonScanner(file, text);
    const isList = scanner.take('[');
    const isEnd = () => (isList ? scanner.take(']') : scanner.peek() === '');
    for (let row = 1; !isEnd(); row++) {
      if (isList && row > 1) {
        scanner.expect(',');
        scanner.peek();
      }
      if (scanner.peek() !== '{') scanner.refuse('expected an object for each run');
      const run = scanner.value();
      if (run instanceof Map) yield { cells: flatten(file, run, row), read: scanner.at };
    }
    if (scanner.peek() !== '') scanner.refuse('expected the end of the file');
  };
}

/** Cells per progress report. */
const sliceCells = 20_000;

function* recordsOf(file: string, length: number, runs: Runs, above: Note[]): Job<RecordSource> {
  const places = new Map<string, number>();
  const lists = new Map<string, number>();
  let count = 0;
  let sinceYield = 0;
  for (const { cells, read } of runs()) {
    count++;
    for (const [name, cell] of cells) {
      if (cell === listCell) lists.set(name, (lists.get(name) ?? 0) + 1);
      else if (!places.has(name)) places.set(name, places.size);
    }
    const columns = places.size;
    if (count > limits.rows || columns > limits.columns || count * columns > limits.cells) {
      throw tooLarge(file, `${count.toLocaleString('en')} runs of ${columns} values`);
    }
    sinceYield += cells.size;
    if (sinceYield > sliceCells) {
      sinceYield = 0;
      yield { done: read, total: length, unit: 'characters' };
    }
  }
  if (places.size === 0) {
    throw new RunsError(
      {
        file,
        problem: count === 0 ? 'the file contains no runs' : 'its objects contain no values',
      },
      'Write an object for each run, with its weights and losses by name.',
    );
  }
  const notes = [...above];
  for (const [name, times] of lists) {
    const text = `${file}: ${quoted(name)} left out: ${plural(times, 'list')} of unnamed values.`;
    notes.push(readingNote(file, times, text));
  }
  const names = Array.from(places.keys(), cleanLabel);
  return {
    file,
    header: { row: 1, names },
    notes,
    length,
    prior: null,
    read: () => batches(runs, places),
    isSkipped: () => false,
  };
}

function* batches(
  runs: Runs,
  places: ReadonlyMap<string, number>,
): Generator<RecordBatch, void, void> {
  let records: string[][] = [];
  let first = 1;
  let end = 0;
  for (const { cells, read } of runs()) {
    const record = new Array<string>(places.size).fill('');
    for (const [name, cell] of cells) {
      const place = places.get(name);
      if (place !== undefined && cell !== listCell) record[place] = cell;
    }
    records.push(record);
    end = read;
    if (records.length * places.size < sliceCells) continue;
    yield { records, first, read };
    first += records.length;
    records = [];
  }
  if (records.length > 0) yield { records, first, read: end };
}

/** Stands for a list, which no cell of a table can hold. */
const listCell = '\u0000list';
const weightNames = /weight|mix|ratio|proportion|share/i;

/** Characters of a name: objects within objects would repeat a long one for each of their values. */
const longestName = 1_000;

/** The scalars of a run with their paths. */
function flatten(file: string, run: JsonObject, row: number): Cells {
  const cells = new Map<string, string>();
  const visit = (object: JsonObject, path: string): void => {
    for (const [key, value] of object) {
      const name = cleanLine(path === '' ? key : `${path}.${key}`, longestName);
      if (value instanceof Map) {
        visit(value, name);
        continue;
      }
      if (cells.has(name)) {
        throw new RunsError(
          {
            file,
            row,
            column: name,
            found: 'this name twice',
            expected: 'one value for each name',
          },
          'Rename one of them.',
        );
      }
      if (typeof value === 'string') cells.set(name, value.includes('\u0000') ? '' : value);
      else if (Array.isArray(value)) {
        if (value.length > 1 && weightNames.test(name))
          throw nameless(file, row, name, value.length);
        cells.set(name, listCell);
      }
    }
  };
  visit(run, '');
  return cells;
}

function nameless(file: string, row: number, column: string, length: number): RunsError {
  return new RunsError(
    {
      file,
      row,
      column,
      found: `a list of ${length} unnamed values`,
      expected: 'an object with a weight for each domain',
    },
    'Write {"web": 0.6, "code": 0.4} instead of [0.6, 0.4].',
  );
}

const wrappers = ['runs', 'data', 'results', 'rows', 'records', 'experiments', 'trials', 'history'];

/** The runs of a document that is one object. */
function runsIn(file: string, document: Json, notes: Note[]): readonly JsonObject[] {
  if (isObjectList(document)) return document;
  if (!(document instanceof Map)) {
    throw new RunsError(
      { file, found: 'values that belong to no run', expected: 'an object for each run' },
      'Write a list of objects, one for each run.',
    );
  }
  const split = splitOf(file, document);
  if (split !== null) return split;
  const inner = wrapped(document);
  if (inner !== null) return runsIn(file, inner, notes);
  const members = [...document];
  if (members.length > 0 && members.every(([, value]) => isScalarList(value))) {
    return fromColumns(
      file,
      members.map(([name, value]) => [name, isScalarList(value) ? value : []]),
    );
  }
  const objects = members.flatMap(([name, value]): [string, JsonObject][] =>
    value instanceof Map ? [[name, value]] : [],
  );
  if (members.length === 0 || objects.length < members.length) return [document];
  return byName(file, objects, notes);
}

/** What stands under a name such as `runs`, or under the only one, if it can be runs. */
function wrapped(document: JsonObject): Json | null {
  for (const [name, value] of document) {
    if (document.size > 1 && !wrappers.includes(name.toLowerCase())) continue;
    if (isObjectList(value)) return value;
    const holdsRuns =
      value instanceof Map &&
      value.size > 0 &&
      (Array.from(value.values()).every((entry) => entry instanceof Map) ||
        Array.from(value.values()).every(isScalarList) ||
        (value.has('columns') && value.has('data')));
    if (holdsRuns) return value;
  }
  return null;
}

function isObjectList(value: Json): value is readonly JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => item instanceof Map);
}

function isScalarList(value: Json): value is readonly string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
  );
}

/** pandas' orient `split`: columns, perhaps index, and rows of values. */
function splitOf(file: string, document: JsonObject): readonly JsonObject[] | null {
  const [columns, data, index] = ['columns', 'data', 'index'].map((key) => document.get(key));
  if (!Array.isArray(columns) || !Array.isArray(data)) return null;
  if (!data.every((row) => Array.isArray(row))) return null;
  const names = columns.map((name: Json) =>
    Array.isArray(name) ? name.filter((part) => part !== '').join('/') : String(name),
  );
  if (names.length > limits.columns) throw tooLarge(file, plural(names.length, 'column'));
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw twiceNamed(file, twice);
  const ids = Array.isArray(index) && !isCount(index) ? index : null;
  return data.map((row: readonly Json[], place) => {
    if (row.length !== names.length) {
      throw new RunsError(
        {
          file,
          row: place + 1,
          found: `${row.length} values`,
          expected: `${names.length} as in its "columns"`,
        },
        'Give every row one value for each column.',
      );
    }
    const run = new Map<string, Json>();
    if (ids !== null) run.set('index', ids[place] ?? '');
    for (const [column, name] of names.entries()) run.set(name, row[column]);
    return run;
  });
}

function twiceNamed(file: string, name: string): RunsError {
  return new RunsError(
    { file, column: name, found: 'this name twice', expected: 'a different name for each column' },
    'Rename or remove one of them.',
  );
}

/** Whether an index is 0, 1, 2 and so on, which says nothing. */
function isCount(index: readonly Json[]): boolean {
  return index.every((value, place) => value === String(place));
}

function fromColumns(
  file: string,
  columns: readonly (readonly [string, readonly string[]])[],
): readonly JsonObject[] {
  const [[firstName, firstCells]] = columns;
  const odd = columns.find(([, cells]) => cells.length !== firstCells.length);
  if (odd !== undefined) {
    throw new RunsError(
      {
        file,
        column: odd[0],
        found: `${odd[1].length} values`,
        expected: `${firstCells.length} as in ${quoted(firstName)}`,
      },
      'Give all lists the same length.',
    );
  }
  return firstCells.map((_, row) => new Map(columns.map(([name, cells]) => [name, cells[row]])));
}

/** An object of objects: runs by their ids, or columns by their names. */
function byName(
  file: string,
  members: readonly (readonly [string, JsonObject])[],
  notes: Note[],
): readonly JsonObject[] {
  const outer = members.map(([name]) => name);
  const inner = [...new Set(members.flatMap(([, object]) => [...object.keys()]))];
  const isFlat = members.every(([, object]) =>
    Array.from(object.values()).every((value) => typeof value === 'string'),
  );
  const areColumns =
    isFlat && inner.length > 0 && (areCounted(inner) || (areIds(inner) && !areIds(outer)));
  if (areColumns && !areCounted(outer)) {
    if (outer.length > limits.columns || outer.length * inner.length > limits.cells) {
      throw tooLarge(file, `${plural(inner.length, 'run')} by ${plural(outer.length, 'column')}`);
    }
    const isIndex = inner.every((name, place) => name === String(place));
    return inner.map((id) => {
      const cells = members.map(([name, object]): [string, Json] => [name, object.get(id) ?? '']);
      return new Map<string, Json>(isIndex ? cells : [[freeId(outer), id], ...cells]);
    });
  }
  const id = freeId(inner);
  const shown = outer.slice(0, 3).map(quoted);
  const text = `${file}: ${plural(outer.length, 'name')} such as ${formatList(shown)} read as run ids.`;
  notes.push(readingNote(file, outer.length, text));
  return members.map(([name, object]) => new Map<string, Json>([[id, name], ...object]));
}

function freeId(names: readonly string[]): string {
  return ['run', 'run_id', 'id', 'key'].find((name) => !names.includes(name)) ?? 'run id';
}

function areCounted(names: readonly string[]): boolean {
  return names.every((name) => /^\d+$/.test(name));
}

/** Whether names are one stem with numbers behind it: `run00`, `run01`. */
function areIds(names: readonly string[]): boolean {
  const stems = new Set(names.map((name) => name.replace(/\d+$/, '')));
  return names.length > 1 && stems.size === 1 && names.every((name) => /\d$/.test(name));
}
