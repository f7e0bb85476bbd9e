import { describe, expect, test } from 'vitest';
import { type Corrections, corrected } from './corrections';
import { recognise } from './recognise';
import {
  doubtfulTargets,
  missingPart,
  type Recognition,
  summaryOf,
  withColumnRole,
  withPurpose,
  withSet,
} from './recognition';
import { refusal, studyOf, tablesOf } from './runs.fixture';

const rows = Array.from({ length: 10 }, (_, row) => row);
const header =
  'name,label,phase_0_web,phase_0_code,phase_1_web,phase_1_code,"hellaswag/acc,none",legal,lr';
const wide = {
  'runs.csv': `${header}\n${rows
    .map(
      (row) =>
        `n${row},l${row},0.${row},${(10 - row) / 10},${(10 - row) / 10},0.${row},0.${row + 1},${row + 2}.5,0.1`,
    )
    .join('\n')}\n`,
};

function study(corrections: Corrections) {
  const whole = (recognition: Recognition): Recognition => ({
    ...recognition,
    sets: [{ name: 'training', role: 'training', mixtures: 0, losses: 0 }],
  });
  const read = studyOf(wide, { acceptUnpaired: false }, (found) =>
    corrected(whole(found), corrections),
  );
  return {
    domains: read.domains.map(({ id }) => id),
    targets: read.targets.map(({ id, direction }) => `${id} ${direction}`),
    first: read.training?.mixtures.values[2],
    ids: read.training?.ids.slice(0, 2),
  };
}

describe('corrections by name', () => {
  test('take the columns of weights that a pattern names, and no other', () => {
    const first = study({ weights: ['phase_0_*'], targets: ['legal'] });
    expect(first.domains).toEqual(['web', 'code']);
    expect(first.first).toBeCloseTo(0.1, 12);
    expect(study({ weights: ['PHASE_1_web,phase_1_code'], targets: ['legal'] }).first).toBeCloseTo(
      0.9,
      12,
    );
  });

  test('take targets with a comma in their name, several, and drop some', () => {
    const weights = ['phase_0_*'];
    const targets = (given: string[], drop: string[] = []) =>
      study({ weights, targets: given, drop }).targets;
    expect(targets(['hellaswag/acc,none'])).toEqual(['hellaswag/acc,none higher']);
    expect(targets(['hellaswag/acc,none,legal'])).toEqual([
      'hellaswag/acc,none higher',
      'legal lower',
    ]);
    expect(targets(['legal', 'lr'], ['l?'])).toEqual(['legal lower']);
  });

  test('take the column of ids', () => {
    const given = { weights: ['phase_0_*'], targets: ['legal'] };
    expect(study(given).ids).toEqual(['n0', 'n1']);
    expect(study({ ...given, id: 'label' }).ids).toEqual(['l0', 'l1']);
  });

  test('turn a target by its column, its id or its name', () => {
    const given = { weights: ['phase_0_*'], targets: ['legal', 'hellaswag*'] };
    const turned = (target: string) =>
      study({ ...given, directions: [{ target, direction: 'higher' }] }).targets;
    for (const name of ['legal', 'Legal', 'leg*']) {
      expect(turned(name)).toEqual(['hellaswag/acc,none higher', 'legal higher']);
    }
    const both = study({ ...given, directions: [{ target: '*', direction: 'lower' }] }).targets;
    expect(both).toEqual(['hellaswag/acc,none lower', 'legal lower']);
  });

  test('say by whom a direction was decided', () => {
    const found = recognise(
      tablesOf({ 'w.csv': 'run,a,b,legal\n1,0.2,0.8,3\n2,0.3,0.7,4\n3,0.5,0.5,5\n' }),
    );
    const turn = (direction: 'lower' | 'higher') =>
      corrected(found, { directions: [{ target: 'legal', direction }] }).files[0].columns[3];
    expect(found.files[0].columns[3]).toMatchObject({ direction: 'lower', directionBy: 'nothing' });
    expect(turn('lower')).toMatchObject({ direction: 'lower', directionBy: 'user' });
    expect(turn('higher')).toMatchObject({ direction: 'higher', directionBy: 'user' });
  });

  test.each([
    [{ weights: ['phase_2_*'] }, 'phase_2_*', '--weights-columns'],
    [{ targets: ['legal,mmlu'] }, 'mmlu', '--targets'],
    [{ drop: ['nothing'] }, 'nothing', '--drop'],
    [{ id: 'run' }, 'run', '--id'],
    [{ directions: [{ target: 'mmlu', direction: 'higher' }] }, 'mmlu', '--higher'],
    [{ directions: [{ target: 'mmlu', direction: 'lower' }] }, 'mmlu', '--lower'],
  ] as const)('refuse a name that no column has: %o', (corrections, name, option) => {
    const error = refusal(() => study(corrections));
    expect(error.message).toContain(`"${name}"`);
    expect(error.advice).toContain('legal');
    expect(error.option).toBe(option);
  });

  test('refuse both ways for one target', () => {
    const directions = [
      { target: 'legal', direction: 'lower' },
      { target: 'Legal', direction: 'higher' },
    ] as const;
    const given = { weights: ['phase_0_*'], targets: ['legal'], directions };
    expect(refusal(() => study(given)).message).toContain('legal');
  });
});

describe('what is missing', () => {
  const weights = `run,train_web,train_code\n${rows.map((row) => `${row},0.${row},${(10 - row) / 10}`).join('\n')}\n`;
  const losses = `run,web_val_loss\n${rows.map((row) => `${row},${3 + row}`).join('\n')}\n`;
  const found = (files: Readonly<Record<string, string>>) => recognise(tablesOf(files));

  test('is named by what it holds', () => {
    expect(missingPart(found({ 'mix.csv': weights }))).toMatch(
      /^mix\.csv has the weights of 10 runs; add a file with their losses or scores\.$/,
    );
    expect(missingPart(found({ 'loss.csv': losses }))).toMatch(
      /^loss\.csv has the target values of 10 runs; add a file with their domain weights\.$/,
    );
    expect(missingPart(found({ 'notes.csv': 'title,text\na,b\n' }))).toMatch(/Mark the columns/);
    expect(missingPart(found({ 'mix.csv': weights, 'loss.csv': losses }))).toBeNull();
  });

  test('is named of two files together', () => {
    expect(missingPart(found({ 'a.csv': weights, 'b.csv': weights }))).toMatch(
      /^a\.csv and b\.csv have the weights of 20 runs;/,
    );
  });

  test('is a half of a set that its file does not have, and a set at all', () => {
    const both = found({ 'mix.csv': weights, 'loss.csv': losses });
    expect(missingPart(withSet(both, 0, { mixtures: 1 }))).toMatch(
      /^loss\.csv has no weights for the set “training”/,
    );
    expect(missingPart(withSet(both, 0, { losses: 0 }))).toMatch(
      /^mix\.csv has no target values for the set “training”/,
    );
    expect(missingPart(withSet(both, 0, { role: 'unused' }))).toMatch(/^No set of runs is used/);
  });

  test('is no longer when its columns are marked', () => {
    const alone = found({ 'mix.csv': weights });
    const wide = withColumnRole(alone, 0, 2, 'target');
    expect(missingPart(wide)).toBeNull();
    expect(wide.sets).toEqual([{ name: 'training', role: 'training', mixtures: 0, losses: 0 }]);
    expect(doubtfulTargets(wide).map(({ header }) => header)).toEqual(['train_code']);
  });
});

describe('the line on what was recognised', () => {
  const weights = `run,train_web,train_code\n${rows.map((row) => `${row},0.${row},${(10 - row) / 10}`).join('\n')}\n`;
  const losses = `run,web_val_loss\n${rows.map((row) => `${row},${3 + row}`).join('\n')}\n`;
  const pairOf = (name: string) => ({
    [`${name}_mixture.csv`]: weights,
    [`${name}_loss.csv`]: losses,
  });
  const found = (files: Readonly<Record<string, string>>) => recognise(tablesOf(files));

  test('counts training and test runs, domains and targets', () => {
    expect(summaryOf(found(pairOf('train')))).toBe('10 runs, 2 domains, 1 target');
    const two = found({ ...pairOf('train'), ...pairOf('test') });
    expect(summaryOf(two)).toBe('10 train + 10 test, 2 domains, 1 target');
    const three = found({ ...pairOf('train'), ...pairOf('test'), ...pairOf('test_1b') });
    expect(summaryOf(three)).toBe('10 train + 20 test in 2 sets, 2 domains, 1 target');
    expect(summaryOf(withPurpose(three, 'tests'))).toBe(
      '30 test runs in 3 sets, 2 domains, 1 target',
    );
  });

  test('is not made of files that cannot be used', () => {
    expect(summaryOf(found({ 'mix.csv': weights }))).toBe('');
  });
});
