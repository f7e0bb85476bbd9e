import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runJob } from '../model/job';
import { cleanLabel } from '../model/labels';
import { fromRows } from '../model/matrix';
import type { RunTable, Target } from '../model/study';
import { buildStudyRuns } from './build';
import { readTable } from './read-table';
import { recognise } from './recognise';
import type { StudyColumns } from './recognition';
import { tablesOf } from './runs.fixture';
import { writeCsv } from './write-csv';
import { writeRuns } from './write-runs';

function readBack(table: RunTable, columns: StudyColumns, base?: StudyColumns) {
  const { mixtures, losses } = writeRuns(table, columns.domains, columns.targets);
  const tables = tablesOf({ 'mixture.csv': mixtures, 'loss.csv': losses });
  const recognition = recognise(tables, base !== undefined);
  return runJob(buildStudyRuns(tables, recognition, { acceptUnpaired: false, base }));
}

const units: readonly Omit<Target, 'id' | 'name'>[] = [
  { unit: 'nats per token', direction: 'lower' },
  { unit: 'bits per byte', direction: 'lower' },
  { unit: '', direction: 'lower' },
  { unit: 'accuracy', direction: 'higher' },
  { unit: '', direction: 'higher' },
];

describe('runs that are written and read again', () => {
  const weights = fc
    .array(fc.integer({ min: 0, max: 1000 }), { minLength: 3, maxLength: 3 })
    .filter((parts) => parts.some((part) => part > 0))
    .map((parts) => {
      const sum = parts.reduce((total, part) => total + part, 0);
      return parts.map((part) => part / sum);
    });
  const loss = fc.oneof(
    fc.double({ min: -1e100, max: 1e100, noNaN: true }).map((value) => value + 0),
    fc.constant(Number.NaN),
  );
  const awkward = fc.constantFrom(
    '=1+2',
    "'=x",
    '-5',
    '+a',
    '@sum',
    'a,b',
    'say "x"',
    '007',
    '1e5',
    'x;y',
    "'",
    'null',
  );
  const id = fc.oneof(
    awkward,
    fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .map((text) => cleanLabel(`id ${text}`)),
    fc.uuid(),
  );
  const run = fc.record({
    weights,
    losses: fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), loss),
  });
  const runs = fc
    .uniqueArray(id, { minLength: 8, maxLength: 20 })
    .chain((ids) =>
      fc.tuple(fc.constant(ids), fc.array(run, { minLength: ids.length, maxLength: ids.length })),
    );

  const rounds = fc.option(
    fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 20, maxLength: 20 }),
    { nil: undefined },
  );

  test('are the same to the last bit', () => {
    fc.assert(
      fc.property(
        runs,
        fc.constantFrom(...units),
        fc.constantFrom(...units),
        rounds,
        ([ids, rows], a, b, round) => {
          const domains = ['web', 'pile_cc', 'Code-x'].map((name) => ({ id: name, name }));
          const targets = [
            { id: 'web', name: 'a', ...a },
            { id: 'arc', name: 'b', ...b },
          ];
          const table = {
            name: 'training',
            ids,
            mixtures: fromRows(rows.map((row) => row.weights)),
            losses: fromRows(rows.map((row) => [row.losses[0] + 0, row.losses[1]])),
            ...(round && { rounds: Int32Array.from(round.slice(0, ids.length)) }),
          };
          const study = readBack(table, { domains, targets }, { domains, targets });
          const [{ ids: readIds, mixtures, losses, rounds: readRounds }] = study.testSets;
          expect(readIds).toEqual(ids);
          expect(mixtures).toEqual(table.mixtures);
          expect(losses).toEqual(table.losses);
          expect(readRounds).toEqual(table.rounds);
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each(units)('encode the unit and direction of a target in %o', (unit) => {
    for (const id of ['web', 'reading_accuracy', 'arc_score', 'web_bpb']) {
      const targets = [{ id, name: id, ...unit }];
      const domains = ['web', 'code'].map((name) => ({ id: name, name }));
      const table = {
        name: 'training',
        ids: Array.from({ length: 8 }, (_, row) => String(row)),
        mixtures: fromRows(Array.from({ length: 8 }, () => [0.5, 0.5])),
        losses: fromRows(Array.from({ length: 8 }, (_, row) => [row])),
      };
      expect(readBack(table, { domains, targets }).targets).toMatchObject([unit]);
    }
  });

  test('keep the weights as recorded', () => {
    const table = {
      name: 'training',
      ids: ['a'],
      mixtures: fromRows([[0.5, 0.5]]),
      recorded: fromRows([[0.499, 0.499]]),
      losses: fromRows([[3]]),
    };
    const columns = {
      domains: [
        { id: 'web', name: 'Web' },
        { id: 'code', name: 'Code' },
      ],
      targets: [{ id: 'web', name: 'Web loss', ...units[0] }],
    };
    expect(writeRuns(table, columns.domains, columns.targets)).toEqual({
      mixtures: 'index,train_web,train_code\na,0.499,0.499\n',
      losses: 'index,metric/web_val_loss\na,3\n',
    });
  });
});

describe('cells', () => {
  test.each([
    ['=1+2', "'=1+2"],
    ['+a', "'+a"],
    ['-a', "'-a"],
    ['@a', "'@a"],
    ['\ta', '"\'\ta"'],
    ['\ra', '"\'\ra"'],
    ['=a\nb', '"\'=a\nb"'],
    ["'=a", "''=a"],
    ['-5', '-5'],
    ['+1.5e3', '+1.5e3'],
    ["it's", "it's"],
    ['a,b', '"a,b"'],
    ['"', '""""'],
    ['', '""'],
    [Number.NaN, ''],
    [null, ''],
    [0.1 + 0.2, '0.30000000000000004'],
    [-1e-7, '-1e-7'],
  ])('%j is written as %j', (cell, text) => {
    expect(writeCsv(['x', 'y'], [[cell, 1]])).toBe(`x,y\n${text},1\n`);
  });

  test('headers are neutralised too', () => {
    expect(writeCsv(['=cmd', 'y'], [])).toBe("'=cmd,y\n");
  });

  test('no cell that is read begins a formula', () => {
    const cell = fc
      .tuple(fc.constantFrom('', "'", '=', '+', '-', '@', '\t', '\r'), fc.string())
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 9 }), (texts) => {
        const text = writeCsv(
          ['x', 'end'],
          texts.map((entry) => [entry, 1]),
        );
        const [column] = runJob(readTable({ name: 'a.csv', text })).columns;
        for (const read of column.text ?? []) {
          if (/^[=+\-@\t\r]/.test(read)) expect(Number(read)).not.toBeNaN();
        }
        expect(column.text).toHaveLength(texts.length);
      }),
    );
  });
});
