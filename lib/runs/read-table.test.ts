import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runJob } from '../model/job';
import { RunsError } from './errors';
import { readTable } from './read-table';
import { refusal } from './runs.fixture';
import { type CsvTable, cellText, limits, rowNumber } from './table';
import { writeCsv } from './write-csv';

const read = (text: string, name = 'runs.csv') => runJob(readTable({ name, text }));
const cells = (table: CsvTable) =>
  Array.from({ length: table.rows }, (_, row) =>
    table.columns.map((column) => cellText(column, row)),
  );
const plain = 'run,a,b\nr1,0.25,0.75\nr2,1,0\n';

describe('one table, written in many ways', () => {
  const expected = read(plain);

  test.each([
    ['a byte order mark', `\ufeff${plain}`],
    ['CRLF', plain.replaceAll('\n', '\r\n')],
    ['CR', plain.replaceAll('\n', '\r')],
    ['no last line break', plain.trimEnd()],
    ['quotes', plain.replaceAll(/[^,\n]+/g, '"$&"')],
    ['quotes and CRLF', plain.replaceAll(/[^,\n]+/g, '"$&"').replaceAll('\n', '\r\n')],
    ['semicolons', plain.replaceAll(',', ';')],
    ['tabs', plain.replaceAll(',', '\t')],
    ['bars', plain.replaceAll(',', '|')],
    ['semicolons and decimal commas', plain.replaceAll(',', ';').replaceAll('.', ',')],
    ['blanks around numbers', plain.replace(/,([\d.]+)/g, ',  $1 ')],
    ['a trailing delimiter in every row', plain.replaceAll('\n', ',\n')],
  ])('%s', (_, text) => {
    const table = read(text);
    expect(cells(table)).toEqual(cells(expected));
    expect(table.columns.map(({ header }) => header)).toEqual(['run', 'a', 'b']);
    expect(table.columns.map(({ numbers }) => numbers)).toEqual([
      null,
      Float64Array.of(0.25, 1),
      Float64Array.of(0.75, 0),
    ]);
  });

  test('blank rows are left out, and row numbers still count them', () => {
    const table = read('\n\nrun,a,b\n\nr1,0.25,0.75\n,,\n\nr2,1,0\n\n');
    expect(cells(table)).toEqual(cells(expected));
    expect([rowNumber(table, 0), rowNumber(table, 1)]).toEqual([5, 8]);
  });

  test('quoted cells hold delimiters, quotes and line breaks', () => {
    const table = read('run,note\n"a,b","say ""x"""\n"two\r\nlines",y\n');
    expect(cells(table)).toEqual([
      ['a,b', 'say "x"'],
      ['two\nlines', 'y'],
    ]);
    expect(rowNumber(table, 1)).toBe(3);
  });

  test('fractions settle the decimal comma even when they come late', () => {
    const ones = Array.from({ length: 100 }, (_, row) => `r${row};1;0`).join('\n');
    const table = read(`run;a;b\n${ones}\nlast;0,25;,75\n`);
    expect(table.decimal).toBe(',');
    expect([table.columns[1].numbers?.[100], table.columns[2].numbers?.[100]]).toEqual([
      0.25, 0.75,
    ]);
  });

  test('a comma in a file with decimal points is no decimal comma', () => {
    const table = read('run;a;b\nr1;0.5;0.5\nr2;0.25;0.75\nr3;0,5;0.5\n');
    expect(table.columns[1].badCells).toEqual([{ row: 2, text: '0,5' }]);
  });
});

describe('columns', () => {
  test.each(['NaN', 'Inf', '-inf', 'Infinity', '0x10', '1e999', '12%', '1_000', 'abc'])(
    '%s is no number, and is kept with its row',
    (text) => {
      const table = read(`run,a\nr1,1\nr2,2\nr3,${text}\n`);
      expect(table.columns[1].badCells).toEqual([{ row: 2, text }]);
      expect(table.columns[1].numbers).toEqual(Float64Array.of(1, 2, Number.NaN));
    },
  );

  test.each([
    ['-3', -3],
    ['+.5', 0.5],
    ['2.', 2],
    ['1e-4', 1e-4],
    ['-0', 0],
    ['1E+2', 100],
  ])('%s is a number', (text, value) => {
    expect(read(`run,a\nr1,${text}\n`).columns[1].numbers).toEqual(Float64Array.of(value));
  });

  test('an empty cell is no bad cell', () => {
    const [, a] = read('run,a\nr1,\nr2,1\n').columns;
    expect(a).toMatchObject({ badCells: [], filled: 1 });
  });

  test('numeric columns keep no text, id columns do', () => {
    const [run, a] = read('run,a\n007,1\n008,2\n').columns;
    expect(run.text).toEqual(['007', '008']);
    expect(a.text).toBeNull();
  });

  test('a column that turns to text late keeps its numbers as text', () => {
    const rows = Array.from({ length: 300 }, (_, row) => `r${row},${row < 150 ? row : `x${row}`}`);
    const { columns } = read(`run,a\n${rows.join('\n')}\n`);
    expect(columns[1].numbers).toBeNull();
    expect([3, 149, 150, 299].map((row) => columns[1].text?.[row])).toEqual([
      '3',
      '149',
      'x150',
      'x299',
    ]);
  });

  test('an empty header gets a name', () => {
    expect(read(',a\n1,2\n').columns.map(({ header }) => header)).toEqual(['column 1', 'a']);
  });

  test('headers lose control characters and stay harmless', () => {
    const table = read('__proto__,con\u0007structor,"a\u202e\nb"\n1,2,3\n');
    expect(table.columns.map(({ header }) => header)).toEqual(['__proto__', 'con structor', 'a b']);
  });
});

describe('what stands above a table', () => {
  const expected = read(plain);
  const notesOf = (table: CsvTable) => (table.notes ?? []).map(({ text }) => text);

  test.each([
    ['sep=;', `sep=;\n${plain.replaceAll(',', ';')}`, 3],
    [
      'sep=; in quotes, with a mark and CRLF',
      `\ufeff"sep=;"\r\n${plain.replaceAll(',', ';').replaceAll('\n', '\r\n')}`,
      3,
    ],
    ['sep=: of another kind', `SEP=:\n${plain.replaceAll(',', ':')}`, 3],
    ['sep= with a tab', `sep=\t\n${plain.replaceAll(',', '\t')}`, 3],
    ['comments', `# proxies, "2026\n#\n\n${plain}`, 5],
    ['comments of other kinds', `% made by hand\n// 3 runs\n${plain}`, 4],
    ['the header in the last comment', `# seed 42\n#${plain}`, 3],
    ['the header in a comment after a blank', `# ${plain}`, 2],
  ])('%s', (_, text, row) => {
    const table = read(text);
    expect(table.columns.map(({ header }) => header)).toEqual(['run', 'a', 'b']);
    expect(cells(table)).toEqual(cells(expected));
    expect([rowNumber(table, 0), rowNumber(table, 1)]).toEqual([row, row + 1]);
  });

  test('comments are counted in a note', () => {
    expect(notesOf(read(`# a\n# b\n${plain}`))).toEqual([
      'runs.csv: 2 comment lines at the top left out.',
    ]);
    expect(notesOf(read(`# ${plain}`))).toEqual([]);
  });

  test('a comment between rows is left out, an id with # is not', () => {
    const table = read('run,a,b\n#1,0.25,0.75\n# restarted here\n#2,1,0\n');
    expect(cells(table)).toEqual([
      ['#1', '0.25', '0.75'],
      ['#2', '1', '0'],
    ]);
    expect(rowNumber(table, 1)).toBe(4);
  });

  test('rows are named as the file counts them', () => {
    expect(refusal(() => read(`sep=,\n# note\n${plain}r3,1\n`))).toMatchObject({ row: 6 });
    expect(refusal(() => read(`# note\n${plain}r3,"1\n`))).toMatchObject({ row: 5 });
  });
});

describe('header rows', () => {
  const rows = 'r1,0.25,0.75,3\nr2,1,0,4\n';
  const names = ['run', 'weights/web', 'weights/code', 'loss/web'];

  test.each([
    [
      'pandas, with names of the index',
      `,weights,weights,loss\n,web,code,web\nrun,,,\n${rows}`,
      names,
    ],
    ['merged cells', `run,weights,,loss\n,web,code,web\n${rows}`, names],
    ['merged cells above an id below', `,weights,,loss\nrun,web,code,web\n${rows}`, names],
    ['merged cells with a blank row', `run,weights,,loss\n,,,\n,web,code,web\n${rows}`, names],
    [
      'pandas, named once more',
      `Unnamed: 0_level_0,weights,weights,loss\nrun,web,code,web\n${rows}`,
      names,
    ],
    [
      'three rows',
      `,train,train,eval\n,weights,weights,loss\n,web,code,web\nrun,,,\n${rows}`,
      ['run', 'train/weights/web', 'train/weights/code', 'eval/loss/web'],
    ],
    ['a title', `Sweep of March,,,\nrun,web,code,loss\n${rows}`, ['run', 'web', 'code', 'loss']],
  ])('%s', (_, text, expected) => {
    const table = read(text);
    expect(table.columns.map(({ header }) => header)).toEqual(expected);
    expect(cells(table)).toEqual([
      ['r1', '0.25', '0.75', '3'],
      ['r2', '1', '0', '4'],
    ]);
    expect(rowNumber(table, 0)).toBe(text.split('\n').length - 2);
    expect(table.notes?.[0].text).toMatch(/header rows read as one/);
  });

  test.each([
    ['a run that was not measured', `run,web,code,loss\nr0,NaN,,-\n${rows}`],
    ['a first run in words', `run,web,code,loss\nr0,crashed,crashed,crashed\n${rows}`],
    [
      'an index without a name and a first run in words',
      `,web,code,loss\nr0,crashed,crashed,crashed\n${rows}`,
    ],
    [
      'a delimiter too many and a first run in words',
      `run,web,loss,\nr0,crashed,crashed,\nr1,1,3,\n`,
    ],
  ])('%s is no header row', (_, text) => {
    expect(cells(read(text))[0][0]).toBe('r0');
  });

  test('a run without values below two header rows is no name of the index', () => {
    const table = read(`run,weights,,loss\n,web,code,web\nr0,,,\n${rows}`);
    expect(table.columns[0]).toMatchObject({ header: 'run', text: ['r0', 'r1', 'r2'] });
  });
});

describe('columns of the same name', () => {
  test('and the same cells are read once, with a note', () => {
    const table = read('run,loss,a,loss,tag,tag\nr1,3,1,3.0,x,x\nr2,,2,,y,y\n');
    expect(table.columns.map(({ header }) => header)).toEqual(['run', 'loss', 'a', 'tag']);
    expect(table.notes?.[0].text).toContain('"loss" and "tag"');
  });

  test.each(['run,a,a\nr1,1,1\nr2,2,3\n', 'run,a,a\nr1,x,x\nr2,y,z\n', 'run,a,a\nr1,1,\nr2,2,2\n'])(
    'and other cells are refused',
    (text) => {
      expect(refusal(() => read(text))).toMatchObject({ row: 1, column: 'a' });
    },
  );
});

describe('refused', () => {
  test.each([
    ['', undefined],
    ['\n\n', undefined],
    ['run,a\n', undefined],
    ['PK\u0003\u0004xyz', undefined],
    ['a\u0000b,c\n1,2\n', undefined],
    ['1,2\n3,4\n', 1],
    ['a,b,a\n1,2,3\n', 1],
    ['a,b\n1,2\n1,2,3\n', 3],
    ['a,b\n1\n', 2],
    ['a,b\n1,2\n"x"y,2\n', 3],
    ['a,b\n1,2\n"x,2\n1,2\n', 3],
  ])('%j', (text, row) => {
    const error = refusal(() => read(text));
    expect(error).toMatchObject({ file: 'runs.csv', row, stage: 'runs' });
    expect(error.message).toContain('runs.csv');
    if (row !== undefined) expect(error.message).toContain(`row ${row}`);
  });

  test('found and expected are in the message', () => {
    expect(refusal(() => read('a,b\n1,2\n1,2,3\n')).message).toBe(
      'runs.csv, row 3: found 3 cells, expected 2 as in the header.',
    );
  });

  test('too many columns', () => {
    const header = Array.from({ length: limits.columns + 1 }, (_, column) => `c${column}`).join(
      ',',
    );
    expect(refusal(() => read(`${header}\n`)).message).toContain('2,001 columns');
  });

  test('too many rows', () => {
    const text = `a,b\n${'1,2\n'.repeat(limits.rows + 1)}`;
    expect(refusal(() => read(text)).message).toContain('1,000,000 rows');
  });

  test('a quote that is never closed ends before it takes the whole file', () => {
    const text = `a,b\n1,"${'2,3\n'.repeat(limits.rowCharacters / 2)}`;
    expect(refusal(() => read(text)).row).toBe(2);
  });
});

describe('properties', () => {
  const text = fc.string({ unit: 'binary', maxLength: 12 }).map((value) =>
    // A line break of any kind is read as \n, and a byte order mark belongs to the file.
    value.replace(/\r\n?/g, '\n').replaceAll('\ufeff', '').replaceAll('\0', ''),
  );
  const awkward = fc.oneof(text, fc.constantFrom('a,b', '"', '""', 'x\ny', ';', ' y ', "'"));

  test('any text comes back from a written file', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(awkward, awkward), { minLength: 1, maxLength: 20 }), (rows) => {
        const table = read(
          writeCsv(
            ['run', 'note', 'end'],
            rows.map(([a, b]) => [`_${a}`, `_${b}`, 1]),
          ),
        );
        expect(cells(table)).toEqual(rows.map(([a, b]) => [`_${a}`, `_${b}`, '1']));
      }),
    );
  });

  test('delimiter, decimal mark, byte order mark and line breaks make no difference', () => {
    const weight = fc.integer({ min: 0, max: 1000 }).map((value) => value / 1000);
    const rows = fc.array(fc.tuple(weight, weight), { minLength: 1, maxLength: 30 });
    const style = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      comma: fc.boolean(),
      mark: fc.constantFrom('', '\ufeff'),
      end: fc.constantFrom('\n', '\r\n', '\r'),
      last: fc.boolean(),
    });
    fc.assert(
      fc.property(rows, style, (values, { delimiter, comma, mark, end, last }) => {
        const decimal = (value: number) =>
          comma && delimiter !== ',' ? String(value).replace('.', ',') : String(value);
        const lines = [
          ['run', 'a', 'b'],
          ...values.map(([a, b], row) => [`r${row}`, decimal(a), decimal(b)]),
        ].map((line) => line.join(delimiter));
        const table = read(mark + lines.join(end) + (last ? end : ''));
        expect(table.columns[1].numbers).toEqual(Float64Array.from(values, ([a]) => a));
        expect(table.columns[2].numbers).toEqual(Float64Array.from(values, ([, b]) => b));
      }),
    );
  });

  test('pieces of any size give the same table', () => {
    // Cells of about 40 characters in 6,000 rows: several pieces, their ends at awkward places.
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 70 }), fc.constantFrom('\n', '\r\n'), (pad, end) => {
        const rows = Array.from({ length: 6000 }, (_, row) => [
          `"r${row},${'x'.repeat(pad)}""\n"`,
          String(row / 8),
        ]);
        const table = read(`run,a${end}${rows.map((row) => row.join(',')).join(end)}${end}`);
        expect(table.rows).toBe(6000);
        expect(table.columns[1].numbers).toEqual(Float64Array.from(rows, (_, row) => row / 8));
        expect(cellText(table.columns[0], 5999)).toBe(`r5999,${'x'.repeat(pad)}"\n`);
      }),
      { numRuns: 20 },
    );
  });

  test('nothing but the typed error is ever thrown', () => {
    const fragment = fc.constantFrom(
      ',',
      ';',
      '\t',
      '|',
      '"',
      '\n',
      '\r',
      '0.5',
      '1',
      'a',
      ' ',
      '',
    );
    const soup = fc.array(fragment, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 80 })), (csv) => {
        try {
          const table = read(csv);
          expect(table.rows).toBeGreaterThan(0);
          for (const { numbers, text } of table.columns) {
            expect(numbers?.length ?? text?.length).toBe(table.rows);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(RunsError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
