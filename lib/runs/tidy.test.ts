import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runJob } from '../model/job';
import { createRandomStream, type RandomStream } from '../model/random';
import { RunsError } from './errors';
import { createRunsReader } from './reader';
import type { StudyRuns } from './recognition';

type Files = Readonly<Record<string, string>>;

async function read(files: Files): Promise<StudyRuns> {
  const reader = createRunsReader();
  const named = Object.entries(files).map(([name, text]) => ({ name, text }));
  const recognition = runJob(await reader.read(named));
  return runJob(reader.build({ recognition, options: { acceptUnpaired: false } }));
}

async function refusal(files: Files): Promise<RunsError> {
  const error: unknown = await read(files).then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  );
  if (error instanceof RunsError) return error;
  throw error;
}

/** A run of three domains and two targets. */
interface Run {
  readonly id: string;
  readonly weights: readonly number[];
  readonly losses: readonly number[];
}

const domains = ['web', 'code', 'math'];
const targets = ['web_loss', 'code_loss'];

function draw(stream: RandomStream, count: number): Run[] {
  return Array.from({ length: count }, (_, run) => {
    const first = Math.floor(stream.uniform() * 800) + 1;
    const second = Math.floor(stream.uniform() * (998 - first)) + 1;
    const weights = [first, second, 1000 - first - second].map((part) => part / 1000);
    const losses = weights.slice(0, 2).map((weight) => {
      return Number((3 - weight + 0.1 * stream.normal()).toFixed(4));
    });
    return { id: `run${String(run).padStart(2, '0')}`, weights, losses };
  });
}

const csv = (...rows: readonly (readonly (string | number)[])[]) =>
  `${rows.map((row) => row.map((cell) => (/[",]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell)).join(',')).join('\n')}\n`;
const wideHeader = ['run', ...domains, ...targets];
const cells = ({ id, weights, losses }: Run) => [id, ...weights, ...losses];

function shuffled<Item>(items: readonly Item[], stream: RandomStream): Item[] {
  return items
    .map((item) => ({ item, key: stream.uniform() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** The loss of a run before its last step. */
const before = (loss: number, step: number) => Number((loss + (1000 - step) / 1000).toFixed(4));

/** What a study holds of each run, in the order of the ids. */
function contents({ training, domains: known, targets: measured }: StudyRuns, byId = true) {
  if (!training) throw new Error('no training set');
  const { mixtures, losses } = training;
  const rows = training.ids.map((id, run) => {
    const weights = Array.from(
      mixtures.values.subarray(run * known.length, (run + 1) * known.length),
    );
    const values = Array.from(
      losses.values.subarray(run * measured.length, (run + 1) * measured.length),
    );
    const weightOf = domains.map((name) => weights[known.findIndex((each) => each.id === name)]);
    const lossOf = ['web', 'code'].map(
      (name) => values[measured.findIndex((each) => each.id === name)],
    );
    return [byId ? id : '', ...weightOf, ...lossOf];
  });
  return rows.map((row) => row.join()).sort();
}

const steps = [250, 500, 1000];
const stepRows = (runs: readonly Run[]) =>
  runs.flatMap(({ id, weights, losses }) =>
    steps.map((step) => [id, step, ...weights, ...losses.map((loss) => before(loss, step))]),
  );
const longWeights = (runs: readonly Run[]) =>
  runs.flatMap(({ id, weights }) => weights.map((weight, at) => [id, domains[at], weight]));
const longLosses = (runs: readonly Run[]) =>
  runs.flatMap(({ id, losses }) =>
    steps.flatMap((step) => losses.map((loss, at) => [id, step, domains[at], before(loss, step)])),
  );
const mixtureFile = (runs: readonly Run[]) =>
  csv(['run', ...domains], ...runs.map(({ id, weights }) => [id, ...weights]));
const lossFile = (runs: readonly Run[]) =>
  csv(['run', ...targets], ...runs.map(({ id, losses }) => [id, ...losses]));
const asDictionary = (weights: readonly number[]) =>
  JSON.stringify(Object.fromEntries(weights.map((weight, at) => [domains[at], weight])));

/** Ways to write the same runs. */
const habits: Readonly<Record<string, (runs: readonly Run[], stream: RandomStream) => Files>> = {
  'a clean table, shuffled': (runs, stream) => ({
    'a.csv': csv(wideHeader, ...shuffled(runs, stream).map(cells)),
  }),
  'a row for each step': (runs) => ({
    'a.csv': csv(['run', 'step', ...domains, ...targets], ...stepRows(runs)),
  }),
  'a row for each step, shuffled': (runs, stream) => ({
    'a.csv': csv(
      ['run', 'global_step', ...domains, ...targets],
      ...shuffled(stepRows(runs), stream),
    ),
  }),
  'tokens as steps, behind a counter of rows': (runs) => ({
    'a.csv': csv(
      ['', 'tokens_seen', 'run', ...domains, ...targets],
      ...stepRows(runs).map(([id, step, ...rest], row) => [row, Number(step) * 4096, id, ...rest]),
    ),
  }),
  'a file of losses with a row for each step': (runs, stream) => ({
    'mix.csv': mixtureFile(runs),
    'loss.csv': csv(
      ['run', 'iter', ...targets],
      ...shuffled(stepRows(runs), stream).map(([id, step, , , , ...losses]) => [
        id,
        step,
        ...losses,
      ]),
    ),
  }),
  'values that are logged in rows of their own': (runs) => ({
    'mix.csv': mixtureFile(runs),
    'loss.csv': csv(
      ['run', '_step', ...targets],
      ...stepRows(runs).flatMap(([id, step, , , , web, code]) => [
        [id, step, web, ''],
        [id, step, '', code],
      ]),
    ),
  }),
  'NaN where a value was not logged': (runs) => ({
    'mix.csv': mixtureFile(runs),
    'loss.csv': csv(
      ['run', 'step', ...targets],
      ...stepRows(runs).flatMap(([id, step, , , , web, code]) => [
        [id, step, web, 'nan'],
        [id, Number(step) + 1, 'nan', code],
        [id, Number(step) + 2, 'nan', 'nan'],
      ]),
    ),
  }),
  'a run that was taken up again': (runs) => ({
    'a.csv': csv(
      ['run', 'step', ...domains, ...targets],
      ...stepRows(runs).flatMap(([id, step, ...rest]) => {
        const row = [id, step, ...rest];
        if (id !== runs[3].id || step !== 1000) return [row];
        const [web, code] = rest.slice(3).map(Number);
        const first = [id, step, ...rest.slice(0, 3), web + 1, code + 1];
        return [first, [id, 500, ...rest.slice(0, 3), web + 2, code + 2], row];
      }),
    ),
  }),
  'runs that stopped half way': (runs) => {
    const more = { id: 'stopped', weights: [0.2, 0.2, 0.6], losses: [1, 1] };
    const rows = stepRows([...runs, more]).filter(([id, step]) => id !== more.id || step !== 1000);
    return { 'a.csv': csv(['run', 'step', ...domains, ...targets], ...rows) };
  },
  'long files, shuffled': (runs, stream) => ({
    'mix.csv': csv(['run', 'domain', 'weight'], ...shuffled(longWeights(runs), stream)),
    'loss.csv': csv(['run', 'step', 'domain', 'loss'], ...shuffled(longLosses(runs), stream)),
  }),
  'long files with other names and orders': (runs) => ({
    'mix.csv': csv(
      ['source', 'experiment', 'proportion'],
      ...longWeights(runs).map(([id, name, weight]) => [name, id, weight]),
    ),
    'loss.csv': csv(
      ['val_domain', 'bpb', 'experiment'],
      ...runs.flatMap(({ id, losses }) => losses.map((loss, at) => [domains[at], loss, id])),
    ),
  }),
  'a long file without the weights that are 0': (runs) => ({
    'mix.csv': csv(['run', 'domain', 'weight'], ...longWeights(runs).filter(([, , w]) => w !== 0)),
    'loss.csv': lossFile(runs),
  }),
  'long weights that carry the losses of the run': (runs) => ({
    'a.csv': csv(
      ['run', 'domain', 'weight', ...targets],
      ...runs.flatMap(({ id, weights, losses }) =>
        weights.map((weight, at) => [id, domains[at], weight, ...losses]),
      ),
    ),
  }),
  'long losses with a total of the weights': (runs) => ({
    'mix.csv': csv(
      ['run', 'domain', 'weight'],
      ...runs.flatMap(({ id, weights }) => [
        ...weights.map((weight, at) => [id, domains[at], weight]),
        [id, 'total', 1],
      ]),
    ),
    'loss.csv': lossFile(runs),
  }),
  'names of metrics and their values': (runs, stream) => ({
    'mix.csv': mixtureFile(runs),
    'loss.csv': csv(
      ['run', 'metric', 'value'],
      ...shuffled(
        runs.flatMap(({ id, losses }) => losses.map((loss, at) => [id, targets[at], loss])),
        stream,
      ),
    ),
  }),
  'a dictionary as JSON': (runs) => ({
    'a.csv': csv(
      ['run', 'weights', ...targets],
      ...runs.map(({ id, weights, losses }) => [id, asDictionary(weights), ...losses]),
    ),
  }),
  'a dictionary as Python prints it, behind the losses': (runs) => ({
    'a.csv': csv(
      ['run', ...targets, 'data.mixture'],
      ...runs.map(({ id, weights, losses }) => [
        id,
        ...losses,
        `{${weights.map((weight, at) => `'${domains[at]}': np.float64(${weight})`).join(', ')}, }`,
      ]),
    ),
  }),
  'a list of names and weights': (runs) => ({
    'a.csv': csv(
      ['run', 'mix', ...targets],
      ...runs.map(({ id, weights, losses }, row) => [
        id,
        weights
          .map((weight, at) => `${domains[at]}${row % 2 === 0 ? ':' : '='}${weight}`)
          .join(row % 2 === 0 ? ',' : '; '),
        ...losses,
      ]),
    ),
  }),
  'runs as columns': (runs) => ({
    'mix.csv': csv(
      ['domain', ...runs.map(({ id }) => id)],
      ...domains.map((name, at) => [name, ...runs.map(({ weights }) => weights[at])]),
    ),
    'loss.csv': csv(
      ['target', ...runs.map(({ id }) => id)],
      ...targets.map((name, at) => [name, ...runs.map(({ losses }) => losses[at])]),
    ),
  }),
  'a chart of a tracker': (runs) => ({
    'mix.csv': mixtureFile(runs),
    'chart.csv': csv(
      [
        'Step',
        ...runs.flatMap(({ id }) =>
          targets.flatMap((target) =>
            ['', '__MIN', '__MAX'].map((end) => `${id} - ${target}${end}`),
          ),
        ),
      ],
      ...steps.map((step) => [
        step,
        ...runs.flatMap(({ losses }) =>
          losses.flatMap((loss, at) => {
            const value =
              step === 1000 && at === 1 ? '' : before(loss, step === 500 && at === 1 ? 1000 : step);
            return [value, value, value];
          }),
        ),
      ]),
    ),
  }),
  'crashed runs among them': (runs, stream) => ({
    'a.csv': csv(
      ['Run ID', 'Status', ...domains, ...targets],
      ...shuffled(
        [
          ...runs.map(({ id, ...run }) => [id, 'FINISHED', ...cells({ id, ...run }).slice(1)]),
          ['dead1', 'FAILED', 0.2, 0.2, 0.6, 9, 9],
          ['dead2', 'KILLED', 0.1, 0.2, 0.7, '', ''],
          ['dead3', 'RUNNING', 0.1, 0.8, 0.1, 5, ''],
        ],
        stream,
      ),
    ),
  }),
  'crashed runs in the losses of a pair': (runs) => ({
    'mix.csv': mixtureFile([...runs, { id: 'dead', weights: [0.1, 0.8, 0.1], losses: [] }]),
    'loss.csv': csv(
      ['run', 'state', ...targets],
      ['dead', 'crashed', 9, 9],
      ...runs.map(({ id, losses }) => [id, 'finished', ...losses]),
    ),
  }),
  'rows of the mean and the sum below, of the spread above': (runs) => {
    const columns = domains.length + targets.length;
    const sums = Array.from({ length: columns }, (_, at) =>
      runs.reduce((sum, run) => sum + Number(cells(run)[at + 1]), 0),
    );
    return {
      'a.csv': csv(
        wideHeader,
        ['std', ...sums.map(() => 0.1)],
        ...runs.map(cells),
        ['Mean', ...sums.map((sum) => (sum / runs.length).toFixed(3))],
        ['TOTAL', ...sums.map((sum) => sum.toFixed(4))],
      ),
    };
  },
  'a last row of means without a name': (runs) => {
    const sums = Array.from({ length: domains.length + targets.length }, (_, at) =>
      runs.reduce((sum, run) => sum + Number(cells(run)[at + 1]), 0),
    );
    const last = ['', ...sums.map((sum) => (sum / runs.length).toFixed(4))];
    return { 'a.csv': csv(wideHeader, ...runs.map(cells), last) };
  },
  'rows that are there twice': (runs) => ({
    'a.csv': csv(wideHeader, ...runs.map(cells), ...runs.slice(0, 3).map(cells)),
  }),
};

describe('the same runs as the clean table', () => {
  describe.each(Object.entries(habits))('%s', (_, write) => {
    test.each([1, 2, 3, 4])('with seed %d', async (seed) => {
      const stream = createRandomStream(seed);
      const runs = draw(stream, 12);
      const clean = contents(await read({ 'a.csv': csv(wideHeader, ...runs.map(cells)) }));
      expect(clean).toEqual(runs.map((run) => cells(run).join()));
      expect(contents(await read(write(runs, stream)))).toEqual(clean);
    });
  });

  test.each([1, 2])('from steps without run ids, seed %d', async (seed) => {
    const stream = createRandomStream(seed);
    const runs = draw(stream, 12);
    const rows = stepRows(runs).map((row) => row.slice(1));
    for (const list of [rows, shuffled(rows, stream)]) {
      const found = await read({ 'a.csv': csv(['step', ...domains, ...targets], ...list) });
      const clean = runs.map((run) => ['', ...cells(run).slice(1)].join()).sort();
      expect(contents(found, false)).toEqual(clean);
    }
  });

  test('from several habits at once', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const stream = createRandomStream(seed);
      const runs = draw(stream, 10);
      const rows = runs.flatMap(({ id, weights, losses }) =>
        steps.map((step) => [
          id,
          step,
          'finished',
          asDictionary(weights),
          ...losses.map((loss) => before(loss, step)),
        ]),
      );
      rows.push(['x', 1000, 'crashed', asDictionary([0.1, 0.2, 0.7]), 7, 7]);
      const text = csv(['run', 'step', 'State', 'mixture', ...targets], ...shuffled(rows, stream));
      const clean = runs.map((run) => cells(run).join());
      expect(contents(await read({ 'a.csv': text })), `seed ${seed}`).toEqual(clean);
    }
  });
});

const runs = draw(createRandomStream(7), 10);
const notesOf = ({ notes }: StudyRuns) => notes.map(({ text }) => text);

describe('repeats of a mixture', () => {
  const seeds = (header: readonly string[], row: (run: Run, seed: number) => (string | number)[]) =>
    csv(header, ...runs.flatMap((run) => [row(run, 1), row(run, 2)]));
  const later = ({ losses }: Run, seed: number) =>
    losses.map((loss) => Number((loss + seed / 100).toFixed(4)));

  test.each([
    ['seed', ['run00 seed 1', 'run00 seed 2', 'run01 seed 1']],
    ['note', ['run00', 'run00 (2)', 'run01']],
  ])('stay, named by %s', async (column, ids) => {
    const text = seeds(['run', column, ...domains, ...targets], (run, seed) => [
      run.id,
      seed,
      ...run.weights,
      ...later(run, seed),
    ]);
    const found = await read({ 'a.csv': text });
    expect(found.training?.ids.slice(0, 3)).toEqual(ids);
    expect(found.training?.ids).toHaveLength(20);
    expect(notesOf(found)).toContain('a.csv: 10 repeated mixtures, 20 runs in all.');
  });

  test('in a file of losses take the one mixture', async () => {
    const losses = seeds(['run', 'seed', ...targets], (run, seed) => [
      run.id,
      seed,
      ...later(run, seed),
    ]);
    const found = await read({ 'mix.csv': mixtureFile(runs), 'loss.csv': losses });
    expect(found.training?.ids.slice(0, 2)).toEqual(['run00 seed 1', 'run00 seed 2']);
    const weights = found.training?.mixtures.values ?? new Float64Array();
    expect(weights.slice(0, 3)).toEqual(weights.slice(3, 6));
    expect(found.training?.losses.values.slice(0, 4)).toEqual(
      Float64Array.from([...later(runs[0], 1), ...later(runs[0], 2)]),
    );
  });

  test('and steps: the last of each seed', async () => {
    const rows = runs.flatMap((run) =>
      [1, 2].flatMap((seed) =>
        steps.map((step) => [
          run.id,
          seed,
          step,
          ...run.weights,
          ...later(run, seed).map((loss) => before(loss, step)),
        ]),
      ),
    );
    for (const list of [rows, rows.map(([id, , ...rest]) => [id, '', ...rest])]) {
      const text = csv(['run', 'seed', 'step', ...domains, ...targets], ...list);
      const found = await read({ 'a.csv': text });
      expect(found.training?.ids).toHaveLength(20);
      expect(found.training?.losses.values.slice(0, 4)).toEqual(
        Float64Array.from([...later(runs[0], 1), ...later(runs[0], 2)]),
      );
    }
  });

  test('of which one failed are one run', async () => {
    const failed = [runs[4].id, ...runs[4].weights, '', ''];
    const found = await read({ 'a.csv': csv(wideHeader, failed, ...runs.map(cells)) });
    expect(contents(found)).toEqual(runs.map((run) => cells(run).join()));
    expect(notesOf(found).join()).toContain('1 row of a.csv left out: no value for any target');
  });

  test('with other weights are refused with both rows', async () => {
    const other = [runs[2].id, 0.5, 0.25, 0.25, 3, 3];
    const error = await refusal({ 'a.csv': csv(wideHeader, ...runs.map(cells), other) });
    expect(error).toMatchObject({ file: 'a.csv', row: 12, column: 'run' });
    expect(error.message).toContain('the id "run02", also in row 4');
    expect(error.advice).toContain('Rows 4 and 12 have different weights');
  });
});

describe('steps', () => {
  const header = ['run', 'step', ...domains, ...targets];

  test('that end early are counted, with the runs and where they stopped', async () => {
    const rows = stepRows(runs).filter(([id, step]) => id !== 'run05' || Number(step) <= 500);
    const found = await read({ 'a.csv': csv(header, ...rows) });
    expect(found.training?.ids).not.toContain('run05');
    expect(notesOf(found)).toEqual([
      '18 rows of a.csv left out: only the last step of each run counts (1,000).',
      '1 run of a.csv left out: stopped before step 1,000 (run05 at 500).',
    ]);
  });

  test('that end a little earlier are kept', async () => {
    const rows = stepRows(runs).map(([id, step, ...rest]) => [
      id,
      id === 'run05' && step === 1000 ? 950 : step,
      ...rest,
    ]);
    const found = await read({ 'a.csv': csv(header, ...rows) });
    expect(found.training?.ids).toContain('run05');
  });

  test('of a run that diverged at the end count as they are', async () => {
    const rows = stepRows(runs).map((row) =>
      row[0] === 'run05' && row[1] === 1000 ? [...row.slice(0, 5), 'NaN', 'nan'] : row,
    );
    const found = await read({ 'a.csv': csv(header, ...rows) });
    const place = found.training?.ids.indexOf('run05') ?? -1;
    expect(found.training?.losses.values[place * 2]).toBeNaN();
    expect(notesOf(found)).toContain(
      '1 run of a.csv has no value for any target and is not fitted (run05).',
    );
  });

  test('of one run with different weights are refused', async () => {
    const rows = stepRows(runs);
    rows[4] = [rows[4][0], rows[4][1], 0.5, 0.25, 0.25, 3, 3];
    const error = await refusal({ 'a.csv': csv(header, ...rows) });
    expect(error).toMatchObject({ row: 6, column: 'run' });
  });

  test('of a single row a run are no reason to leave most out', async () => {
    const rows = runs.map((run, row) => [run.id, 100 * 2 ** row, ...run.weights, ...run.losses]);
    const found = await read({ 'a.csv': csv(header, ...rows) });
    expect(found.training?.ids).toHaveLength(10);
  });
});

describe('summaries', () => {
  test('are not told by weights in percent, of which one may be 100%', async () => {
    const rows = Array.from({ length: 12 }, (_, run) => `${100 - run}%,${run}%,${3 + run / 10}`);
    const files = { 'a.csv': ['web,code,web_loss', ...rows].join('\n') };
    const { training, notes } = await read(files);
    expect(training?.ids).toHaveLength(12);
    expect(notes.filter(({ kind }) => kind === 'summary')).toEqual([]);
  });

  const names = [
    'uniform',
    'natural',
    'doremi',
    'human',
    'max',
    'web',
    'code',
    'books',
    'min',
    'all',
  ];
  const named = runs.map((run, at) => ({ ...run, id: names[at] }));

  test('are told from runs of such names by their numbers', async () => {
    const found = await read({ 'a.csv': csv(wideHeader, ...named.map(cells)) });
    expect(found.training?.ids).toEqual(names);
    const highest = Array.from({ length: 5 }, (_, at) =>
      Math.max(...named.filter(({ id }) => id !== 'max').map((run) => Number(cells(run)[at + 1]))),
    );
    const rows = named.map((run) => (run.id === 'max' ? ['max', ...highest] : cells(run)));
    const without = await read({ 'a.csv': csv(wideHeader, ...rows) });
    expect(without.training?.ids).toEqual(names.filter((name) => name !== 'max'));
    expect(notesOf(without)).toEqual([
      '1 row of a.csv left out: a summary of the runs, not a run (max).',
    ]);
  });

  test('of a mixtures file are not missed in the losses', async () => {
    const files = {
      'mix.csv': `${mixtureFile(runs)}average,0.3,0.3,0.4\n`,
      'loss.csv': lossFile(runs),
    };
    expect((await read(files)).training?.ids).toHaveLength(10);
  });
});

describe('long tables', () => {
  const long = longWeights(runs);

  test('are said with how many rows make how many runs', async () => {
    const text = csv(['run', 'domain', 'weight'], ...long);
    const found = await read({ 'mix.csv': text, 'loss.csv': lossFile(runs) });
    expect(notesOf(found)).toEqual([
      'mix.csv is a long table: its 30 rows, one for each domain, were read as 10 runs.',
    ]);
  });

  test('with two values for one name are refused with both rows', async () => {
    const text = csv(['run', 'domain', 'weight'], ...long, ['run03', 'web', 0.5]);
    const error = await refusal({ 'mix.csv': text, 'loss.csv': lossFile(runs) });
    expect(error).toMatchObject({ file: 'mix.csv', row: 32, column: 'weight' });
    expect(error.found).toContain('row 11');
  });

  test('with seeds are repeats, and are refused where no column tells them apart', async () => {
    const rows = runs.flatMap(({ id, losses }) =>
      [1, 2].flatMap((seed) => losses.map((loss, at) => [id, seed, domains[at], loss + seed])),
    );
    const mix = mixtureFile(runs);
    const text = csv(['run', 'seed', 'domain', 'loss'], ...rows);
    const found = await read({ 'mix.csv': mix, 'loss.csv': text });
    expect(found.training?.ids.slice(0, 3)).toEqual([
      'run00 seed 1',
      'run00 seed 2',
      'run01 seed 1',
    ]);
    expect(found.training?.losses.values.slice(0, 4)).toEqual(
      Float64Array.from([1, 2].flatMap((seed) => runs[0].losses.map((loss) => loss + seed))),
    );
    const without = csv(['run', 'domain', 'loss'], ...rows.map(([id, , ...rest]) => [id, ...rest]));
    const error = await refusal({ 'mix.csv': mix, 'loss.csv': without });
    expect(error).toMatchObject({ file: 'loss.csv', row: 4, column: 'loss' });
    expect(error.advice).toContain('seeds');
  });

  test('with a domain and a metric', async () => {
    const rows = runs.flatMap(({ id, weights, losses }) =>
      domains.flatMap((domain, at) => [
        [id, domain, 'weight', weights[at]],
        ...(at < 2 ? [[id, domain, 'loss', losses[at]]] : []),
      ]),
    );
    const found = await read({ 'a.csv': csv(['run', 'domain', 'metric', 'value'], ...rows) });
    expect(contents(found)).toEqual(runs.map((run) => cells(run).join()));
  });

  test('are not what a table with words is', async () => {
    const rows = runs.map((run, at) => [
      ...cells(run),
      at % 2 ? 'adam' : 'muon',
      at % 3 ? 'a' : 'b',
    ]);
    const found = await read({ 'a.csv': csv([...wideHeader, 'optimizer', 'dataset'], ...rows) });
    expect(contents(found)).toEqual(runs.map((run) => cells(run).join()));
    expect(found.notes).toEqual([]);
  });
});

test('a dictionary that is broken is refused by row and column', async () => {
  const rows = runs.map(({ id, weights, losses }) => [id, asDictionary(weights), ...losses]);
  rows[6][1] = '{"web": 0.2, "code"';
  const error = await refusal({ 'a.csv': csv(['run', 'mixture', ...targets], ...rows) });
  expect(error).toMatchObject({ file: 'a.csv', row: 8, column: 'mixture' });
});

test.each([
  '{"web": 0.2, "web": 0.3, "code": 0.5, "math": 0}',
  `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
  '{"web": [0.2, "code"}',
])('a dictionary such as %.40s is refused', async (cell) => {
  const rows = runs.map(({ id, weights, losses }) => [id, asDictionary(weights), ...losses]);
  rows[6][1] = cell;
  const error = await refusal({ 'a.csv': csv(['run', 'mixture', ...targets], ...rows) });
  expect(error).toMatchObject({ row: 8, column: 'mixture' });
});

test('tables that would have too many cells are refused before they are made', async () => {
  const rows = Array.from({ length: 64_000 }, (_, row) => [`r${row >> 1}`, `d${row % 1_999}`, 0.5]);
  const long = await refusal({ 'a.csv': csv(['run', 'domain', 'weight'], ...rows) });
  expect(long).toMatchObject({ file: 'a.csv', column: 'domain' });
  const cellsOf = Array.from({ length: 2_100 }, (_, row) => [
    `r${row}`,
    `{"d${row}": 0.5, "x": 0.5}`,
  ]);
  const wide = await refusal({ 'a.csv': csv(['run', 'mixture'], ...cellsOf) });
  expect(wide.found).toContain('keys of its dictionaries');
});

test('a chart alone asks for the file of mixtures', async () => {
  const header = ['Step', ...runs.flatMap(({ id }) => [`${id} - loss`, `${id} - loss__MIN`])];
  const text = csv(header, [100, ...runs.flatMap(({ losses }) => [losses[0], losses[0]])]);
  const error = await refusal({ 'chart.csv': text });
  expect(error.found).toBe('losses of 10 runs but no weights');
  expect(error.expected).toContain('a second file of mixtures: the same run ids');
  expect(error.expected).toContain('"run00"');
});

test.each(['1e101', '-2e200'])('a loss of %s is refused by row and column', async (loss) => {
  const rows = runs.map(cells);
  rows[3][5] = loss;
  const error = await refusal({ 'a.csv': csv(wideHeader, ...rows) });
  expect(error).toMatchObject({ file: 'a.csv', row: 5, column: 'code_loss' });
});

test('unfinished runs are counted by their states, whatever the case of the column', async () => {
  const rows = runs.map((run, at) => [
    ...cells(run),
    at === 2 ? 'Crashed' : at < 2 ? 'running' : 'Finished',
  ]);
  const found = await read({ 'a.csv': csv([...wideHeader, 'STATE'], ...rows, ...[]) }).catch(
    (error: unknown) => error,
  );
  expect(found).toMatchObject({ found: '7 runs' });
  const more = draw(createRandomStream(9), 12).map((run) => [
    ...cells({ ...run, id: `${run.id}b` }),
    'finished',
  ]);
  const all = await read({ 'a.csv': csv([...wideHeader, 'STATE'], ...rows, ...more) });
  expect(notesOf(all)).toEqual([
    '3 runs of a.csv left out: not finished (2 running and 1 crashed).',
  ]);
  expect(all.training?.ids).toHaveLength(19);
});

const cases = join('..', 'shared', 'cases');

describe.skipIf(!existsSync(cases))('the published layouts', () => {
  test.each([
    [['06-long/mix_long.csv', '06-long/loss_long.csv'], 24],
    [['06-long/mix.csv', '06-long/loss_long.csv'], 24],
    [['06b-stepwise/wide.csv'], 24],
    [['06-long/mix.csv', '06b-stepwise/loss.csv'], 24],
    [['06c-stepwise-norun/wide.csv'], 24],
    [['10-seeds/wide.csv'], 24],
    [['10-seeds/wide-nocol.csv'], 24],
    [['13-dictcell/runs.csv'], 24],
    [['06-long/mix.csv', '14-wandb-chart/long.csv'], 24],
    [['38-summaryrow/wide.csv'], 24],
    [['42-wandb-crashed/runs.csv'], 22],
  ])('%j are %d runs', async (paths, count) => {
    const files = Object.fromEntries(
      paths.map((path) => [path, readFileSync(join(cases, path), 'utf8')]),
    );
    const { training, domains: found } = await read(files);
    expect(training?.ids).toHaveLength(count);
    expect(found.map(({ id }) => id)).toEqual(['web', 'code', 'math', 'wiki']);
  });
});
