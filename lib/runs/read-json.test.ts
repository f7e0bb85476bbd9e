import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runJob } from '../model/job';
import { RunsError } from './errors';
import { readTable } from './read-table';
import { refusal } from './runs.fixture';
import { type CsvTable, cellText, rowNumber } from './table';

const read = (text: string, name = 'runs.json') => runJob(readTable({ name, text }));
const headers = (table: CsvTable) => table.columns.map(({ header }) => header);
const cells = (table: CsvTable) =>
  Array.from({ length: table.rows }, (_, row) =>
    table.columns.map((column) => cellText(column, row)),
  );
const notesOf = (table: CsvTable) => (table.notes ?? []).map(({ text }) => text).join(' ');

const runs = [
  { run: 'run00', web: 0.25, code: 0.75, loss: 3.5 },
  { run: 'run01', web: 1, code: 0, loss: 3.25 },
];
const columns = { run: ['run00', 'run01'], web: [0.25, 1], code: [0.75, 0], loss: [3.5, 3.25] };
const { run: ids, ...values } = columns;
const byId = (rows: typeof runs) =>
  Object.fromEntries(rows.map(({ run, ...rest }) => [run, rest] as const));
const names = Object.keys(values) as (keyof typeof values)[];
const byColumn = Object.fromEntries(
  names.map((name) => [name, Object.fromEntries(ids.map((id, row) => [id, values[name][row]]))]),
);

describe('runs in any of their layouts', () => {
  test.each<[string, string]>([
    ['a list', JSON.stringify(runs)],
    ['a list over lines', JSON.stringify(runs, null, 2)],
    ['JSONL', runs.map((run) => JSON.stringify(run)).join('\n')],
    [
      'JSONL with blank lines and CRLF',
      runs.map((run) => `${JSON.stringify(run)}\r\n\r\n`).join(''),
    ],
    ['a byte order mark', `\ufeff${JSON.stringify(runs)}`],
    ['columns', JSON.stringify(columns)],
    ['objects by id', JSON.stringify(byId(runs))],
    ['columns by id, as pandas writes them', JSON.stringify(byColumn)],
    ['under runs', JSON.stringify({ seed: 1, runs })],
    ['under the only name', JSON.stringify({ sweep: runs })],
    ['by id under data', JSON.stringify({ data: byId(runs) })],
    [
      'pandas split',
      JSON.stringify({
        columns: ['run', ...names],
        index: [0, 1],
        data: runs.map(({ run, web, code, loss }) => [run, web, code, loss]),
      }),
    ],
    ['pandas table', JSON.stringify({ schema: { fields: [] }, data: runs })],
  ])('%s', (_, text) => {
    const table = read(text);
    expect(headers(table)).toEqual(['run', 'web', 'code', 'loss']);
    expect(cells(table)).toEqual([
      ['run00', '0.25', '0.75', '3.5'],
      ['run01', '1', '0', '3.25'],
    ]);
    expect(table.columns.slice(1).map(({ numbers }) => numbers)).toEqual([
      Float64Array.of(0.25, 1),
      Float64Array.of(0.75, 0),
      Float64Array.of(3.5, 3.25),
    ]);
    expect([rowNumber(table, 0), rowNumber(table, 1)]).toEqual([1, 2]);
  });

  test("pandas' columns by number are rows without ids", () => {
    const table = read('{"web":{"0":0.25,"1":1},"loss":{"0":3.5,"1":3.25}}');
    expect(headers(table)).toEqual(['web', 'loss']);
    expect(cells(table)).toEqual([
      ['0.25', '3.5'],
      ['1', '3.25'],
    ]);
  });

  test('names in each other are joined by points, and runs may lack some', () => {
    const table = read(
      '[{"run":"a","weights":{"web":0.5,"code":0.5},"eval":{"web":{"loss":3}}},{"run":"b","weights":{"web":1},"note":"x"}]',
    );
    expect(headers(table)).toEqual(['run', 'weights.web', 'weights.code', 'eval.web.loss', 'note']);
    expect(cells(table)).toEqual([
      ['a', '0.5', '0.5', '3', ''],
      ['b', '1', '', '', 'x'],
    ]);
  });

  test('what Python writes for values that are not measured is kept as that', () => {
    const table = read(
      '{"run":"a","loss":3.5}\n{"run":"b","loss":NaN}\n{"run":"c","loss":-Infinity}\n{"run":"d","loss":null}',
    );
    expect(table.columns[1].numbers).toEqual(
      Float64Array.of(3.5, Number.NaN, Number.NaN, Number.NaN),
    );
    expect(table.columns[1].badCells.map(({ text }) => text)).toEqual(['NaN', '-Infinity']);
  });

  test('numbers keep their digits, texts are read as cells', () => {
    const table = read(
      '[{"run":"007","a":1e-4,"b":"18.6%"},{"run":"008","a":0.1234567890123456789,"b":"0"}]',
    );
    expect(table.columns[0].text).toEqual(['007', '008']);
    expect(table.columns[1].numbers).toEqual(Float64Array.of(1e-4, 0.12345678901234568));
    expect(table.columns[2]).toMatchObject({ isPercent: true });
  });

  test('escapes and harmful names stay harmless', () => {
    const table = read('[{"__proto__":"\\u0041\\n\\"\\\\","constructor":1}]');
    expect(headers(table)).toEqual(['__proto__', 'constructor']);
    expect(cells(table)[0][0]).toBe('A\n"\\');
  });

  test('a list in a run is left out with a note', () => {
    const table = read('[{"run":"a","tags":["x"],"loss":3},{"run":"b","tags":[],"loss":4}]');
    expect(headers(table)).toEqual(['run', 'loss']);
    expect(notesOf(table)).toContain('"tags" left out: 2 lists');
  });

  test('names read as ids are said', () => {
    expect(notesOf(read(JSON.stringify(byId(runs))))).toContain('"run00" and "run01"');
  });
});

describe('refused', () => {
  test.each<[string, string, RegExp]>([
    ['a name twice', '[{"web":0.5,\n"web":0.6}]', /line 2, character 1.*"web" occurs twice/],
    [
      'a name twice below',
      '{"run":"a","w":{"x":1,"x":2}}\n{"run":"b"}',
      /line 1.*"x" occurs twice/,
    ],
    ['a name twice as path', '[{"a.b":1,"a":{"b":2}}]', /row 1, column "a.b"/],
    [
      'weights without names',
      '[{"mixing_ratio":[0.5,0.5],"loss":1}]',
      /row 1, column "mixing_ratio".*list of 2/,
    ],
    [
      'lists of unequal length',
      '{"web":[1,2],"loss":[3]}',
      /column "loss".*1 values.*2 as in "web"/,
    ],
    ['a missing comma', '[{"a":1}\n{"a":2}]', /line 2, character 1/],
    ['a comma too many', '[{"a":1},]', /line 1, character 10/],
    ['a value that is none', '[{"a":hello}]', /expected a value/],
    ['a leading zero', '[{"a":01}]', /line 1/],
    ['hexadecimal', '[{"a":0x10}]', /line 1/],
    ['no end', '[{"a":1', /end of the file/],
    ['an open quote', '[{"a', /never closed/],
    ['a line break in quotes', '[{"a":"x\ny"}]', /line 1/],
    ['more behind the list', '[{"a":1}] x', /end of the file/],
    ['numbers', '[1,2,3]', /object for each run/],
    ['lists', '[["run","a"],["x",1]]', /object for each run/],
    ['a list without runs', '[]', /no runs/],
    ['empty objects', '[{},{}]', /no values/],
    ['JSONL of lists below', '{"a":1}\n[1]', /line 2.*object for each run/],
    ['depth', `[{"a":${'{"b":'.repeat(40)}1${'}'.repeat(41)}]`, /more than 32/],
    [
      'many columns',
      `[{${Array.from({ length: 2001 }, (_, at) => `"c${at}":1`).join()}}]`,
      /too large/,
    ],
  ])('%s', (_, text, expected) => {
    const error = refusal(() => read(text));
    expect(error.message).toMatch(/^runs\.json/);
    expect(error.message.replace(/\n/g, ' ')).toMatch(expected);
    expect(error.advice === '' && !/as in/.test(error.message)).toBe(false);
  });
});

describe('properties', () => {
  const cell = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ maxLength: 8 }),
  );
  const record = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), cell, { minKeys: 1, maxKeys: 5 });

  test('a list, JSONL and indentation make no difference', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 12 }), (rows) => {
        const outcome = (text: string) => {
          try {
            const table = read(text);
            return { headers: headers(table), cells: cells(table) };
          } catch (error) {
            expect(error).toBeInstanceOf(RunsError);
            return null;
          }
        };
        const expected = outcome(JSON.stringify(rows));
        expect(outcome(JSON.stringify(rows, null, 1))).toEqual(expected);
        const objects = rows.map((row) => JSON.stringify(row));
        if (rows.length > 1) expect(outcome(objects.join('\n'))).toEqual(expected);
      }),
    );
  });

  test('what JSON.parse refuses is refused', () => {
    const soup = fc
      .array(
        fc.constantFrom(
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          '"',
          '"a"',
          '1',
          '-',
          '0.5',
          'e',
          '\\',
          'null',
          '\n',
          ' ',
        ),
        { maxLength: 24 },
      )
      .map((parts) => `[{"a":${parts.join('')}}]`);
    fc.assert(
      fc.property(soup, (text) => {
        let taken = true;
        try {
          read(text);
        } catch (error) {
          expect(error).toBeInstanceOf(RunsError);
          taken = false;
        }
        if (taken) expect(() => JSON.parse(text)).not.toThrow();
      }),
      { numRuns: 5000 },
    );
  });
});
