import { describe, expect, test } from 'vitest';
import { runJob } from '../model/job';
import { buildStudyRuns } from './build';
import { RunsError, UnpairedRunsError } from './errors';
import { withColumnRole, withSet } from './recognition';
import { filler, pair, refusal, studyOf, wide } from './runs.fixture';

describe('refused', () => {
  const cell = (row: string) => refusal(() => studyOf({ 'a.csv': wide(...filler, row) }));

  test.each([
    ['x,-0.1,1.1,3', 'train_web', '-0.1'],
    ['x,,0.7,3', 'train_web', 'an empty cell'],
    ['x,0.5,abc,3', 'train_code', '"abc"'],
    ['x,NaN,0.98,3', 'train_web', 'an empty cell'],
    ['x,1.5,-0.5,3', 'train_web', '1.5'],
    ['x,50%,0.5,3', 'train_web', '"50%"'],
    ['x,0.5,0.5,infinite', 'web_loss', '"infinite"'],
    ['x,0.5,inf,3', 'train_code', '"inf"'],
  ])('%s', (row, column, found) => {
    const error = cell(row);
    expect(error).toMatchObject({ file: 'a.csv', row: 10, column, found });
    expect(error.message).toMatch(/^a\.csv, row 10, column ".*": found .*, expected .*\.$/);
  });

  test('an id twice, with both rows', () => {
    expect(cell('f3,0.6,0.4,3').message).toBe(
      'a.csv, row 10, column "id": found the id "f3", also in row 5, expected a different id for each run.',
    );
  });

  test('an id twice where another column would do', () => {
    const rows = filler.map((row, run) => `${row.replace(/^f/, 'r')},swarm-${run}`);
    const text = `run,train_web,train_code,web_loss,name\n${rows.join('\n')}\nr3,0.6,0.4,3,swarm-9\n`;
    expect(refusal(() => studyOf({ 'a.csv': text }))).toMatchObject({ row: 10, column: 'run' });
  });

  test('an empty id', () => {
    expect(cell(',0.5,0.5,3')).toMatchObject({ row: 10, column: 'id' });
  });

  test.each([
    ['x,0.5,0.48,3', '0.98'],
    ['x,0.6,0.42,3', '1.02'],
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
      'train_mixture.csv: found 7 runs, expected at least 8 to fit a regressor.',
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
      refusal(() =>
        runJob(buildStudyRuns([], { files: [], sets: [], notes: [] }, { acceptUnpaired: false })),
      ),
    ).toBeInstanceOf(RunsError);
  });

  test('a study without training set, or with no set', () => {
    const roles = (role: 'test' | 'unused') =>
      refusal(() => studyOf(pair(), undefined, (recognition) => withSet(recognition, 0, { role })));
    expect(roles('test').message).toContain('0 training sets');
    expect(roles('unused').message).toContain('no mixtures with losses');
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
