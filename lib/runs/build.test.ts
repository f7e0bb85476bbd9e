import { describe, expect, test } from 'vitest';
import { rowOf } from '../model/matrix';
import { withColumnRole } from './recognition';
import { filler, pair, refusal, studyOf, wide, wideHeader } from './runs.fixture';

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

  test('rows near 1 are renormalised and counted, their recorded weights stored', () => {
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

  test('a weight that rounding left above 1 is 1, as a saved study may hold', () => {
    const { training } = studyOf({ 'a.csv': wide('x,1.0000000000000002,0,3', ...filler) });
    expect(training && rowOf(training.mixtures, 0)).toEqual(Float64Array.of(1, 0));
  });

  test('an empty loss is not measured; a target without any is left out; a constant one stays', () => {
    const rows = filler.map((row, run) => `${row},,1,${run < 3 ? '' : 2}`);
    const { training, targets, notes } = studyOf({
      'a.csv': `${wideHeader},code_loss,flat_loss,some_loss\n${rows.join('\n')}\n`,
    });
    expect(targets.map(({ id }) => id)).toEqual(['web', 'flat', 'some']);
    expect(training && rowOf(training.losses, 0)).toEqual(Float64Array.of(3, 1, Number.NaN));
    expect(notes).toMatchObject([
      { kind: 'empty-target', subject: 'code_loss' },
      { kind: 'unmeasured', count: 3 },
    ]);
  });

  test.each(['NaN', 'nan', 'inf', '-Inf', 'Infinity'])(
    'a loss that diverged, written %s, is not measured, and that is said',
    (text) => {
      const { training, notes } = studyOf({ 'a.csv': wide(`x,0.5,0.5,${text}`, ...filler) });
      expect(training?.ids[0]).toBe('x');
      expect(training && rowOf(training.losses, 0)).toEqual(Float64Array.of(Number.NaN));
      expect(notes).toMatchObject([
        { kind: 'unmeasured', count: 1 },
        { kind: 'failed', count: 1 },
      ]);
      expect(notes[0].text).toBe('1 cell of a.csv is empty, NaN or infinite: not measured.');
    },
  );

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

test.each([
  ['train_the_pile_arxiv,train_the_pile_github', ['train_the_pile_arxiv', 'train_the_pile_github']],
  ['mix_web,mix_code', ['mix_web', 'mix_code']],
  ['web,code', [undefined, undefined]],
  // The keys of a dictionary and the domains of a long table are the names; what leads to them is not.
  ['mixture.web,mixture.code', [undefined, undefined]],
  ['config.data.weights.dclm.web,config.data.weights.dclm.code', ['dclm.web', 'dclm.code']],
  ['weight/web,weight/code', [undefined, undefined]],
])('the domains %s keep their names in the file', (header, columns) => {
  const rows = Array.from({ length: 8 }, (_, run) => `${run},0.5,0.5,3.${run}`).join('\n');
  const { domains } = studyOf({ 'sweep.csv': `run,${header},web_loss\n${rows}\n` });
  expect(domains.map(({ column }) => column)).toEqual(columns);
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
