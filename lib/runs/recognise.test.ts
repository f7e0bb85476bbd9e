import { describe, expect, test } from 'vitest';
import { recognise } from './recognise';
import { fileKind, withColumnRole, withDirection, withSet } from './recognition';
import { tablesOf } from './runs.fixture';

function seen(files: Record<string, string>, joinsStudy = false) {
  const recognition = recognise(tablesOf(files), joinsStudy);
  return {
    kinds: recognition.files.map(fileKind),
    roles: recognition.files.map(({ columns }) => columns.map(({ role }) => role).join(' ')),
    sets: recognition.sets.map(({ name, role, mixtures, losses }) => [
      name,
      role,
      mixtures,
      losses,
    ]),
  };
}

const rows = (count: number, row: (run: number) => string) =>
  Array.from({ length: count }, (_, run) => row(run)).join('\n');
const mixtures = (count: number) =>
  `index,train_web,train_code\n${rows(count, (run) => `${run},0.25,0.75`)}\n`;
const losses = (count: number) =>
  `index,metric/web_val_loss\n${rows(count, (run) => `${run},3.${run}`)}\n`;

test("RegMix's pair", () => {
  expect(seen({ 'loss.csv': losses(9), 'mixture.csv': mixtures(9) })).toEqual({
    kinds: ['losses', 'mixtures'],
    roles: ['id target', 'id domain domain'],
    sets: [['training', 'training', 1, 0]],
  });
});

test("olmix's pair: metadata skipped, joined on run", () => {
  const ratios = `run,name,index,dclm,wiki,code\n${rows(9, (run) => `hz${run},swarm-${run},${run},0.5,0.3,0.2`)}\n`;
  const metrics = `run,name,index,arc_bpb,mmlu_bpb\n${rows(9, (run) => `hz${run},swarm-${run},${run},1.2,0.9`)}\n`;
  expect(seen({ 'ratios.csv': ratios, 'metrics.csv': metrics })).toEqual({
    kinds: ['mixtures', 'losses'],
    roles: ['id ignored ignored domain domain domain', 'id ignored ignored target target'],
    sets: [['training', 'training', 0, 1]],
  });
});

test('id columns of other names than their partner agree on what they share', () => {
  const a = `index,name,web,code\n${rows(9, (run) => `${run},swarm-${run},0.5,0.5`)}\n`;
  const b = `run,name,web_loss\n${rows(9, (run) => `hz${run},swarm-${run},3.${run}`)}\n`;
  expect(seen({ 'mix.csv': a, 'loss.csv': b }).roles).toEqual([
    'ignored id domain domain',
    'ignored id target',
  ]);
});

describe('wide files', () => {
  test('weights by prefix, extra text and counters ignored', () => {
    const text = `id,user,seed,train_web,train_code,web_loss,hellaswag,_runtime\n${rows(9, (run) => `r${run},me,1,0.5,0.5,3.1,0.4,12`)}\n`;
    expect(seen({ 'sweep.csv': text })).toEqual({
      kinds: ['wide'],
      roles: ['id ignored ignored domain domain target target ignored'],
      sets: [['training', 'training', 0, 0]],
    });
  });

  test('weights with bare names, by what sums to 1', () => {
    const text = `id,web,code,books,hellaswag,arc\n${rows(9, (run) => `r${run},0.${run},${(10 - run) / 10},0,0.3${run},0.4${run}`)}\n`;
    expect(seen({ 'sweep.csv': text }).roles).toEqual(['id domain domain domain target target']);
  });

  test('a train_loss is a target, not a domain', () => {
    const text = `id,train_web,train_code,train_loss\n${rows(9, (run) => `r${run},0.5,0.5,0.4`)}\n`;
    expect(seen({ 'sweep.csv': text }).roles).toEqual(['id domain domain target']);
  });
});

test('a domain called id is a domain: Indonesian', () => {
  const text = `run,en,id,zh,en_loss\n${rows(9, (run) => `r${run},0.5,0.3,0.2,3.1`)}\n`;
  expect(seen({ 'sweep.csv': text }).roles).toEqual(['id domain domain domain target']);
});

test('accuracies from 0 to 1 are not taken for weights', () => {
  const scores = `run,hellaswag,piqa\n${rows(9, (run) => `${run},0.${run},0.2`)}\n`;
  const weights = `run,web,code\n${rows(9, (run) => `${run},0.${run},${(10 - run) / 10}`)}\n`;
  expect(seen({ 'a.csv': scores, 'b.csv': weights }).kinds).toEqual(['losses', 'mixtures']);
});

test('weights in percent and weights that are wrong are still weights, to be refused by name', () => {
  const percent = `run,web,code\n${rows(9, (run) => `${run},${run},${100 - run}`)}\n`;
  const wrong = `run,web,code\n${rows(9, (run) => `${run},-0.5,0.7`)}\n`;
  expect(seen({ 'a.csv': percent, 'loss.csv': losses(9) }).kinds).toEqual(['mixtures', 'losses']);
  expect(seen({ 'mixtures.csv': wrong, 'loss.csv': losses(9) }).kinds).toEqual([
    'mixtures',
    'losses',
  ]);
});

describe('several sets', () => {
  const names = [
    'test_mixture_60m.csv',
    'train_pile_loss_1m.csv',
    'test_pile_loss_1m.csv',
    'test_mixture_1B.csv',
    'train_mixture_1m.csv',
    'test_pile_loss_1B.csv',
    'test_mixture_1m.csv',
    'test_pile_loss_60m.csv',
  ];
  const files = Object.fromEntries(
    names.map((name) => {
      const count = name.startsWith('train') ? 40 : name.includes('1B') ? 10 : 20;
      return [name, name.includes('mixture') ? mixtures(count) : losses(count)];
    }),
  );

  test('are paired by name and named by scale, though all share their ids', () => {
    expect(seen(files).sets).toEqual([
      ['60M test', 'test', 0, 7],
      ['1B test', 'test', 3, 5],
      ['training', 'training', 4, 1],
      ['1M test', 'test', 6, 2],
    ]);
  });

  test('without one that trains, and to join a study, are all tests', () => {
    const tests = Object.fromEntries(
      Object.entries(files).filter(([name]) => /^test.*(60m|1B)/.test(name)),
    );
    expect(seen(tests).sets.map(([, role]) => role)).toEqual(['test', 'test']);
    expect(seen({ 'mix.csv': mixtures(9), 'loss.csv': losses(9) }, true).sets).toEqual([
      ['test', 'test', 0, 1],
    ]);
  });

  test('validation losses do not make a test set', () => {
    const { sets } = seen({
      'mixture_a.csv': mixtures(9),
      'valid_loss_a.csv': losses(9),
      'mixture_heldout.csv': mixtures(9),
      'valid_loss_heldout.csv': losses(9),
    });
    expect(sets).toEqual([
      ['training', 'training', 0, 1],
      ['heldout test', 'test', 2, 3],
    ]);
  });

  test('of the same name get a number', () => {
    const { sets } = seen({
      'train_mixture.csv': mixtures(20),
      'train_loss.csv': losses(20),
      'test/mixture.csv': mixtures(9),
      'test/loss.csv': losses(9),
      'test/mix.csv': mixtures(9),
      'test/metrics.csv': losses(9),
    });
    expect(sets.map(([name]) => name)).toEqual(['training', 'test', 'test 2']);
  });
});

test('a file that is neither is in no set', () => {
  expect(seen({ 'notes.csv': 'title,text\na,b\nc,d\n' })).toMatchObject({
    kinds: ['unknown'],
    sets: [],
  });
});

describe('corrections by hand', () => {
  const recognition = recognise(tablesOf({ 'mixture.csv': mixtures(9), 'loss.csv': losses(9) }));

  test('leave what they correct untouched', () => {
    const before = structuredClone(recognition);
    withColumnRole(recognition, 0, 1, 'id');
    withDirection(recognition, 1, 1, 'higher');
    withSet(recognition, 0, { role: 'test' });
    expect(recognition).toEqual(before);
  });

  test('a file has one id column', () => {
    const { columns } = withColumnRole(recognition, 0, 1, 'id').files[0];
    expect(columns.map(({ role }) => role)).toEqual(['ignored', 'id', 'domain']);
  });

  test('a study has one training set', () => {
    const two = {
      ...recognition,
      sets: [...recognition.sets, { ...recognition.sets[0], name: 'b' }],
    };
    expect(withSet(two, 1, { role: 'training' }).sets.map(({ role }) => role)).toEqual([
      'test',
      'training',
    ]);
  });

  test('direction', () => {
    expect(withDirection(recognition, 1, 1, 'higher').files[1].columns[1].direction).toBe('higher');
  });
});
