/** Exports of tools that none of the cases holds, written here: read to the runs that they hold, or refused. */
import { expect, test } from 'vitest';
import { runJob } from '../model/job';
import { rowOf } from '../model/matrix';
import { createRandomStream } from '../model/random';
import { createRunsReader } from './reader';
import type { StudyRuns } from './recognition';

interface Run {
  readonly id: string;
  /** Ten-thousandths as shares: sum to 1. */
  readonly weights: readonly number[];
  /** Of each domain, lower with more of it. */
  readonly losses: readonly number[];
  /** Of each domain, higher with more of it. */
  readonly scores: readonly number[];
}

type Cell = string | number;
type Table = readonly (readonly Cell[])[];

function runsOf(count: number, domains: number): Run[] {
  const random = createRandomStream(domains);
  return Array.from({ length: count }, (_, run) => {
    const drawn = Array.from({ length: domains }, () => 0.02 + random.exponential());
    const sum = drawn.reduce((total, value) => total + value, 0);
    const parts = drawn.map((value) => Math.floor((10_000 * value) / sum));
    parts[0] += 10_000 - parts.reduce((total, value) => total + value, 0);
    const weights = parts.map((part) => part / 10_000);
    const noisy = (value: number) => Number((value + 0.005 * random.normal()).toFixed(4));
    return {
      id: `exp-${run}`,
      weights,
      losses: weights.map((weight) => noisy(3.4 - 1.1 * Math.sqrt(weight))),
      scores: weights.map((weight) => noisy(0.28 + 0.35 * Math.sqrt(weight))),
    };
  });
}

function csv(rows: Table): string {
  return rows
    .map((row) =>
      row.map((cell) => (/[",\n]/.test(String(cell)) ? JSON.stringify(cell) : cell)).join(','),
    )
    .join('\n');
}

async function read(files: Readonly<Record<string, string>>): Promise<StudyRuns> {
  const reader = createRunsReader();
  const given = Object.entries(files).map(([name, text]) => new File([text], name));
  const recognition = runJob(await reader.read(given));
  return runJob(reader.build({ recognition, options: { acceptUnpaired: false } }));
}

interface Sibling {
  readonly name: string;
  readonly domains: readonly string[];
  readonly files: (runs: readonly Run[], domains: readonly string[]) => Record<string, string>;
  /** Ids with the way that is better. */
  readonly targets: Readonly<Record<string, 'lower' | 'higher'>>;
  /** Runs that are read, by their place; all without it. */
  readonly kept?: (run: number) => boolean;
}

const four = ['wiki', 'stack', 'arxiv', 'books'];
const wide =
  (named: (domain: string) => string, target: string): Sibling['files'] =>
  (runs, domains) => ({
    'wide.csv': csv([
      ['run_id', ...domains.map(named), target],
      ...runs.map(({ id, weights, losses }) => [id, ...weights, losses[0]]),
    ]),
  });
const pair: Sibling['files'] = (runs, domains) => ({
  'mix.csv': csv([['run_id', ...domains], ...runs.map(({ id, weights }) => [id, ...weights])]),
  'loss.csv': csv([['run_id', ...domains], ...runs.map(({ id, losses }) => [id, ...losses])]),
});
const allLower = (domains: readonly string[]) =>
  Object.fromEntries(domains.map((domain) => [domain, 'lower' as const]));
const likeSettings = ['name', 'state', 'seed', 'index', 'tokens', 'size', 'time'];

const siblings: readonly Sibling[] = [
  {
    name: 'two header rows, text under a group of results',
    domains: four,
    files: (runs, domains) => ({
      'runs.csv': csv([
        ['run', 'weights', '', '', '', 'metrics', '', '', '', '', '', ''],
        ['', ...domains, 'wiki_loss', 'stack_loss', 'cluster', 'Created', 'State', 'seed', 'notes'],
        ...runs.map(({ id, weights, losses }, run) => [
          id,
          ...weights,
          losses[0],
          losses[1],
          run % 2 === 0 ? 'north' : 'south',
          `2026-03-01T10:${run % 12}:00`,
          run % 6 === 1 ? 'crashed' : 'finished',
          run % 3,
          'sweep of March',
        ]),
      ]),
    }),
    targets: { wiki: 'lower', stack: 'lower' },
    kept: (run) => run % 6 !== 1,
  },
  {
    name: 'times that are no ids',
    domains: four,
    files: (runs, domains) => ({
      'runs.csv': csv([
        ['Created', ...domains, 'wiki_loss'],
        ...runs.map(({ weights, losses }, run) => [
          `2026-03-01T10:${run % 20}:00`,
          ...weights,
          losses[0],
        ]),
      ]),
    }),
    targets: { 'Wiki loss': 'lower' },
  },
  {
    name: 'MLflow with system metrics',
    domains: four,
    files: (runs, domains) => ({
      'runs.csv': csv([
        [
          'run_id',
          'status',
          ...domains.map((domain) => `params.weights.${domain}`),
          'metrics.val_loss',
          'metrics.system/cpu_utilization_percentage',
          'metrics.system/disk_available_megabytes',
          'metrics.eval_samples',
        ],
        ...runs.map(({ id, weights, losses }, run) => [
          id,
          run % 8 === 3 ? 'FAILED' : 'FINISHED',
          ...weights,
          losses[0],
          30 + 0.37 * run,
          50_000 - 17.5 * run,
          5_000 + run,
        ]),
      ]),
    }),
    targets: { Loss: 'lower' },
    kept: (run) => run % 8 !== 3,
  },
  {
    name: 'scalars of TensorBoard with tags',
    domains: four,
    files: (runs, domains) => ({
      'mixtures.csv': csv([
        ['run', ...domains],
        ...runs.map(({ id, weights }) => [id, ...weights]),
      ]),
      'scalars.csv': csv([
        ['run', 'tag', 'step', 'value', 'wall_time'],
        ...runs.flatMap(({ id, losses, scores }) =>
          [500, 1000].flatMap((step) => [
            [id, 'eval/loss', step, losses[0] + (1000 - step) / 500, 1_767_348_672 + step],
            [id, 'eval/acc', step, scores[0] - (1000 - step) / 5000, 1_767_348_672 + step],
          ]),
        ),
      ]),
    }),
    targets: { Loss: 'lower', Accuracy: 'higher' },
  },
  {
    name: 'a table of Markdown',
    domains: four,
    files: (runs, domains) => {
      const line = (cells: readonly Cell[]) => `| ${cells.join(' | ')} |`;
      return {
        'runs.md': [
          line(['run', ...domains, 'val_loss']),
          '|:--|---|---|---|---|--:|',
          ...runs.map(({ id, weights, losses }) => line([id, ...weights, losses[0]])),
        ].join('\n'),
      };
    },
    targets: { Loss: 'lower' },
  },
  {
    name: 'domains named like settings, by a prefix',
    domains: ['lr', 'math', 'loss', 'step'],
    files: wide((domain) => `mix_${domain}`, 'val/loss'),
    targets: { Loss: 'lower' },
  },
  {
    name: 'domains named like results, by a prefix',
    domains: ['code', 'accuracy', 'eval', 'val', 'train'],
    files: wide((domain) => `weights/${domain}`, 'hellaswag_ppl'),
    targets: { hellaswag: 'lower' },
  },
  {
    name: 'losses on domains named like settings',
    domains: likeSettings,
    files: pair,
    targets: allLower(likeSettings),
  },
];

test.each(siblings)('$name: read to the runs that it holds', async (sibling) => {
  const { domains, files, targets, kept = () => true } = sibling;
  const runs = runsOf(24, domains.length);
  const study = await read(files(runs, domains));
  expect(study.domains.map(({ id }) => id)).toEqual(domains);
  const { training } = study;
  if (training === null) throw new Error('no training runs');
  const mixtures = training.ids.map((_, run) =>
    [...rowOf(training.mixtures, run)].map((weight) => weight.toFixed(4)).join(),
  );
  const expected = runs.filter((_, run) => kept(run));
  expect(mixtures.sort()).toEqual(
    expected.map(({ weights }) => weights.map((weight) => weight.toFixed(4)).join()).sort(),
  );
  expect(
    Object.fromEntries(
      study.targets.map(({ id, name, direction }) => [id in targets ? id : name, direction]),
    ),
  ).toEqual(targets);
});

test('weights as planned and as they came out are two groups, though one is called target', async () => {
  const runs = runsOf(24, 4);
  const file = csv([
    [
      'run',
      ...four.map((domain) => `target_${domain}`),
      ...four.map((domain) => `actual_${domain}`),
      'val_loss',
    ],
    ...runs.map(({ id, weights, losses }) => {
      const [first, second, ...rest] = weights;
      return [id, ...weights, first + 0.001, second - 0.001, ...rest, losses[0]];
    }),
  ]);
  await expect(read({ 'wide.csv': file })).rejects.toThrow(/target_\*.*actual_/);
});

test('columns separated by spaces are refused for what they are', async () => {
  const runs = runsOf(24, 4);
  const lines = runs.map(({ id, weights, losses }) => `${id}  ${weights.join(' ')}  ${losses[0]}`);
  const text = [`run ${four.join(' ')} val_loss`, ...lines].join('\n');
  await expect(read({ 'runs.txt': text })).rejects.toThrow(/runs\.txt.*separated by spaces/);
});
