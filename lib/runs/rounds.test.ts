import { describe, expect, test } from 'vitest';
import { recognise } from './recognise';
import { purposeOf, withColumnRole, withPurpose, withSet } from './recognition';
import { filler, pair, refusal, studyOf, tablesOf } from './runs.fixture';

/** A wide file of eight runs with one more column. */
function withColumn(header: string, values: readonly (string | number)[]) {
  const rows = filler.map((row, run) => `${row},${values[run % values.length]}`);
  return { 'a.csv': `id,train_web,train_code,web_loss,${header}\n${rows.join('\n')}\n` };
}
const roleOf = (files: Record<string, string>, header: string) =>
  recognise(tablesOf(files)).files[0].columns.find((column) => column.header === header)?.role;

describe('a column of rounds', () => {
  test.each([
    ['round', [0, 1], 'round'],
    ['Round', [3], 'round'],
    ['round', ['1.0', '0.0'], 'round'],
    ['iteration', [0, 1, 1000], 'round'],
    ['iteration', [1000], 'ignored'],
    ['round', [0, 1001], 'ignored'],
    ['round', [0, -1], 'ignored'],
    ['round', [0, 0.5], 'ignored'],
    ['round', [1, ''], 'ignored'],
    ['round', ['first', 'second'], 'ignored'],
    ['rounds', [0, 1], 'ignored'],
  ])('%s of %j is %s', (header, values, role) => {
    expect(roleOf(withColumn(header, values), header)).toBe(role);
  });

  test('is never a domain, even where weights have bare names', () => {
    const rows = Array.from({ length: 8 }, (_, run) => `${run % 2},0.${run},${(10 - run) / 10}`);
    const files = { 'mixture.csv': `round,web,code\n${rows.join('\n')}\n` };
    const { columns } = recognise(tablesOf(files)).files[0];
    expect(columns.map(({ role }) => role)).toEqual(['round', 'domain', 'domain']);
  });

  test('goes before iteration, and one replaces another by hand', () => {
    const rows = filler.map((row, run) => `${row},${run % 3},${run % 2}`);
    const text = `id,train_web,train_code,web_loss,iteration,round\n${rows.join('\n')}\n`;
    const recognition = recognise(tablesOf({ 'a.csv': text }));
    const rolesIn = ({ files }: typeof recognition) => files[0].columns.map(({ role }) => role);
    expect(rolesIn(recognition).slice(4)).toEqual(['ignored', 'round']);
    expect(rolesIn(withColumnRole(recognition, 0, 4, 'round')).slice(4)).toEqual([
      'round',
      'ignored',
    ]);
  });

  test('is read from the file of mixtures, by id', () => {
    const files = pair(({ mixtures, losses }) => {
      mixtures.forEach((row, index) => {
        mixtures[index] = `${row},${index === 0 ? 'round' : index % 3}`;
      });
      losses.splice(1, 10, ...losses.slice(1).reverse());
    });
    const { training, targets } = studyOf(files);
    expect(training?.rounds).toEqual(Int32Array.of(1, 2, 0, 1, 2, 0, 1, 2, 0, 1));
    expect(targets).toHaveLength(1);
  });

  test('of a file of losses is no target', () => {
    const files = pair(({ losses }) => {
      losses.forEach((row, index) => {
        losses[index] = `${row},${index === 0 ? 'round' : index % 3}`;
      });
    });
    expect(studyOf(files).targets).toHaveLength(1);
    expect(studyOf(files).training).not.toHaveProperty('rounds');
  });

  test.each([
    ['7.5', /row 2.*"round".*7\.5.*0 to 1000/],
    ['', /row 2.*"round".*empty/],
    ['first', /row 2.*"round".*first/],
    ['1001', /1001/],
  ])('set by hand is refused at %j', (cell, message) => {
    const files = withColumn('round', [cell, 0]);
    const { message: said } = refusal(() =>
      studyOf(files, undefined, (recognition) => withColumnRole(recognition, 0, 4, 'round')),
    );
    expect(said).toMatch(message);
  });
});

describe('what files are for', () => {
  const files = {
    ...Object.fromEntries(
      Object.entries(pair()).map(([name, text]) => [name.replace('train', 'test'), text]),
    ),
    ...pair(),
  };
  const recognition = recognise(tablesOf(files));
  const rolesFor = (purpose: 'study' | 'tests' | 'round') =>
    withPurpose(recognition, purpose).sets.map(({ role }) => role);

  test('the set that trained becomes the round, and test sets stay', () => {
    expect(recognition.sets.map(({ role }) => role)).toEqual(['test', 'training']);
    expect(rolesFor('round')).toEqual(['test', 'round']);
    expect(rolesFor('tests')).toEqual(['test', 'test']);
    expect(rolesFor('study')).toEqual(['test', 'training']);
  });

  test.each(['study', 'tests', 'round'] as const)('%s can be read off and gone back to', (kind) => {
    for (const other of ['study', 'tests', 'round'] as const) {
      const there = withPurpose(withPurpose(recognition, other), kind);
      expect(purposeOf(there)).toBe(kind);
    }
  });

  test('unused sets stay unused, and only one set is for training', () => {
    const one = withSet(recognition, 1, { role: 'unused' });
    expect(withPurpose(one, 'round').sets.map(({ role }) => role)).toEqual(['round', 'unused']);
    const swapped = withSet(withPurpose(recognition, 'round'), 0, { role: 'training' });
    expect(swapped.sets.map(({ role }) => role)).toEqual(['training', 'test']);
  });

  test('a round needs a study, and one at a time', () => {
    const asRound = () => ({ ...recognition, sets: withPurpose(recognition, 'round').sets });
    expect(refusal(() => studyOf(files, undefined, asRound)).message).toMatch(/training set/);
    const { domains, targets } = studyOf(pair());
    const options = { acceptUnpaired: false, base: { domains, targets } };
    const twice = () => ({
      ...recognition,
      sets: recognition.sets.map((set) => ({ ...set, role: 'round' as const })),
    });
    expect(refusal(() => studyOf(files, options, twice)).message).toMatch(/one at a time/);
    const { training, nextRound, testSets } = studyOf(files, options, asRound);
    expect([training, nextRound?.ids.length, testSets.length]).toEqual([null, 10, 1]);
  });
});
