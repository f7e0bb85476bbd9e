import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadAll } from 'js-yaml';
import { type IJob, Job } from 'kubernetes-models/batch/v1';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { type Outcome, regmix } from './cli/run.fixture';
import {
  callsOf,
  expandCommand,
  hasPython,
  runProgram,
  writeRay,
  writeRecorder,
  writeText,
} from './sweep.fixture';
import { resultFiles } from './training/results';

const root = mkdtempSync(join(tmpdir(), 'regmix-sweep-'));
/** A name with whatever shells, YAML and Python take for something else. */
const odd = `it's "a" $HOME $(JOB_COMPLETION_INDEX) \`id\` \\n #: é😀 %s {x}`;
const text = join(root, odd, 'text');
const out = join(root, odd, 'runs\n- of: two lines');
const programs = join(root, 'programs');
const records = join(root, 'records');
afterAll(() => rmSync(root, { recursive: true }));

/** Domains as the corpus names them; the odd one has a comma neither in its name nor in its file's. */
const oddDomain = `it's $(id) \`x\` "q"`;

beforeAll(() => writeText(text, ['cats', oddDomain]));
beforeEach(() => {
  rmSync(records, { recursive: true, force: true });
  for (const name of ['node', 'sbatch']) writeRecorder(programs, records, name);
});

const options = [
  ...['--corpus', text, '--domains', `${oddDomain},cats`, '--proxies', '5', '--repeats', '2'],
  ...['--size', '7k', '--tokens', '2000', '--seed', '4', '--processes', '3'],
];

function sweep(...args: string[]): Promise<Outcome> {
  return regmix('sweep', ...options, '--shards', '3', ...args);
}

/** The words after `node` that a shard must be started with. */
function wordsOf(shard: number): string[] {
  return [
    ...['--import', 'tsx', 'scripts/regmix.ts', 'train'],
    ...[`--corpus=${text}`, `--domains=${oddDomain},cats`, '--proxies=5', '--repeats=2'],
    ...['--size=7k', '--tokens=2000', '--engine=wasm', '--processes=3', '--seed=4'],
    ...[`--out=${out}`, '--shard', `${shard}/3`],
  ];
}

const mergeWords = ['--import', 'tsx', 'scripts/regmix.ts', 'merge', `--out=${out}`];

/** Expects calls of `node` in the project's folder, in any order. */
function expectCalls(...expected: string[][]): void {
  const calls = callsOf(records, 'node');
  const sorted = (lists: readonly (readonly string[])[]) =>
    lists.map((words) => JSON.stringify(words)).sort();
  // The order of options is that of the command's own list.
  const inOrder = (words: readonly string[]) => [
    ...words.slice(0, 4),
    ...words.slice(4).toSorted(),
  ];
  expect(sorted(calls.map(({ words }) => inOrder(words)))).toEqual(sorted(expected.map(inOrder)));
  for (const { folder } of calls) expect(folder).toBe(resolve('.'));
}

describe('regmix sweep --for slurm', () => {
  const path = join(root, 'sweep.sh');

  it('writes an array whose every task trains its shard, whatever the paths are called', async () => {
    const { code, out: said } = await sweep('--for', 'slurm', '--out', out, '--to', path);
    expect(code).toBe(0);
    expect(said).toMatch(/sweep.sh: 7 proxies in 3 shards of at most 3, each on 3 cores/);
    expect(statSync(path).mode & 0o111).not.toBe(0);
    expect(runProgram('bash', ['-n', path]).stderr).toBe('');
    for (const shard of [1, 2, 3]) {
      const env = { SLURM_ARRAY_TASK_ID: String(shard), SLURM_JOB_ID: '9' };
      const { status, stderr } = runProgram('bash', [path], { programs, env, cwd: root });
      expect([status, stderr]).toEqual([0, '']);
    }
    expectCalls(wordsOf(1), wordsOf(2), wordsOf(3));
  });

  it('asks for as many cores as there are processes, and for each shard once', async () => {
    const { out: script } = await sweep(
      ...['--for', 'slurm', '--out', out, '--memory', '3G', '--name', 'my-sweep'],
    );
    const asked = script.split('\n').flatMap((line) => /^#SBATCH (.*)/.exec(line)?.[1] ?? []);
    expect(asked).toEqual([
      '--job-name=my-sweep',
      '--array=1-3',
      '--nodes=1',
      '--ntasks=1',
      '--cpus-per-task=3',
      '--mem=3072M',
      '--requeue',
      '--open-mode=append',
      '--signal=B:USR1@60',
    ]);
    // Options count before the first command only.
    const commands = script.split('\n').findIndex((line) => line !== '' && !line.startsWith('#'));
    expect(script.split('\n').findLastIndex((line) => line.startsWith('#SBATCH'))).toBeLessThan(
      commands,
    );
  });

  it('submits the shards and then the merge, when it is run by hand', async () => {
    await sweep('--for', 'slurm', '--out', out, '--to', path);
    const given = [
      '--array=1-3%2',
      '--mem',
      '9G',
      '--job-name=x',
      '--gres=gpu:1',
      '--time=1:00:00',
    ];
    const placed = ['-p', 'cpu', '-Alab', '--qos=long', '--clusters', 'c1'];
    const asked = [...given.slice(0, 3), ...placed, ...given.slice(3)];
    const { status, stderr, stdout } = runProgram('bash', [path, ...asked], { programs });
    expect([status, stderr, stdout]).toEqual([0, '', 'shards: job 7;cluster\n']);
    const calls = callsOf(records, 'sbatch').map(({ words }) => words);
    expect(calls).toHaveLength(2);
    expect(calls).toContainEqual(['--parsable', ...asked, path]);
    expect(calls).toContainEqual([
      ...['--job-name=regmix-merge', '--cpus-per-task=1', '--mem=2048M'],
      ...['--dependency=afterok:7', '--kill-on-invalid-dep=yes', ...placed],
    ]);
    const input = readFileSync(join(records, 'input'), 'utf8');
    expect(input).toMatch(/^#!\/bin\/bash\n/);
    expect(runProgram('bash', ['-s'], { programs, input, cwd: root }).stderr).toBe('');
    expectCalls(mergeWords);
  });

  it('merges by hand, as its first lines say, where a failed shard has cancelled the merge', async () => {
    await sweep('--for', 'slurm', '--out', out, '--to', path);
    expect(readFileSync(path, 'utf8')).toMatch(/^# +bash THIS_FILE merge /m);
    const { status, stderr } = runProgram('bash', [path, 'merge'], { programs, cwd: root });
    expect([status, stderr]).toEqual([0, '']);
    expectCalls(mergeWords);
    expect(callsOf(records, 'sbatch')).toEqual([]);
  });
});

describe('regmix sweep --for kubernetes', () => {
  const seen = ['--volume', `code=${resolve('.')}`, '--volume', `data=${root}`];

  it('writes Jobs that the schema of batch/v1 takes, as two readers of YAML read them', async () => {
    const { code, out: yaml, err } = await sweep('--for', 'kubernetes', '--out', out, ...seen);
    expect([code, err]).toEqual([0, '--image is taken to be node:20\n']);
    const documents = loadAll(yaml) as IJob[];
    expect(parseAllDocuments(yaml).map((document) => document.toJS())).toEqual(documents);
    for (const each of documents) expect(() => new Job(each).validate()).not.toThrow();
    const [train, merge] = documents;
    expect(train.spec).toMatchObject({
      completionMode: 'Indexed',
      completions: 3,
      parallelism: 3,
      backoffLimitPerIndex: 6,
    });
    expect(merge.spec?.suspend).toBe(true);
    const names = documents.map(({ metadata }) => metadata?.name);
    expect(names).toEqual(['regmix', 'regmix-merge']);
    // The schema is not vacuous.
    const broken = { ...train, spec: { ...train.spec, completions: '3' } } as unknown as IJob;
    expect(() => new Job(broken).validate()).toThrow(/completions must be integer/);
  });

  it('gives every pod its shard, its cores and its volumes, whatever the paths are called', async () => {
    const { out: yaml } = await sweep(
      ...[
        '--for',
        'kubernetes',
        '--out',
        out,
        '--memory',
        '2G',
        '--image',
        'x.io/node:22',
        ...seen,
      ],
    );
    const [train, merge] = loadAll(yaml) as IJob[];
    for (const index of [0, 1, 2, null]) {
      const pod = (index === null ? merge : train).spec?.template.spec;
      const [container] = pod?.containers ?? [];
      expect(container.image).toBe('x.io/node:22');
      const env = index === null ? undefined : { JOB_COMPLETION_INDEX: String(index) };
      const [program = '', ...words] = expandCommand(container.command ?? [], env ?? {});
      const ran = runProgram(program, words, { programs, env, cwd: container.workingDir });
      expect([ran.status, ran.stderr]).toEqual([0, '']);
      expect(container.volumeMounts?.map(({ mountPath }) => mountPath)).toEqual([
        resolve('.'),
        root,
      ]);
      const claims = pod?.volumes?.map((volume) => volume.persistentVolumeClaim?.claimName);
      expect(claims).toEqual(['code', 'data']);
    }
    expect(train.spec?.template.spec?.containers[0].resources).toEqual({
      requests: { cpu: '3', memory: '2048Mi' },
      limits: { memory: '2048Mi' },
    });
    expectCalls(wordsOf(1), wordsOf(2), wordsOf(3), mergeWords);
  });

  it('says which image and volume it assumes, and refuses paths that pods would not see', async () => {
    const inside = await regmix(
      ...['sweep', '--for', 'kubernetes', '--corpus', text, '--size', '7k', '--proxies', '4'],
      ...['--shards', '2', '--out', 'runs/x', '--volume', `regmix=${resolve('.')}`],
    );
    expect(inside.err).toMatch(
      /--corpus: .*text is in no volume of the pods: .*--volume CLAIM=PATH/,
    );
    const assumed = await sweep('--for', 'kubernetes', '--out', out);
    expect(assumed.err).toMatch(/--out: .* is in no volume of the pods/);
    expect(assumed.err.trim().split('\n')).toHaveLength(1);
  });
});

describe.skipIf(!hasPython)('regmix sweep --for ray', () => {
  const path = join(root, 'sweep.py');
  const modules = join(root, 'modules');

  it('writes a driver whose tasks train the shards, and which merges: run by a stand-in for Ray', async () => {
    writeRay(modules);
    expect((await sweep('--for', 'ray', '--out', out, '--to', path)).code).toBe(0);
    const env = { PYTHONPATH: modules };
    const { status, stderr } = runProgram('python3', [path], { programs, env, cwd: root });
    expect([status, stderr]).toEqual([0, '']);
    expectCalls(wordsOf(1), wordsOf(2), wordsOf(3), mergeWords);
  });

  it('tries a shard again, names those that fail, and does not merge then', async () => {
    writeRay(modules);
    await sweep('--for', 'ray', '--out', out, '--to', path);
    // Fails for the second shard, and the first time for the third.
    writeFileSync(
      join(programs, 'node'),
      `#!/bin/sh
for last; do :; done
echo "$last" >> "${records}/tried"
[ "$last" = 2/3 ] && exit 2
[ "$last" != 3/3 ] || [ "$(grep -c 3/3 "${records}/tried")" -gt 1 ]
`,
    );
    const env = { PYTHONPATH: modules };
    const { status, stderr, stdout } = runProgram('python3', [path], { programs, env });
    expect(status).toBe(1);
    expect(stdout).toBe('shard 1 of 3 is done\nshard 3 of 3 is done\n');
    expect(stderr).toMatch(/shard 2 of 3 failed: .*exit status 2.*\n1 of 3 shards failed/s);
    const tried = readFileSync(join(records, 'tried'), 'utf8').trim().split('\n');
    expect(tried).toEqual(['1/3', ...Array(7).fill('2/3'), '3/3', '3/3']);
  });
});

describe('regmix sweep', () => {
  it.each<[string, string[], RegExp]>([
    ['no scheduler', ['--out', out], /--for is missing/],
    ['an unknown one', ['--for', 'lsf', '--out', out], /--for: found “lsf”, expected slurm, kube/],
    ['no folder', ['--for', 'slurm'], /--out is missing/],
    ['too many shards', ['--for', 'slurm', '--out', out, '--shards', '8'], /--shards.*from 1 to 7/],
    ['no shards', ['--for', 'slurm', '--out', out, '--shards', '0'], /--shards.*from 1 to 7/],
    [
      'an unknown domain, before a job says so',
      ['--for', 'slurm', '--out', out, '--domains', 'birds'],
      /--domains: found “birds”/,
    ],
    ['a bad rate', ['--for', 'ray', '--out', out, '--rate', '7'], /--rate: found “7”/],
    [
      'a GPU, whose bytes are its own',
      ['--for', 'slurm', '--out', out, '--engine', 'webgpu'],
      /--engine: found “webgpu”, .*a sweep takes wasm,/,
    ],
    [
      'tfjs on the CPU, whose Math is the machine’s',
      ['--for', 'slurm', '--out', out, '--engine', 'cpu'],
      /--engine: found “cpu”, .*a sweep takes wasm,/,
    ],
    ['a name of no job', ['--for', 'slurm', '--out', out, '--name', 'a\nb'], /--name: found/],
    ['no memory', ['--for', 'slurm', '--out', out, '--memory', '1k'], /--memory: found “1k”/],
    ['a pod for SLURM', ['--for', 'slurm', '--out', out, '--image', 'x'], /go with --for kuber/],
    [
      'a relative mount',
      ['--for', 'kubernetes', '--out', out, '--volume', 'a=b'],
      /--volume: found “a=b”, expected CLAIM=PATH/,
    ],
    [
      'two volumes at one place',
      ['--for', 'kubernetes', '--out', out, '--volume', 'a=/x', '--volume', 'b=/x/'],
      /--volume: found \/x twice/,
    ],
    [
      'an image that is none',
      ['--for', 'kubernetes', '--out', out, '--image', 'a b'],
      /--image: found/,
    ],
    ['a single shard to train', ['--for', 'slurm', '--out', out, '--shard', '1/3'], /--shard/],
  ])('%s: exit code 2 and one line', async (_, args, expected) => {
    const { code, err, out: said } = await sweep(...args);
    expect(err).toMatch(expected);
    expect([code, said]).toEqual([2, '']);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('gives a shard no more processes than it has proxies, and the same engine everywhere', async () => {
    const { out: script } = await regmix(
      ...['sweep', '--for', 'slurm', '--corpus', text, '--proxies', '4', '--shards', '4'],
      ...['--size', '7k', '--out', out],
    );
    expect(script).toContain('#SBATCH --cpus-per-task=1\n');
    expect(script).toContain(' --engine=wasm --processes=1');
  });

  it('trains the same bytes in the tasks of its script as one training does', async () => {
    const training = ['--corpus', text, '--proxies', '2', '--size', '7k', '--tokens', '1000'];
    const whole = join(root, 'whole');
    const cut = join(root, 'cut');
    const path = join(root, 'real.sh');
    expect((await regmix('train', ...training, '--engine', 'wasm', '--out', whole)).code).toBe(0);
    const asked = ['--for', 'slurm', '--shards', '2', '--out', cut, '--to', path];
    expect((await regmix('sweep', ...training, ...asked)).code).toBe(0);
    for (const shard of ['1', '2']) {
      const { status } = runProgram('bash', [path], { env: { SLURM_ARRAY_TASK_ID: shard } });
      expect(status).toBe(0);
    }
    expect(existsSync(join(cut, 'losses.csv'))).toBe(false);
    expect((await regmix('merge', '--out', cut)).code).toBe(0);
    for (const file of [...Object.values(resultFiles), 'plan.json', 'tokens.json']) {
      expect(readFileSync(join(cut, file), 'utf8')).toBe(readFileSync(join(whole, file), 'utf8'));
    }
    const again = await regmix('train', ...training, '--engine', 'wasm', '--out', cut);
    expect(again.out).toMatch(/nothing was left to train/);
    const other = ['--seed', '7', '--shards', '2', '--for', 'slurm', '--out', cut];
    expect((await regmix('sweep', ...training, ...other)).err).toMatch(
      /cut holds a training with other settings/,
    );
    const shard = ['--seed', '7', '--shard', '1/2', '--engine', 'wasm', '--out', cut];
    expect((await regmix('train', ...training, ...shard)).err).toMatch(
      /cut holds a training with other settings/,
    );
    rmSync(join(cut, 'plan.json'));
    expect((await regmix('sweep', ...training, ...other)).err).toMatch(
      /shard-1-of-2 holds a training with other settings/,
    );
  });
});
