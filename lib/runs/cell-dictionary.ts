/** Dictionaries in cells: a mixture as JSON, as Python prints it, or as a list of `name: weight`. */

import { plural } from '../model/format';
import type { Job } from '../model/job';
import { cleanLabel } from '../model/labels';
import { quoted, RunsError } from './errors';
import type { Note } from './recognition';
import { columnOf } from './reshape';
import { type CsvColumn, type CsvTable, cellText, limits, rowNumber } from './table';

/** The values of one cell by their names; those of dictionaries within have names joined by `.`. */
type Entries = ReadonlyMap<string, string>;

/** Dictionaries in dictionaries, at most. */
const maxDepth = 8;
/** Share of the filled cells that must be dictionaries for their column to be one. */
const most = 0.8;
const sampled = 50;
const rowsPerSlice = 1_000;

/**
 * The table with every column of dictionaries replaced by a column for each of their keys: `mixture.web`. A key
 * that a row lacks is an empty cell.
 *
 * @throws RunsError at a cell that is none where most are, and for more columns than a table may have
 */
export function* expandDictionaries(table: CsvTable, notes: Note[]): Job<CsvTable> {
  if (!table.columns.some((column) => holdsDictionaries(column, table.rows))) return table;
  const columns: CsvColumn[] = [];
  for (const column of table.columns) {
    if (!holdsDictionaries(column, table.rows)) {
      columns.push(column);
      continue;
    }
    const expanded = yield* expandColumn(table, column);
    columns.push(...expanded);
    const text = `${column.header} of ${table.name} contains dictionaries: ${plural(expanded.length, 'key')} read as columns.`;
    notes.push({ kind: 'reshaped', subject: table.name, count: expanded.length, text });
  }
  if (columns.length > limits.columns) refuseCount(table, columns.length);
  const headers = new Set<string>();
  for (const { header } of columns) {
    if (headers.has(header)) {
      throw new RunsError(
        {
          file: table.name,
          column: header,
          found: 'this name both as a column and in a dictionary',
          expected: 'a different name for each column',
        },
        'Rename or remove one of them.',
      );
    }
    headers.add(header);
  }
  return { ...table, columns };
}

function refuseCount(table: CsvTable, count: number): never {
  throw new RunsError(
    {
      file: table.name,
      found: `${plural(count, 'column')} with the keys of its dictionaries`,
      expected: `at most ${limits.columns.toLocaleString('en')}, and ${limits.cells.toLocaleString('en')} cells in all`,
    },
    'Keep only the id, the domains and the targets you need.',
  );
}

function holdsDictionaries(column: CsvColumn, rows: number): boolean {
  const { text } = column;
  if (text === null || column.numbers?.some((value) => !Number.isNaN(value))) return false;
  let filled = 0;
  let found = 0;
  for (let row = 0; row < rows && filled < sampled; row++) {
    const cell = text[row].trim();
    if (cell === '') continue;
    filled++;
    if (parseEntries(cell) !== null) found++;
  }
  return filled > 0 && found >= most * filled;
}

function* expandColumn(table: CsvTable, column: CsvColumn): Job<CsvColumn[]> {
  const cells = new Map<string, string[]>();
  for (let row = 0; row < table.rows; row++) {
    if (row % rowsPerSlice === 0) yield { done: row, total: table.rows, unit: 'rows' };
    const cell = cellText(column, row).trim();
    if (cell === '') continue;
    const entries = parseEntries(cell);
    if (entries === null) {
      throw new RunsError(
        {
          file: table.name,
          row: rowNumber(table, row),
          column: column.header,
          found: quoted(cell),
          expected: 'a dictionary as in the other rows, such as {"web": 0.5, "code": 0.5}',
        },
        'Correct the cell: every name once, followed by its number.',
      );
    }
    for (const [key, value] of entries) {
      let values = cells.get(key);
      if (values === undefined) {
        const count = cells.size + 1;
        if (count > limits.columns || count * table.rows > limits.cells) refuseCount(table, count);
        values = new Array<string>(table.rows).fill('');
        cells.set(key, values);
      }
      values[row] = value;
    }
  }
  return [...cells].map(([key, values]) => columnOf(`${column.header}.${key}`, values));
}

/** The entries of a cell; null where it is no dictionary, or names a key twice. */
function parseEntries(cell: string): Entries | null {
  try {
    return cell.includes('{') ? new DictionaryParser(cell).parse() : parseList(cell);
  } catch (error) {
    if (error instanceof NoDictionary) return null;
    throw error;
  }
}

/** `web:0.2,code:0.8`, also with `=` and `;`, in brackets or not: two or more, each a name and a number. */
function parseList(cell: string): Entries | null {
  if (cell.length >= limits.cellCharacters) return null;
  const parts = cell
    .replace(/^[[(](.*)[\])]$/s, '$1')
    .split(/[,;|\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length < 2) return null;
  const entries = new Map<string, string>();
  for (const part of parts) {
    // Split first: one pattern for all of it would try every way to share out the blanks.
    const at = part.search(/[:=]/);
    const name = part.slice(0, at).trim();
    const value = part.slice(at + 1).trim();
    const bare = /^(["'])[^"']*\1$/.test(name) ? name.slice(1, -1) : name;
    const key = cleanLabel(bare);
    const isEntry = at > 0 && !/["']/.test(bare) && /\p{L}/u.test(key);
    if (!isEntry || !/^[+-]?[\d.][\d.eE+-]*\s?%?$/.test(value) || entries.has(key)) return null;
    entries.set(key, value);
  }
  return entries;
}

class NoDictionary extends Error {}

/** Reads JSON objects and Python's dictionaries, whose numbers may be those of numpy. */
class DictionaryParser {
  private at: number;
  private readonly entries = new Map<string, string>();

  constructor(private readonly text: string) {
    // OrderedDict({...}) and defaultdict(<class 'float'>, {...}) print a dictionary in parentheses.
    const wrapped = /^[A-Za-z_.]*\((?:<class '\w+'>,\s*)?(?=\{)/.exec(text);
    this.at = wrapped ? wrapped[0].length : 0;
    if (wrapped && !text.endsWith(')')) throw new NoDictionary();
    if (wrapped) this.text = text.slice(0, -1);
  }

  parse(): Entries {
    this.dictionary('', 0);
    this.skipBlanks();
    if (this.at !== this.text.length || this.entries.size === 0) throw new NoDictionary();
    return this.entries;
  }

  private skipBlanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  private take(sign: string): boolean {
    this.skipBlanks();
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private dictionary(path: string, depth: number): void {
    if (!this.take('{') || depth === maxDepth) throw new NoDictionary();
    if (this.take('}')) return;
    do {
      if (this.take('}')) return;
      this.skipBlanks();
      const key = cleanLabel(this.string() ?? this.match(/[\w./-]+/y) ?? '');
      if (key === '' || !this.take(':')) throw new NoDictionary();
      this.value(path === '' ? key : `${path}.${key}`, depth);
    } while (this.take(','));
    if (!this.take('}')) throw new NoDictionary();
  }

  private value(path: string, depth: number): void {
    this.skipBlanks();
    if (this.text[this.at] === '{') {
      this.dictionary(path, depth + 1);
      return;
    }
    if (this.text[this.at] === '[' || this.text[this.at] === '(') {
      this.skipList(0);
      return;
    }
    if (this.entries.has(path) || this.entries.size === limits.columns) throw new NoDictionary();
    this.entries.set(path, this.string() ?? this.plain());
  }

  /** Lists hold no weight by name. */
  private skipList(depth: number): void {
    if (depth === maxDepth) throw new NoDictionary();
    const end = this.text[this.at++] === '[' ? ']' : ')';
    while (!this.take(end)) {
      if (this.at >= this.text.length || '}])'.includes(this.text[this.at]))
        throw new NoDictionary();
      if (this.text[this.at] === '[' || this.text[this.at] === '(') this.skipList(depth + 1);
      else if (this.string() === null) this.at++;
    }
  }

  /** A number or a word, `''` for nothing. */
  private plain(): string {
    const wrapped = this.match(/(?:np|numpy|torch)?\.?(?:float|int|tensor|array)\d*\(/y);
    const text = this.match(/[^\s,{}[\]()'"]+/y) ?? '';
    if (wrapped !== null && !this.take(')')) throw new NoDictionary();
    if (text === '') throw new NoDictionary();
    return /^(?:none|null)$/i.test(text) ? '' : text;
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.at += found[0].length;
    return found[0];
  }

  private string(): string | null {
    const found = this.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y);
    return found === null ? null : found.slice(1, -1).replace(/\\(.)/g, '$1');
  }
}
