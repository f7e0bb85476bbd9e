import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runJob } from '../job';
import { rowOf } from '../matrix';
import { buildStudyRuns } from './build';
import { RunsError, UnpairedRunsError } from './errors';
import { recognise } from './recognise';
import { withColumnRole, withSet } from './recognition';
import { pair, refusal, studyOf, tablesOf } from './test-support';

const header = 'id,train_web,train_code,web_loss';
const wide = (...rows: string[]) => `${header}\n${rows.join('\n')}\n`;
const filler = Array.from({ length: 8 }, (_, run) => `f${run},0.5,0.5,3.${run}`);

describe('a study', () => {
  test('joins rows in any order and keeps the order of the mixtures', () => {
    const files = pair(({ losses }) => losses.splice(1, 10, ...losses.slice(1).reverse()));
    const { training, domains, targets, testSets } = studyOf(files);
    expect(domains.map(({ id }) => id)).toEqual(['web', 'code']);
    expect(targets).toEqual([
      { id: 'web', name: 'Web loss', unit: 'nats per token', direction: 'lower' },
    ]);
    expect(training?.ids).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
    expect(training?.losses.values).toEqual(Float64Array.from({ length: 10 }, (_, i) => 3 + i / 8));
    expect(testSets).toEqual([]);
  });

  test('rows near 1 are renormalised and counted, their recorded weights kept', () => {
    const { training, notes } = studyOf({
      'a.csv': wide('x,0.5,0.499,3', 'y,0.99,0,3', 'z,1,0.01,3', 'e,0.1,0.9,3', ...filler),
    });
    expect(training && [0, 1, 2, 3].map((row) => rowOf(training.mixtures, row)[0])).toEqual([
      0.5 / 0.999,
      1,
      1 / 1.01,
      0.1,
    ]);
    expect(training?.recorded?.values.slice(0, 6)).toEqual(
      Float64Array.of(0.5, 0.499, 0.99, 0, 1, 0.01),
    );
    expect(notes).toMatchObject([{ kind: 'renormalised', count: 3 }]);
  });

  test('exact rows have no recorded weights and no note', () => {
    const { training, notes } = studyOf({ 'a.csv': wide('x,0.3,0.7,3', ...filler) });
    expect(training).not.toHaveProperty('recorded');
    expect(notes).toEqual([]);
  });

  test('an empty loss is not measured; a target without any is left out; a constant one stays', () => {
    const rows = filler.map((row, run) => `${row},,1,${run < 3 ? '' : 2}`);
    const { training, targets, notes } = studyOf({
      'a.csv': `${header},code_loss,flat_loss,some_loss\n${rows.join('\n')}\n`,
    });
    expect(targets.map(({ id }) => id)).toEqual(['web', 'flat', 'some']);
    expect(training && rowOf(training.losses, 0)).toEqual(Float64Array.of(3, 1, Number.NaN));
    expect(notes).toMatchObject([
      { kind: 'empty-target', subject: 'code_loss' },
      { kind: 'unmeasured', count: 3 },
    ]);
  });

  test('runs without ids are named after their rows', () => {
    const rows = filler.map((row) => row.replace(/^f\d,/, ''));
    const { training, notes } = studyOf({
      'a.csv': `train_web,train_code,web_loss\n${rows.join('\n')}\n`,
    });
    expect(training?.ids[0]).toBe('2');
    expect(notes).toMatchObject([{ kind: 'numbered', count: 8 }]);
  });

  test('ids that are names of object members are ids like others', () => {
    const ids = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const rows = ids.map((id) => `${id},0.5,0.5,3`);
    const { training, domains } = studyOf({
      'a.csv': `id,train___proto__,train_constructor,web_loss\n${[...rows, ...filler].join('\n')}\n`,
    });
    expect(training?.ids.slice(0, 4)).toEqual(ids);
    expect(domains.map(({ id }) => id)).toEqual(['__proto__', 'constructor']);
  });

  test('whole numbers join what pandas wrote as 1.0', () => {
    const files = pair(({ losses }) => {
      losses.forEach((row, index) => {
        losses[index] = row.replace(/^(\d+),/, '$1.0,');
      });
    });
    expect(studyOf(files).training?.ids).toHaveLength(10);
  });

  test('a file that no set uses is noted', () => {
    const { notes } = studyOf({ ...pair(), 'notes.csv': 'title,text\na,b\n' });
    expect(notes).toMatchObject([{ kind: 'unused-file', subject: 'notes.csv' }]);
  });
});

describe('ids of domains and targets', () => {
  const ids = (domains: string, targets: string) => {
    const weights = domains.split(',').map((_, index) => (index === 0 ? '1' : '0'));
    const values = targets.split(',').map(() => '3');
    const rows = Array.from({ length: 8 }, (_, run) => run);
    const study = studyOf({
      'mixture.csv': `index,${domains}\n${rows.map((run) => [run, ...weights].join(',')).join('\n')}`,
      'loss.csv': `index,${targets}\n${rows.map((run) => [run, ...values].join(',')).join('\n')}`,
    });
    return [study.domains.map(({ id }) => id), study.targets.map(({ id }) => id)];
  };

  test.each([
    [
      'train_the_pile_pile_cc,train_the_pile_arxiv',
      'metric/the_pile_pile_cc_val_loss',
      ['pile_cc', 'arxiv'],
      ['pile_cc'],
    ],
    // A prefix that domains share is theirs; what targets share beyond it is part of their names.
    [
      'train_x_pubmed_central,train_x_pubmed_abstracts,train_x_web',
      'metric/x_pubmed_central_val_loss,metric/x_pubmed_abstracts_val_loss',
      ['pubmed_central', 'pubmed_abstracts', 'web'],
      ['pubmed_central', 'pubmed_abstracts'],
    ],
    ['train_web,train_code', 'web_bpb,code_bpb', ['web', 'code'], ['web', 'code']],
    ['train_a,train_b', 'a_val_loss,a_bpb', ['a', 'b'], ['a_val_loss', 'a_bpb']],
    ['train_a,train_b', 'loss,arc_acc', ['a', 'b'], ['loss', 'arc_acc']],
    ['train_the,train_the_web', 'x_loss', ['the', 'the_web'], ['x']],
    ['a/b_c,a/b_d', 'a/b_c_loss', ['c', 'd'], ['c']],
  ])('%s and %s', (domains, targets, domainIds, targetIds) => {
    expect(ids(domains, targets)).toEqual([domainIds, targetIds]);
  });
});

describe('test sets', () => {
  const test1 = (columns: string, row: (run: number) => string, loss = 'metric/web_val_loss') => ({
    ...pair(),
    'test_mixture.csv': `index,${columns}\n${[1, 2, 3].map((run) => `${run},${row(run)}`).join('\n')}\n`,
    'test_loss.csv': `index,${loss}\n1,5\n2,6\n3,7\n`,
  });

  test('take the domain order of the training set', () => {
    const { testSets } = studyOf(test1('train_code,train_web', () => '0.2,0.8'));
    expect(testSets[0].name).toBe('test');
    expect(rowOf(testSets[0].mixtures, 0)).toEqual(Float64Array.of(0.8, 0.2));
  });

  test('may write their domains with another prefix', () => {
    const { testSets } = studyOf(test1('train_the_pile_code,train_the_pile_web', () => '0.2,0.8'));
    expect(rowOf(testSets[0].mixtures, 0)).toEqual(Float64Array.of(0.8, 0.2));
  });

  test('have NaN for targets they lack, and leave out those that only they have', () => {
    const { testSets, targets, notes } = studyOf(
      test1('train_code,train_web', () => '0.2,0.8', 'metric/books_val_loss'),
    );
    expect(targets).toHaveLength(1);
    expect(testSets[0].losses.values).toEqual(new Float64Array(3).fill(Number.NaN));
    expect(notes.map(({ kind }) => kind)).toEqual(['missing-target', 'unknown-target']);
  });

  test('that lack a domain or have another are refused', () => {
    const unknown = refusal(() =>
      studyOf(test1('train_web,train_code,train_law', () => '0.2,0.8,0')),
    );
    expect(unknown).toMatchObject({ file: 'test_mixture.csv', column: 'train_law' });
    const missing = refusal(() =>
      studyOf(
        test1('train_web,train_law', () => '0.2,0.8'),
        undefined,
        (recognition) => withColumnRole(recognition, 2, 2, 'ignored'),
      ),
    );
    expect(missing.message).toContain('no column for the domain "code"');
  });

  test('join a study that is there already, which stays as it is', () => {
    const { domains, targets } = studyOf(pair());
    const base = { domains, targets };
    const before = structuredClone(base);
    const added = studyOf(
      {
        'mixture_60m.csv': 'index,code,web\n1,0.2,0.8\n2,1,0\n3,0,1\n',
        'loss_60m.csv': 'index,web_val_loss\n3,1\n2,2\n1,3\n',
      },
      { acceptUnpaired: false, base },
    );
    expect(added.training).toBeNull();
    expect(added.domains).toBe(domains);
    expect(added.testSets[0]).toMatchObject({ name: '60M test', ids: ['1', '2', '3'] });
    expect(added.testSets[0].mixtures.values).toEqual(Float64Array.of(0.8, 0.2, 0, 1, 1, 0));
    expect(added.testSets[0].losses.values).toEqual(Float64Array.of(3, 2, 1));
    expect(base).toEqual(before);
  });
});

describe('refused', () => {
  const cell = (row: string) => refusal(() => studyOf({ 'a.csv': wide(...filler, row) }));

  test.each([
    ['x,-0.1,1.1,3', 'train_web', '-0.1'],
    ['x,,1,3', 'train_web', 'an empty cell'],
    ['x,0.5,abc,3', 'train_code', '"abc"'],
    ['x,NaN,1,3', 'train_web', '"NaN"'],
    ['x,1.5,-0.5,3', 'train_web', '1.5'],
    ['x,50%,0.5,3', 'train_web', '"50%"'],
    ['x,0.5,0.5,inf', 'web_loss', '"inf"'],
    ['x,0.5,0.5,NaN', 'web_loss', '"NaN"'],
  ])('%s', (row, column, found) => {
    const error = cell(row);
    expect(error).toMatchObject({ file: 'a.csv', row: 10, column, found });
    expect(error.message).toMatch(/^a\.csv, row 10, column ".*": found .*, expected .*\.$/);
  });

  test('an id twice, with both rows', () => {
    expect(cell('f3,0.5,0.5,3').message).toBe(
      'a.csv, row 10, column "id": found the id "f3" of row 5 again, expected an id of its own for each run.',
    );
  });

  test('an empty id', () => {
    expect(cell(',0.5,0.5,3')).toMatchObject({ row: 10, column: 'id' });
  });

  test.each([
    ['x,0.5,0.48,3', '0.98'],
    ['x,0.6,0.42,3', '1.02'],
    ['x,0,0,3', '0'],
  ])('%s sums to %s', (row, sum) => {
    const error = cell(row);
    expect(error.message).toBe(
      `a.csv, row 10: found weights that sum to ${sum}, expected a sum from 0.99 to 1.01.`,
    );
  });

  test('percentages, by name', () => {
    expect(cell('x,40,60,3').advice).toContain('look like percentages');
    expect(cell('x,50%,0.5,3').advice).toContain('0.25 instead of 25%');
    expect(cell('x,2,0.5,3').advice).not.toContain('percentages');
  });

  test('files without a run in common', () => {
    const files = pair(({ losses }) => {
      losses.forEach((row, index) => {
        losses[index] = row.replace(/^(\d)/, 'run$1');
      });
    });
    const error = refusal(() => studyOf(files));
    expect(error.file).toBe('train_mixture.csv and train_loss.csv');
    expect(error.message).toContain('no run id in common');
  });

  test('fewer runs than a fit needs', () => {
    const files = pair(({ mixtures, losses }) => {
      mixtures.splice(8);
      losses.splice(8);
    });
    expect(refusal(() => studyOf(files)).message).toBe(
      'train_mixture.csv: found 7 runs, expected at least 8 to fit a regressor to.',
    );
  });

  test('a pair without ids', () => {
    const error = refusal(() =>
      studyOf(pair(), undefined, (recognition) => withColumnRole(recognition, 1, 0, 'ignored')),
    );
    expect(error).toMatchObject({ file: 'train_loss.csv', found: 'no column of run ids' });
  });

  test('files that are no study at all', () => {
    expect(refusal(() => studyOf({ 'a.csv': 'x,y\nfoo,bar\nfoo2,bar\n' })).found).toContain(
      'no mixtures',
    );
    expect(
      refusal(() => runJob(buildStudyRuns([], { files: [], sets: [] }, { acceptUnpaired: false }))),
    ).toBeInstanceOf(RunsError);
  });

  test('a study without training set, or with no set', () => {
    const roles = (role: 'test' | 'unused') =>
      refusal(() => studyOf(pair(), undefined, (recognition) => withSet(recognition, 0, { role })));
    expect(roles('test').message).toContain('0 training sets');
    expect(roles('unused').message).toContain('no mixtures together with losses');
  });

  test('one domain, no target', () => {
    const without = (file: number, column: number) =>
      refusal(() =>
        studyOf(pair(), undefined, (recognition) =>
          withColumnRole(recognition, file, column, 'ignored'),
        ),
      );
    expect(without(0, 1).found).toBe('1 domain column');
    expect(without(1, 1).found).toBe('no target with values');
  });
});

describe('runs without a partner', () => {
  const files = pair(({ mixtures, losses }) => {
    losses.splice(1, 1);
    for (let run = 100; run < 130; run++) losses.push(`${run},3`);
    mixtures.push('alone,0.5,0.5');
  });

  test('are listed, up to 20 per file, and counted', () => {
    const error = refusal(() => studyOf(files));
    if (!(error instanceof UnpairedRunsError)) throw error;
    expect(error.name).toBe('UnpairedRunsError');
    expect(error.unpaired).toEqual([
      { file: 'train_mixture.csv', missingIn: 'train_loss.csv', ids: ['1', 'alone'], count: 2 },
      {
        file: 'train_loss.csv',
        missingIn: 'train_mixture.csv',
        ids: Array.from({ length: 20 }, (_, index) => String(100 + index)),
        count: 30,
      },
    ]);
    expect(error.message).toContain('and 10 more');
  });

  test('are left out and counted when the user goes on', () => {
    const { training, notes } = studyOf(files, { acceptUnpaired: true });
    expect(training?.ids).toEqual(['2', '3', '4', '5', '6', '7', '8', '9', '10']);
    expect(notes).toMatchObject([
      { kind: 'dropped', subject: 'train_mixture.csv', count: 2 },
      { kind: 'dropped', subject: 'train_loss.csv', count: 30 },
    ]);
  });

  test('count against the fewest runs', () => {
    const few = pair(({ losses }) => losses.splice(1, 5));
    expect(refusal(() => studyOf(few, { acceptUnpaired: true })).found).toBe('5 runs');
  });
});

describe('properties', () => {
  test('the order of rows and columns makes no difference', () => {
    const order = (length: number) =>
      fc.shuffledSubarray([...Array(length).keys()], { minLength: length });
    const cells = [
      ['index', 'train_web', 'train_code', 'train_law'],
      ...Array.from({ length: 9 }, (_, run) => [run, run / 16, (8 - run) / 16, 0.5].map(String)),
    ];
    const values = [
      ['index', 'metric/web_val_loss', 'metric/law_val_loss'],
      ...Array.from({ length: 9 }, (_, run) => [run, 3 + run / 8, 4 - run / 8].map(String)),
    ];
    const arranged = (table: string[][], rows: number[], columns: number[]) =>
      [0, ...rows.map((row) => row + 1)]
        .map((row) => columns.map((column) => table[row][column]).join(','))
        .join('\n');
    const byId = (files: Record<string, string>) => {
      const { domains, targets, training } = studyOf(files);
      if (training === null) throw new Error('no training set');
      return new Map(
        training.ids.map((id, row) => [
          id,
          new Map([
            ...domains.map(
              (domain, index) => [`w ${domain.id}`, rowOf(training.mixtures, row)[index]] as const,
            ),
            ...targets.map(
              (target, index) => [`l ${target.id}`, rowOf(training.losses, row)[index]] as const,
            ),
          ]),
        ]),
      );
    };
    const identity = (length: number) => [...Array(length).keys()];
    const expected = byId({
      'mixture.csv': arranged(cells, identity(9), identity(4)),
      'loss.csv': arranged(values, identity(9), identity(3)),
    });
    fc.assert(
      fc.property(
        order(9),
        order(4),
        order(9),
        order(3),
        (rows, columns, lossRows, lossColumns) => {
          const found = byId({
            'mixture.csv': arranged(cells, rows, columns),
            'loss.csv': arranged(values, lossRows, lossColumns),
          });
          expect([...found.keys()]).toEqual(rows.map(String));
          for (const [id, run] of expected) {
            expect(new Map([...(found.get(id) ?? [])].sort())).toEqual(new Map([...run].sort()));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('damaged files end in a study or in the typed error', () => {
    const whole = Object.entries(pair());
    const damage = fc.array(
      fc.record({
        file: fc.nat(1),
        at: fc.nat(400),
        remove: fc.nat(3),
        insert: fc.oneof(
          fc.constantFrom(',', '"', '\n', '\r', ';', '\0', '-', 'e', '.', '%', 'NaN', '9', ''),
          fc.string({ unit: 'binary', maxLength: 3 }),
        ),
      }),
      { minLength: 1, maxLength: 4 },
    );
    let studies = 0;
    let refusals = 0;
    fc.assert(
      fc.property(damage, fc.boolean(), (hits, acceptUnpaired) => {
        const files = whole.map(([name, text]) => ({ name, text }));
        for (const { file, at, remove, insert } of hits) {
          const { text } = files[file];
          files[file].text = text.slice(0, at) + insert + text.slice(at + remove);
        }
        try {
          const tables = tablesOf(Object.fromEntries(files.map(({ name, text }) => [name, text])));
          const { training } = runJob(
            buildStudyRuns(tables, recognise(tables), { acceptUnpaired }),
          );
          if (training === null) throw new Error('no training set');
          for (let row = 0; row < training.ids.length; row++) {
            const weights = rowOf(training.mixtures, row);
            expect(weights.every((weight) => weight >= 0)).toBe(true);
            expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 11);
          }
          expect(training.losses.values.some((value) => Math.abs(value) === Infinity)).toBe(false);
          studies++;
        } catch (error) {
          if (!(error instanceof RunsError)) throw error;
          expect(error.message).not.toBe('');
          refusals++;
        }
      }),
      { numRuns: 3000 },
    );
    // The damage is such that both ends are reached, or this test would show nothing.
    expect(Math.min(studies, refusals)).toBeGreaterThan(100);
  });
});
