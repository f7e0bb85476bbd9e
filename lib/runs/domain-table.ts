/** Reads tables of values per domain: prior, human mixture, available tokens and limits. */
import { parseQuantity, plural } from '../model/format';
import { runJob } from '../model/job';
import { cleanId, cleanLabel } from '../model/labels';
import { maxEpochs, maxTokens } from '../model/settings';
import type { Domain } from '../model/study';
import { isJson } from '../model/text-kinds';
import { quoted, RunsError } from './errors';
import { matchDomains } from './identify';
import { type JsonObject, JsonScanner } from './json-scanner';
import { idForm, readTable, type TextFile, tableOf } from './read-table';
import { heldRecords } from './records';
import { type CsvColumn, type CsvTable, cellText, rowNumber } from './table';

/** Available tokens: a number, or a share of the requested tokens (`3%`). */
type Available =
  | { readonly kind: 'tokens'; readonly value: number }
  | { readonly kind: 'share'; readonly value: number };

/**
 * Values of a CSV for the domains of a study. Arrays have one entry per domain of the study, null where the
 * file has none; a whole array is null when the file lacks the column.
 */
export interface DomainTable {
  readonly file: string;
  /** Weights >= 0, normalised to sum to 1; 0 where the file has none. */
  readonly prior: Float64Array | null;
  readonly human: Float64Array | null;
  readonly available: readonly (Available | null)[] | null;
  /** > 0. */
  readonly epochs: readonly (number | null)[] | null;
  /** 0..1. */
  readonly max: readonly (number | null)[] | null;
  readonly min: readonly (number | null)[] | null;
  /** Names in the file that match no domain of the study. */
  readonly unknown: readonly string[];
  /** Ids of domains that the file does not name. */
  readonly missing: readonly string[];
  /** Summary of what was read, one sentence. */
  readonly summary: string;
}

/** A file as opened; one that is no text has its table. */
interface DomainFile extends TextFile {
  readonly table?: CsvTable;
}

/** Columns by meaning; headers are compared in lower case, with `_` for blanks. */
const headers = {
  domain: ['domain', 'domains', 'name', 'source', 'dataset'],
  prior: [
    'prior',
    'share',
    'weight',
    'weights',
    'token_share',
    'proportion',
    'train_domain_weights',
    'domain_weights',
  ],
  human: ['human', 'current'],
  available: ['available', 'available_tokens', 'tokens', 'token_count', 'num_tokens', 'n_tokens'],
  epochs: ['epochs', 'max_epochs'],
  max: ['max', 'maximum', 'cap'],
  min: ['min', 'minimum', 'floor'],
} as const;
const allHeaders: readonly string[] = Object.values(headers).flat();

/**
 * Reads values for domains from a table, CSV or JSON: a `domain` column with ids or names, whatever their case and prefix,
 * and any of `prior` (`share`, `weight`), `human`, `available` (`available_tokens`, `tokens`), `epochs`,
 * `max`, `min`. Tokens may be written `1.2B`, `500M`, `2e9` or, as a share of the requested tokens, `3%`;
 * shares may be written `0.12` or `12%`. An object of JSON may also hold a number for each domain, as DoReMi writes
 * its weights (`train_domain_weights`): tokens where all are above a thousand, else weights.
 * @throws RunsError when the file is not such a table, names no domain of the study or one twice, or holds a
 *   cell that is not such a quantity
 */
export function readDomainTable(file: DomainFile, domains: readonly Domain[]): DomainTable {
  const table = tableIn(file);
  const names = findColumn(table, headers.domain);
  if (names === null) {
    throw new RunsError(
      { file: table.name, found: 'no column of domains', expected: 'a column named "domain"' },
      'Name the column that holds the domains "domain".',
    );
  }
  const labels = Array.from({ length: table.rows }, (_, row) => cleanId(cellText(names, row)));
  const rows = rowsOfDomains(table, names, labels, domains);
  const column = (meaning: keyof typeof headers) => findColumn(table, headers[meaning]);
  const [priors, humans] = [column('prior'), column('human')];
  const [tokens, epochs, max, min] = [
    column('available'),
    column('epochs'),
    column('max'),
    column('min'),
  ];
  const read = [priors, humans, tokens, epochs, max, min].filter((entry) => entry !== null);
  if (read.length === 0) {
    throw new RunsError(
      {
        file: table.name,
        found: 'no values for the domains',
        expected: 'a column named prior, human, available, epochs, max or min',
      },
      'Name the columns after what they hold.',
    );
  }
  const matched = new Set(rows);
  const unknown = labels.filter((_, row) => !matched.has(row));
  const missing = domains.filter((_, index) => rows[index] < 0).map(({ id }) => id);
  return {
    file: table.name,
    prior: priors && mixtureOf(table, priors, rows),
    human: humans && mixtureOf(table, humans, rows),
    available: tokens && rows.map((row) => availableIn(table, tokens, row)),
    epochs: epochs && rows.map((row) => quantityIn(table, epochs, row, epochNumber)),
    max: max && rows.map((row) => quantityIn(table, max, row, share)),
    min: min && rows.map((row) => quantityIn(table, min, row, share)),
    unknown,
    missing,
    summary: summaryOf(read, domains.length - missing.length, unknown, missing),
  };
}

/** What a table can say without the names of the study's domains: a table of runs has weights, but none of these. */
const limitHeaders: readonly string[] = [
  ...headers.available,
  ...headers.epochs,
  ...headers.max,
  ...headers.min,
];

/**
 * Whether a file that came without a word on its purpose is for {@link readDomainTable}, which may still refuse it,
 * rather than a file of runs: a column of domains, each once, and something about them. Tokens and limits may be
 * about any domains; weights, and columns that mean something else, only about those of the study, for the most part.
 */
export function isDomainTable(file: DomainFile, domains: readonly Domain[]): boolean {
  const table = heldTable(file);
  const columns = table ? table.columns.map(({ header }) => header) : firstCells(file.text);
  const meanings = columns.map(idForm);
  const domain = headers.domain.find((name) => meanings.includes(name));
  const said = meanings.filter((meaning) => meaning !== domain);
  if (domain === undefined || !said.some((header) => allHeaders.includes(header))) return false;
  const isAll = said.every((header) => allHeaders.includes(header));
  if (isAll && said.some((header) => limitHeaders.includes(header))) return true;
  const names = table && findColumn(table, headers.domain);
  if (!names) return false;
  const labels = Array.from({ length: table.rows }, (_, row) => cleanId(cellText(names, row)));
  const matched = matchDomains(labels, domains).filter((domain) => domain !== undefined);
  return new Set(labels).size === labels.length && matched.length > labels.length / 2;
}

/** The table of a file; null when it is refused. */
function heldTable(file: DomainFile): CsvTable | null {
  try {
    return tableIn(file);
  } catch (error) {
    if (error instanceof RunsError) return null;
    throw error;
  }
}

/** What is likely the names of the columns, of a file that is refused for what stands below them. */
function firstCells(text: string): string[] {
  const line = /^\ufeff?(.*)/.exec(text)?.[1] ?? '';
  return line.split(/[,;\t]/).map((cell) => cell.replace(/^\s*"|"\s*$/g, ''));
}

/** Whatever a JSON file says of domains as a table of them. */
function tableIn(file: DomainFile): CsvTable {
  if (file.table) return file.table;
  const text = file.text.replace(/^\ufeff/, '');
  if (!isJson(text)) return runJob(readTable(file));
  const name = cleanLabel(file.name) || 'file';
  const scanner = new JsonScanner(name, text);
  const document = scanner.value();
  if (!(document instanceof Map) || scanner.peek() !== '') return runJob(readTable(file));
  const objects = membersOf(document);
  const known = objects.filter(([key]) => allHeaders.includes(idForm(key)));
  refuseProduct(name, objects);
  const columns =
    objects.length === 0
      ? [[isTokens(document) ? 'tokens' : 'weight', document] as const]
      : known.length > 0
        ? known
        : transposed(objects);
  const domains = [...new Set(columns.flatMap(([, values]) => [...values.keys()]))];
  const rows = domains.map((domain) => [
    domain,
    ...columns.map(([key, values]) => {
      const value = values.get(domain) ?? '';
      if (typeof value === 'string') return value;
      throw new RunsError(
        {
          file: name,
          column: key,
          found: `a list or an object for ${quoted(domain)}`,
          expected: 'a number',
        },
        'Write one number for each domain.',
      );
    }),
  ]);
  if (rows.length === 0) {
    throw new RunsError(
      { file: name, found: 'no values for the domains', expected: 'a number for each domain' },
      'Write an object such as {"web": 0.6, "code": 0.4}.',
    );
  }
  return runJob(tableOf(heldRecords(name, ['domain', ...columns.map(([key]) => key)], rows)));
}

/** Names by columns: more are no table of domains, whose every pair would have a cell. */
const mostEntries = 200_000;

function refuseProduct(file: string, objects: readonly (readonly [string, JsonObject])[]): void {
  const inner = new Set(objects.flatMap(([, values]) => [...values.keys()])).size;
  if (inner * objects.length <= mostEntries) return;
  throw new RunsError(
    {
      file,
      found: `${plural(objects.length, 'name')} by ${plural(inner, 'name')}`,
      expected: `at most ${mostEntries.toLocaleString('en')} values of domains`,
    },
    'Write an object such as {"web": 0.6, "code": 0.4}.',
  );
}

/** The objects in an object, with their names. */
function membersOf(document: JsonObject): (readonly [string, JsonObject])[] {
  return [...document].flatMap(([key, value]): [string, JsonObject][] =>
    value instanceof Map ? [[key, value]] : [],
  );
}

/** Columns from an object of objects by domain. */
function transposed(
  objects: readonly (readonly [string, JsonObject])[],
): (readonly [string, JsonObject])[] {
  const keys = [...new Set(objects.flatMap(([, values]) => [...values.keys()]))];
  return keys.map((key) => [
    key,
    new Map(objects.map(([domain, values]) => [domain, values.get(key) ?? ''])),
  ]);
}

/** Whether the numbers of domains can only be tokens. */
function isTokens(values: JsonObject): boolean {
  return [...values.values()].every((value) => {
    const tokens = typeof value === 'string' ? parseQuantity(value) : null;
    return tokens !== null && tokens >= 1000;
  });
}

/**
 * Available tokens per domain as a number; null = unlimited.
 * @param requested tokens that the large model is to be trained on
 * @throws RunsError when the file gives shares and no number of tokens is requested
 */
export function availableTokens(
  { file, available }: DomainTable,
  requested: number | null,
): (number | null)[] | null {
  if (available === null) return null;
  return available.map((entry) => {
    if (entry === null) return null;
    if (entry.kind === 'tokens') return entry.value;
    if (requested !== null) return Math.min(maxTokens, entry.value * requested);
    throw new RunsError(
      { file, found: 'tokens as a share', expected: 'the number of requested tokens' },
      'Enter the requested tokens, or give the tokens at hand as numbers.',
    );
  });
}

function findColumn(table: CsvTable, names: readonly string[]): CsvColumn | null {
  for (const name of names) {
    const column = table.columns.find(({ header }) => idForm(header) === name);
    if (column) return column;
  }
  return null;
}

/** The table's row for each domain, -1 where there is none. */
function rowsOfDomains(
  table: CsvTable,
  column: CsvColumn,
  labels: readonly string[],
  domains: readonly Domain[],
): number[] {
  const place = (row: number) => ({
    file: table.name,
    row: rowNumber(table, row),
    column: column.header,
  });
  const seen = new Set<string>();
  labels.forEach((label, row) => {
    if (seen.has(label)) {
      const found = `${quoted(label)} a second time`;
      throw new RunsError(
        { ...place(row), found, expected: 'one row for each domain' },
        'Remove one of the rows.',
      );
    }
    seen.add(label);
  });
  const rowOf = new Map(matchDomains(labels, domains).map((domain, row) => [domain?.id, row]));
  const rows = domains.map(({ id }) => rowOf.get(id) ?? -1);
  if (rows.every((row) => row < 0)) {
    throw new RunsError(
      {
        ...place(0),
        found: quoted(labels[0]),
        expected: `domains of the study, such as ${quoted(domains[0]?.id ?? '')}`,
      },
      'Name the domains as in the study.',
    );
  }
  return rows;
}

interface Expectation {
  readonly text: string;
  readonly holds: (value: number) => boolean;
}

const share: Expectation = {
  text: 'a share from 0 to 1, such as 0.12 or 12%',
  holds: (value) => value <= 1,
};
const epochNumber: Expectation = {
  text: 'a number above 0, such as 4',
  holds: (value) => value > 0 && value <= maxEpochs,
};
const notNegative: Expectation = { text: 'a number from 0 up', holds: () => true };
const tokenCount: Expectation = {
  text: 'tokens such as 500M or 1.2B, or a share of the requested tokens such as 3%',
  holds: (value) => value <= maxTokens,
};

/** A cell as written, with a decimal point. */
function textIn(table: CsvTable, column: CsvColumn, row: number): string {
  const cell = cellText(column, row).trim();
  return table.decimal === ',' && !cell.includes('.') ? cell.replace(',', '.') : cell;
}

function quantityIn(
  table: CsvTable,
  column: CsvColumn,
  row: number,
  expectation: Expectation,
): number | null {
  if (row < 0) return null;
  const text = textIn(table, column, row);
  if (text === '') return null;
  const value = parseQuantity(text);
  if (value !== null && expectation.holds(value)) return value;
  throw new RunsError(
    {
      file: table.name,
      row: rowNumber(table, row),
      column: column.header,
      found: quoted(text),
      expected: expectation.text,
    },
    'Correct the cell, or leave it empty.',
  );
}

function availableIn(table: CsvTable, column: CsvColumn, row: number): Available | null {
  const value = quantityIn(table, column, row, tokenCount);
  if (value === null) return null;
  return { kind: textIn(table, column, row).endsWith('%') ? 'share' : 'tokens', value };
}

function mixtureOf(table: CsvTable, column: CsvColumn, rows: readonly number[]): Float64Array {
  const weights = Float64Array.from(
    rows,
    (row) => quantityIn(table, column, row, notNegative) ?? 0,
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!(sum > 0) || !Number.isFinite(sum)) {
    throw new RunsError(
      {
        file: table.name,
        column: column.header,
        found: `weights that sum to ${sum}`,
        expected: 'a sum above 0',
      },
      'Give at least one domain an amount above 0.',
    );
  }
  return weights.map((weight) => weight / sum);
}

function summaryOf(
  columns: readonly CsvColumn[],
  matched: number,
  unknown: readonly string[],
  missing: readonly string[],
): string {
  const read = columns.map(({ header }) => header).join(', ');
  const listed = (names: readonly string[]) =>
    `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
  return [
    `read ${read} for ${plural(matched, 'domain')}`,
    missing.length > 0 ? `not in the file: ${listed(missing)}` : '',
    unknown.length > 0 ? `not in the study: ${listed(unknown)}` : '',
  ]
    .filter(Boolean)
    .join('; ')
    .concat('.');
}
