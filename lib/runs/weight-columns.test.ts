import { describe, expect, test } from 'vitest';
import { runJob } from '../model/job';
import { rowOf } from '../model/matrix';
import { createRandomStream, type RandomStream } from '../model/random';
import { buildStudyRuns } from './build';
import { recognise } from './recognise';
import { type Recognition, withGroup } from './recognition';
import { refusal, studyOf, tablesOf } from './runs.fixture';

/** Shares of 24 runs that sum to 1, in thousandths. */
function shares(domains: number, random: RandomStream): number[][] {
  return Array.from({ length: 24 }, () => {
    const parts = Array.from({ length: domains }, () => random.exponential() + 0.01);
    const sum = parts.reduce((total, part) => total + part, 0);
    const weights = parts.map((part) => Math.floor((1000 * part) / sum));
    weights[0] += 1000 - weights.reduce((total, weight) => total + weight, 0);
    return weights;
  });
}

const runs = shares(3, createRandomStream(7));
type Cell = (run: number) => string | number;
const share =
  (domain: number): Cell =>
  (run) =>
    runs[run][domain] / 1000;
const [web, code, math] = [0, 1, 2].map(share);
const loss: Cell = (run) => (3 - runs[run][0] / 2000).toFixed(4);

/** A table of 24 runs from its columns in order. */
function csv(columns: Readonly<Record<string, Cell>>): string {
  const rows = runs.map((_, run) => Object.values(columns).map((cell) => cell(run)));
  return [['run', ...Object.keys(columns)], ...rows.map((row, run) => [`r${run}`, ...row])]
    .map((row) => row.map((cell) => (/,/.test(String(cell)) ? `"${cell}"` : cell)).join(','))
    .join('\n');
}

function roles(columns: Readonly<Record<string, Cell>>, name = 'sweep.csv') {
  const [file] = recognise(tablesOf({ [name]: csv(columns) })).files;
  const of = (role: string) =>
    file.columns.filter((column) => column.role === role).map(({ header }) => header);
  return { domains: of('domain'), targets: of('target'), groups: file.groups };
}

const constant =
  (value: number): Cell =>
  () =>
    value;
const whole: Cell = (run) => (run * 7) % 5;

describe('weights among other columns', () => {
  test.each<[string, Readonly<Record<string, Cell>>, string[]]>([
    ['before', { dropout: constant(0), web, code, math, web_loss: loss }, ['web', 'code', 'math']],
    [
      'after',
      { web, code, math, aux_share: constant(0.01), off: constant(0), web_loss: loss },
      ['web', 'code', 'math'],
    ],
    [
      'between',
      { web, lr: (run) => (run % 2 ? 0.001 : 0.0005), code, seed: whole, math, web_loss: loss },
      ['web', 'code', 'math'],
    ],
    [
      'between, under names of which nothing is known',
      { web, foo: (run) => ((run * 13) % 17) / 20, code, bar: constant(0.3), math, web_loss: loss },
      ['web', 'code', 'math'],
    ],
    [
      'one of them constant',
      {
        books: constant(0.2),
        foo: (run) => ((run * 13) % 17) / 20,
        web: (run) => (0.8 * runs[run][0]) / 1000,
        code: (run) => (0.8 * (runs[run][1] + runs[run][2])) / 1000,
        web_loss: loss,
      },
      ['books', 'web', 'code'],
    ],
    [
      'called like counters and parts of a study',
      { step: web, tokens: code, test: math, n_gpus: constant(8), web_loss: loss },
      ['step', 'tokens', 'test'],
    ],
    [
      'under the beginning of settings',
      {
        'config.dropout': constant(0),
        'config.mix_web': web,
        'config.lr': constant(0.001),
        'config.mix_code': code,
        'config.mix_math': math,
        'config.mix_adult': constant(0),
        val_loss: loss,
      },
      ['config.mix_web', 'config.mix_code', 'config.mix_math', 'config.mix_adult'],
    ],
    [
      'without a beginning of their own among settings',
      {
        'config.adam_beta2': constant(0.95),
        'config.web': web,
        'config.code': code,
        'config.foo': constant(0.1),
        'config.math': math,
        val_loss: loss,
      },
      ['config.web', 'config.code', 'config.math'],
    ],
    [
      'with an end that says so',
      {
        web_weight: web,
        code_weight: code,
        math_weight: math,
        x_weight: constant(0),
        val_loss: loss,
      },
      ['web_weight', 'code_weight', 'math_weight', 'x_weight'],
    ],
    [
      'with zeros that a measure names',
      { web, code, math, adult: constant(0), off: constant(0), adult_loss: loss },
      ['web', 'code', 'math', 'adult'],
    ],
    [
      'in percent beside unnamed scores',
      {
        web: (run) => runs[run][0] / 10,
        code: (run) => runs[run][1] / 10,
        math: (run) => runs[run][2] / 10,
        zebra: (run) => (0.3 + runs[run][0] / 4000).toFixed(3),
      },
      ['web', 'code', 'math'],
    ],
    [
      'as counts beside unnamed scores',
      {
        web_tokens: (run) => runs[run][0] * 1e6,
        code_tokens: (run) => runs[run][1] * 1e6,
        n_gpus: constant(8),
        math_tokens: (run) => runs[run][2] * 1e6,
        _timestamp: (run) => 1_770_000_000 + run,
        zebra: (run) => (0.3 + runs[run][0] / 4000).toFixed(3),
      },
      ['web_tokens', 'code_tokens', 'math_tokens'],
    ],
  ])('%s', (_, columns, domains) => {
    expect(roles(columns).domains).toEqual(domains);
  });

  test('stay domains where no run has any, in a file of mixtures', () => {
    const found = roles({ web, code, math, adult: constant(0), dropout: constant(0) }, 'mix.csv');
    expect(found.domains).toEqual(['web', 'code', 'math', 'adult']);
  });

  test('are not columns that are empty', () => {
    const blank: Cell = () => '';
    const found = roles({
      train_web: web,
      train_code: code,
      train_math: math,
      train_x: blank,
      Tags: blank,
      web_loss: loss,
    });
    expect(found.domains).toEqual(['train_web', 'train_code', 'train_math']);
    expect(found.targets).toEqual(['web_loss']);
  });
});

describe('targets among other columns', () => {
  const weights = { 'mix.web': web, 'mix.code': code, 'mix.math': math };

  test.each<[string, Readonly<Record<string, Cell>>, string[]]>([
    [
      'no settings, costs and counters',
      {
        _step: constant(1000),
        _runtime: (run) => 3600 + run / 7,
        'train/grad_norm': (run) => 0.4 + run / 100,
        'train/loss': loss,
        'eval/loading_time': (run) => run / 9,
        eval_samples_per_second: (run) => 40 + run / 9,
        'eval/web_loss': loss,
        gpu_hours: (run) => 1 + run / 7,
        model_size: constant(1e8),
      },
      ['eval/web_loss'],
    ],
    ['a training loss where there is no other', { 'train/loss': loss, lr: whole }, ['train/loss']],
    [
      'no errors of measurement',
      { 'x/acc,none': loss, 'x/acc_stderr,none': loss, web_loss_std: loss },
      ['x/acc,none'],
    ],
    [
      'numbers without a name, unless they look like settings',
      {
        web_loss: loss,
        zebra: loss,
        horses: whole,
        cows: constant(0.5),
        oxen: (run) => 4000 + run / 3,
      },
      ['web_loss', 'zebra'],
    ],
    [
      'names that an evaluation gives',
      {
        'eval/paloma/c4_en/bpb': loss,
        'lm_eval/mmlu_5shot/choice_logprob': (run) => -1 - run / 30,
      },
      ['eval/paloma/c4_en/bpb', 'lm_eval/mmlu_5shot/choice_logprob'],
    ],
  ])('%s', (_, columns, targets) => {
    expect(roles({ ...weights, ...columns })).toMatchObject({
      domains: Object.keys(weights),
      targets,
    });
  });

  test('say which columns are ignored in doubt', () => {
    const text = csv({ ...weights, web_loss: loss, horses: whole, off: constant(0.5) });
    expect(recognise(tablesOf({ 'a.csv': text })).notes).toMatchObject([
      { kind: 'ignored', subject: 'a.csv', count: 2 },
    ]);
  });
});

describe('two groups of weights', () => {
  const other = shares(3, createRandomStream(8));
  const later =
    (domain: number): Cell =>
    (run) =>
      other[run][domain] / 1000;
  const phases = (first: (domain: string) => string, second: (domain: string) => string) => ({
    [first('web')]: web,
    [first('code')]: code,
    [first('math')]: math,
    [second('web')]: later(0),
    [second('code')]: later(1),
    [second('math')]: later(2),
    'eval/bpb': loss,
  });

  test.each<[(domain: string) => string, (domain: string) => string, string, string]>([
    [(domain) => `phase_0_${domain}`, (domain) => `phase_1_${domain}`, 'phase_0_*', 'phase_1_*'],
    [
      (domain) => `pretrain.${domain}`,
      (domain) => `midtrain.${domain}`,
      'pretrain.*',
      'midtrain.*',
    ],
    [(domain) => `stage1/${domain}`, (domain) => `stage2/${domain}`, 'stage1/*', 'stage2/*'],
    [(domain) => `${domain}_early`, (domain) => `${domain}_late`, '*_early', '*_late'],
    [(domain) => domain, (domain) => `anneal_${domain}`, 'web, code, math', 'anneal_*'],
  ])('%# are refused by name, and one can be chosen', (first, second, name, last) => {
    const columns = phases(first, second);
    const files = { 'swarm.csv': csv(columns) };
    expect(roles(columns).groups).toEqual([
      { name, columns: [1, 2, 3] },
      { name: last, columns: [4, 5, 6] },
    ]);
    const error = refusal(() => studyOf(files));
    expect(error.message).toBe(
      `swarm.csv: found two groups of weights: ${name} (3 columns) and ${last} (3 columns), expected one.`,
    );
    expect(error).toMatchObject({ advice: 'Choose one group.', option: '--weights-columns' });

    const chosen = studyOf(files, undefined, (recognition) =>
      withGroup(recognition, 0, recognition.files[0].groups[1]),
    );
    expect(chosen.domains).toHaveLength(3);
    expect(chosen.targets).toHaveLength(1);
    expect(chosen.training && rowOf(chosen.training.mixtures, 0)).toEqual(
      Float64Array.from(other[0], (weight) => weight / 1000),
    );
  });

  test('are one where the other holds the same weights or never changes', () => {
    const columns = {
      ...phases(
        (domain) => `a_${domain}`,
        (domain) => `b_${domain}`,
      ),
    };
    const same = { ...columns, b_web: web, b_code: code, b_math: math };
    const fixed = {
      ...columns,
      b_web: constant(0.5),
      b_code: constant(0.25),
      b_math: constant(0.25),
    };
    for (const found of [roles(same), roles(fixed)]) {
      expect(found).toMatchObject({ domains: ['a_web', 'a_code', 'a_math'], groups: [] });
      expect(found.targets).toEqual(['eval/bpb']);
    }
  });

  test('may be of a file of mixtures that is joined with one of losses', () => {
    const { 'eval/bpb': _, ...weights } = phases(
      (d) => `phase_0_${d}`,
      (d) => `phase_1_${d}`,
    );
    const files = { 'mix.csv': csv(weights), 'loss.csv': csv({ web_loss: loss }) };
    expect(refusal(() => studyOf(files)).file).toBe('mix.csv');
    const take = (recognition: Recognition) => withGroup(recognition, 0, { columns: [1, 2, 3] });
    expect(studyOf(files, undefined, take).training?.ids).toHaveLength(24);
  });
});

describe('runs of several scales', () => {
  const weights = { train_web: web, train_code: code, train_math: math, web_loss: loss };

  test.each<[string, Cell, string]>([
    ['model_size', (run) => [1e8, 3e8, 1e9][run % 3], '3 scales (100,000,000 to 1,000,000,000)'],
    ['n_tokens', (run) => [2e9, 2e10][run % 2], '2 scales'],
    ['group', (run) => ['70M', '410M', '1B'][run % 3], '3 scales (70,000,000 to 1,000,000,000)'],
  ])('%s are refused', (name, cell, found) => {
    const error = refusal(() => studyOf({ 'a.csv': csv({ [name]: cell, ...weights }) }));
    expect(error).toMatchObject({ file: 'a.csv', column: name });
    expect(error.message).toContain(found);
  });

  test.each<[string, Cell]>([
    ['model_size', constant(1e8)],
    ['tokens', (run) => 2e9 + run],
    ['group', (run) => `70${run % 2 ? 'M' : ' small'}`],
  ])('are not what %s says here', (name, cell) => {
    const { training } = studyOf({ 'a.csv': csv({ [name]: cell, ...weights }) });
    expect(training?.ids).toHaveLength(24);
  });
});

test('columns that the user takes for weights make a set where there was none', () => {
  const text = csv({ a: (run) => 1 + run / 3, b: (run) => 2 - run / 30, web_loss: loss });
  const tables = tablesOf({ 'a.csv': text });
  const recognition = recognise(tables);
  expect(recognition.sets).toEqual([]);
  const taken = withGroup(recognition, 0, { columns: [1, 2] });
  expect(taken.sets).toEqual([{ name: 'training', role: 'training', mixtures: 0, losses: 0 }]);
  expect(
    refusal(() => runJob(buildStudyRuns(tables, taken, { acceptUnpaired: false }))).message,
  ).toContain('row 2');
});

test('a file without weights says which columns were looked at and why they are none', () => {
  const error = refusal(() =>
    studyOf({
      'a.csv': csv({
        train: constant(1),
        web,
        code: (run) => runs[run][1] / 1000 + (run % 3) / 5,
        math,
        web_loss: loss,
      }),
    }),
  );
  expect(error).toMatchObject({ file: 'a.csv', row: 3, option: '--weights-columns' });
  expect(error.message).toContain('"web", "code" and "math", which sum to 1.2 here');
});

describe('weights as people write them', () => {
  const written = (
    cell: (weight: number, run: number, domain: number) => string | number,
    prefix = '',
  ) =>
    csv({
      [`${prefix}web`]: (run) => cell(runs[run][0], run, 0),
      [`${prefix}code`]: (run) => cell(runs[run][1], run, 1),
      [`${prefix}math`]: (run) => cell(runs[run][2], run, 2),
      web_loss: loss,
    });
  const read = (text: string) => {
    const { training, notes } = studyOf({ 'a.csv': text });
    const mixtures = training?.mixtures.values ?? new Float64Array();
    const off = runs.flat().map((weight, at) => Math.abs(weight / 1000 - mixtures[at]));
    return {
      off: Math.max(...off),
      training,
      kinds: notes.map(({ kind, count }) => [kind, count]),
    };
  };

  test.each<[string, (weight: number, run: number, domain: number) => string | number, unknown[]]>([
    ['percent', (weight) => weight / 10, [['converted', 3]]],
    ['counts of tokens', (weight) => weight * 1e6, [['converted', 3]]],
    [
      'counts of runs of different lengths',
      (weight, run) => weight * (run + 1) * 1e5,
      [['converted', 3]],
    ],
    [
      'counts that are about alike',
      (weight, run) => weight * (1e6 + run) + 0.5,
      [['converted', 3]],
    ],
  ])('%s are read as shares with a note', (_, cell, kinds) => {
    const found = read(written(cell));
    expect(found.off).toBeLessThan(1e-5);
    expect(found.kinds).toEqual(kinds);
  });

  test.each(['', 'NaN', 'n/a', 'None', '-'])(
    '%j is 0 where the rest sums to the whole',
    (blank) => {
      const sparse = (scale: number) => (run: number, domain: number) => {
        const weights = [runs[run][0] + runs[run][1], 0, runs[run][2]];
        return run % 2 === 0 && domain === 1
          ? blank
          : (scale * (run % 2 === 0 ? weights : runs[run])[domain]) / 1000;
      };
      for (const scale of [1, 100, 1e9]) {
        const cell = sparse(scale);
        const { training, notes } = studyOf({
          'a.csv': written((_, run, domain) => cell(run, domain)),
        });
        expect(training && rowOf(training.mixtures, 0)[1]).toBe(0);
        expect(notes).toContainEqual(
          expect.objectContaining({ kind: 'blank-weights', count: 12, subject: 'training' }),
        );
      }
    },
  );

  test.each<[string, (weight: number, run: number, domain: number) => string | number, RegExp]>([
    ['a row of percent among shares', (w, run) => (run === 4 ? w / 10 : w / 1000), /row 6/],
    [
      'a row of shares among percent',
      (w, run) => (run === 4 ? w / 1000 : w / 10),
      /row 6.*99 to 101/,
    ],
    [
      'a row of shares among counts',
      (w, run) => (run === 4 ? w / 1000 : w * 1e6),
      /row 6.*token counts/,
    ],
    ['a row of zeros', (w, run) => (run === 4 ? 0 : w / 1000), /row 6: found no weight above 0/],
    ['a row of blanks', (w, run) => (run === 4 ? '' : w / 1000), /row 6: found no weights/],
    [
      'a blank whose row lacks it',
      (w, run, domain) => (run === 4 && domain === 0 ? '' : w / 1000),
      /row 6, column "train_web": found an empty cell/,
    ],
    ['a negative weight', (w, run) => (run === 4 ? -w / 1000 : w / 1000), /row 6/],
  ])('%s is refused with its row', (_, cell, message) => {
    expect(refusal(() => studyOf({ 'a.csv': written(cell, 'train_') })).message).toMatch(message);
  });

  test('many weights rounded to two decimals are renormalised; such sums of finer ones are not', () => {
    const many = shares(17, createRandomStream(3));
    const text = (decimals: number, factor: number) =>
      csv({
        ...Object.fromEntries(
          many[0].map((_, domain): [string, Cell] => [
            `train_d${domain}`,
            (run) => ((factor * many[run][domain]) / 1000).toFixed(decimals),
          ]),
        ),
        web_loss: loss,
      });
    const { training, notes } = studyOf({ 'a.csv': text(2, 1) });
    const first = Array.from(training ? rowOf(training.mixtures, 0) : []);
    expect(first.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(notes).toMatchObject([{ kind: 'renormalised' }]);
    expect(notes[0].text).toContain('0.97 to 1.03');
    // A domain of 2% is missing.
    for (const decimals of [2, 4]) {
      expect(refusal(() => studyOf({ 'a.csv': text(decimals, 0.98) })).message).toContain(
        'sum to 0.9',
      );
    }
  });
});

/** Names of domains, those of counters, parts of a study and languages among them. */
const names = 'web code math wiki id tokens step test eval train books dark_web cc_head x1'.split(
  ' ',
);
const beginnings = [
  '',
  'train_',
  'mix_',
  'weights/',
  'Mixture/',
  'config.data.weights.',
  'data.mix_',
  'phase_0_',
  'train_the_pile_',
  'sweep:mixture:',
  'proportion_domain_',
];
const side: Readonly<Record<string, (random: RandomStream) => Cell>> = {
  lr: () => constant(0.001),
  dropout: () => constant(0),
  'config.dropout': () => constant(0),
  'config.weight_decay': () => constant(0.1),
  warmup_frac: () => constant(0.01),
  label_smoothing: () => (run) => (run % 3) / 20,
  seed: () => whole,
  adam_beta1: () => constant(0.9),
  'config.adam_beta2': () => constant(0.95),
  n_gpus: () => constant(8),
  tokens_per_second: (random) => () => (5e4 + 1e3 * random.uniform()).toFixed(1),
  _timestamp: () => (run) => 1_770_000_000 + run,
  'train/grad_norm': (random) => () => (0.3 + random.uniform()).toFixed(3),
  'train/loss': () => loss,
  Tags: () => () => '',
  group: () => (run) => `g${run % 2}`,
  'x/acc_stderr,none': () => constant(0.01),
  quux: () => constant(0.02),
  off: () => constant(0),
};

test('the same weights are found whatever their names, their notation and what stands beside them', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = createRandomStream(seed);
    random.uniform();
    const pick = <Item>(list: readonly Item[]) => list[Math.floor(random.uniform() * list.length)];
    const shuffled = <Item>(list: readonly Item[]) =>
      list
        .map((item) => ({ item, place: random.uniform() }))
        .sort((a, b) => a.place - b.place)
        .map(({ item }) => item);
    const prefix = pick(beginnings);
    const domains = shuffled(names).slice(0, 2 + Math.floor(random.uniform() * 8));
    const weights = shares(domains.length, random);
    // Runs of one length: a row of shares says nothing of it.
    const scale = pick([1 / 1000, 1 / 1000, 1 / 10, 1e6]);
    const beside = shuffled(Object.keys(side)).slice(0, Math.floor(random.uniform() * 8));
    const columns = domains.map((name, domain): [string, Cell] => [
      `${prefix}${name}`,
      (run) => Number((weights[run][domain] * scale).toPrecision(12)),
    ]);
    const others = beside.map((name): [string, Cell] => [name, side[name](random)]);
    const results: [string, Cell][] = [['eval/web_loss', loss]];
    const blocks = shuffled([columns, others, results]);
    const ordered = random.uniform() < 0.5 ? blocks.flat() : shuffled(blocks.flat());
    const found = roles(Object.fromEntries(ordered));
    const expected = ordered
      .map(([name]) => name)
      .filter((name) => columns.some(([of]) => of === name));
    expect(found, `seed ${seed}: ${ordered.map(([name]) => name)}`).toMatchObject({
      domains: expected,
      targets: ['eval/web_loss'],
      groups: [],
    });
  }
});
