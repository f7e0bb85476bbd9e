import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { IJob } from 'kubernetes-models/batch/v1';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { regmix } from './cli/run.fixture';
import { freePort } from './free-port';
import { expandCommand, hasPython, runProgram, writeRay, writeText } from './sweep.fixture';
import { resultFiles } from './training/results';

const root = mkdtempSync(join(tmpdir(), 'regmix-sweeps-'));
const text = join(root, 'its text');
const common = ['--corpus', text, '--size', '7k', '--seed', '4', '--engine', 'wasm'];
afterAll(() => rmSync(root, { recursive: true }));

/** Tokens of a proxy that trains for so many seconds on this machine. */
let tokensOf: (seconds: number) => string;

beforeAll(async () => {
  writeText(text);
  const options = ['--proxies', '1', '--processes', '1', '--json'];
  for (let tokens = 200_000; ; tokens *= 4) {
    const out = join(root, `speed ${tokens}`);
    const said = await run(
      'train',
      ...common,
      ...options,
      '--tokens',
      String(tokens),
      '--out',
      out,
    );
    const { seconds, tokensPerSecond } = JSON.parse(said);
    tokensOf = (asked) => String(Math.round(asked * tokensPerSecond));
    // In shorter trainings, starting takes too much of the time.
    if (seconds > 5) break;
  }
});

async function run(...args: string[]): Promise<string> {
  const { code, out, err } = await regmix(...args);
  expect(err, args.join(' ')).not.toMatch(/^regmix:/m);
  expect(code).toBe(0);
  return out;
}

function contents(folder: string): string[] {
  return Object.values(resultFiles).map((file) => readFileSync(join(folder, file), 'utf8'));
}

/** Starts a training as a process, and kills it when a condition holds. @returns what it said */
async function killWhen(isTime: () => boolean, ...args: string[]): Promise<string> {
  const command = ['--import', 'tsx', 'scripts/regmix.ts', 'train', ...args];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const isOver = () => child.exitCode !== null;
  await expect.poll(() => isTime() || isOver(), { timeout: 900_000, interval: 5 }).toBe(true);
  expect(child.exitCode).toBe(null);
  child.kill('SIGKILL');
  // Its trainers hold the other end of its standard error until they end as well.
  await ended;
  return said;
}

describe('shards', () => {
  it.each([3, 5])(
    'of %i give the bytes of one training, one of them killed and resumed',
    async (of) => {
      const training = [...common, '--proxies', '13', '--repeats', '3', '--tokens', tokensOf(0.6)];
      const whole = join(root, 'whole');
      const cut = join(root, `cut in ${of}`);
      if (!existsSync(whole)) await run('train', ...training, '--out', whole);
      const runs = join(cut, `shard-2-of-${of}`, 'runs.jsonl');
      const second = [...training, '--out', cut, '--shard', `2/${of}`, '--processes', '1'];
      const said = await killWhen(() => existsSync(runs), ...second);
      for (const line of said.trim().split('\n')) expect(line).toMatch(/^\d+ of \d+ proxies|^$/);
      const refused = await regmix('merge', '--out', cut);
      expect(refused.err).toMatch(
        /of 16 proxies are not finished: .*shard-2-of-\d has finished \d/,
      );
      for (let part = of; part >= 1; part--) {
        await run('train', ...training, '--out', cut, '--shard', `${part}/${of}`);
      }
      await run('merge', '--out', cut);
      expect(contents(cut)).toEqual(contents(whole));
    },
  );

  it('killed in the middle of a proxy go on from its checkpoint, to the bit', async () => {
    // A checkpoint is written after ten seconds.
    const training = [...common, '--proxies', '2', '--tokens', tokensOf(20)];
    const whole = join(root, 'long');
    const cut = join(root, 'cut long');
    await run('train', ...training, '--out', whole);
    const folder = join(cut, 'shard-2-of-2');
    const second = [...training, '--out', cut, '--shard', '2/2'];
    const isSaved = () =>
      existsSync(folder) && readdirSync(folder).some((file) => /^checkpoint-.*\.bin$/.test(file));
    await killWhen(isSaved, ...second);
    expect(existsSync(join(folder, 'runs.jsonl'))).toBe(false);
    await run('train', ...second);
    await run('train', ...training, '--out', cut, '--shard', '1/2');
    await run('merge', '--out', cut);
    expect(contents(cut)).toEqual(contents(whole));
  });
});

describe('what sweep writes', () => {
  const training = [...common, '--proxies', '4', '--tokens', '3000'];
  const whole = join(root, 'small');

  beforeAll(() => run('train', ...training, '--out', whole));

  it('trains and merges the same bytes by the commands of its Jobs', async () => {
    const out = join(root, 'pods');
    const volumes = ['--volume', `code=${process.cwd()}`, '--volume', `data=${root}`];
    const options = ['--for', 'kubernetes', '--shards', '3', '--out', out, ...volumes];
    const [train, merge] = loadAll(await run('sweep', ...training, ...options)) as IJob[];
    const runPod = ({ spec }: IJob, env: Readonly<Record<string, string>>) => {
      const [{ command = [], workingDir }] = spec?.template.spec?.containers ?? [];
      const [program, ...words] = expandCommand(command, env);
      return runProgram(program, words, { env, cwd: workingDir }).status;
    };
    for (let index = 0; index < (train.spec?.completions ?? 0); index++) {
      expect(runPod(train, { JOB_COMPLETION_INDEX: String(index) })).toBe(0);
    }
    expect(runPod(merge, {})).toBe(0);
    expect(contents(out)).toEqual(contents(whole));
  });

  it.skipIf(!hasPython)(
    'trains and merges the same bytes by its driver and a stand-in for Ray',
    async () => {
      const out = join(root, 'tasks');
      const path = join(root, 'sweep.py');
      const modules = join(root, 'modules');
      writeRay(modules);
      const options = ['--for', 'ray', '--shards', '3', '--out', out, '--to', path];
      await run('sweep', ...training, ...options);
      const { status } = runProgram('python3', [path], { env: { PYTHONPATH: modules } });
      expect(status).toBe(0);
      expect(contents(out)).toEqual(contents(whole));
    },
  );
});

/** Programs of SLURM, with the folder where Debian's package slurm-wlm puts its daemons. */
const slurmPath = `${process.env.PATH}:/usr/sbin`;
const hasSlurm = ['sbatch', 'slurmctld', 'slurmd'].every(
  (program) =>
    spawnSync('sh', ['-c', `command -v ${program}`], { env: { ...process.env, PATH: slurmPath } })
      .status === 0,
);
if (!hasSlurm) {
  console.warn(
    'SLURM is missing (apt-get install slurm-wlm): its array script is run by bash only.',
  );
}

describe.skipIf(!hasSlurm)('SLURM on one node', () => {
  const folder = join(root, 'slurm');
  const env = { PATH: slurmPath, SLURM_CONF: join(folder, 'slurm.conf') };
  const daemons: ChildProcess[] = [];

  function slurm(program: string, ...args: string[]): string {
    const { stdout, stderr, status } = runProgram(program, args, { env, cwd: folder });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  }

  /** A cluster of this machine alone, without the daemon that usually signs its messages. */
  beforeAll(() => {
    mkdirSync(join(folder, 'state'), { recursive: true });
    mkdirSync(join(folder, 'spool'));
    const [node] = hostname().split('.');
    const { username } = userInfo();
    const lines = [
      'ClusterName=regmix',
      `SlurmctldHost=${node}(127.0.0.1)`,
      `SlurmUser=${username}`,
      `SlurmdUser=${username}`,
      'AuthType=auth/none',
      'CredType=cred/none',
      // Requeued jobs wait as long as a credential is good for.
      'AuthInfo=cred_expire=5',
      `SlurmctldPort=${freePort()}`,
      `SlurmdPort=${freePort()}`,
      `StateSaveLocation=${join(folder, 'state')}`,
      `SlurmdSpoolDir=${join(folder, 'spool')}`,
      `SlurmctldPidFile=${join(folder, 'slurmctld.pid')}`,
      `SlurmdPidFile=${join(folder, 'slurmd.pid')}`,
      `SlurmctldLogFile=${join(folder, 'slurmctld.log')}`,
      `SlurmdLogFile=${join(folder, 'slurmd.log')}`,
      'ProctrackType=proctrack/linuxproc',
      'TaskPlugin=task/none',
      'MpiDefault=none',
      'SelectType=select/cons_tres',
      'SelectTypeParameters=CR_Core',
      'ReturnToService=2',
      `NodeName=${node} NodeAddr=127.0.0.1 CPUs=2 RealMemory=2500 State=UNKNOWN`,
      'PartitionName=all Nodes=ALL Default=YES State=UP',
    ];
    writeFileSync(env.SLURM_CONF, `${lines.join('\n')}\n`);
    for (const daemon of ['slurmctld', 'slurmd']) {
      daemons.push(spawn(daemon, ['-D'], { env: { ...process.env, ...env }, stdio: 'ignore' }));
    }
  });

  afterAll(async () => {
    const ended = daemons.map((daemon) => new Promise((resolve) => daemon.on('close', resolve)));
    for (const daemon of daemons) daemon.kill();
    await Promise.all(ended);
  });

  it('trains the array, requeues a task that ran out of time, and merges the same bytes', async () => {
    const training = [...common, '--proxies', '7', '--tokens', tokensOf(4)];
    const whole = join(root, 'array whole');
    const out = join(root, "array's $(out)");
    const path = join(folder, 'sweep.sh');
    await run('train', ...training, '--out', whole);
    const options = ['--for', 'slurm', '--shards', '3', '--memory', '1G', '--processes', '1'];
    await run('sweep', ...training, ...options, '--out', out, '--to', path);
    const state = () => runProgram('sinfo', ['--noheader', '--format=%T'], { env }).stdout.trim();
    await expect.poll(state, { timeout: 120_000 }).toBe('idle');
    expect(slurm('bash', path)).toMatch(/^shards: job \d+\nSubmitted batch job \d+$/);
    const [array = ''] = slurm('squeue', '--noheader', '--format=%F', '--name=regmix').split('\n');
    // As SLURM itself does a minute before the limit.
    await expect
      .poll(() => existsSync(join(out, 'shard-1-of-3', 'runs.jsonl')), { timeout: 900_000 })
      .toBe(true);
    slurm('scancel', '--signal=USR1', '--batch', `${array}_1`);
    await expect
      .poll(() => slurm('scontrol', 'show', 'job', `${array}_1`), { timeout: 60_000 })
      .toMatch(/ Restarts=1 /);
    await expect
      .poll(() => slurm('squeue', '--noheader', '--format=%i %T'), { timeout: 900_000 })
      .toBe('');
    const logs = readdirSync(folder).filter((file) => file.startsWith('slurm-'));
    expect(logs).toHaveLength(4);
    for (const log of logs) {
      expect(readFileSync(join(folder, log), 'utf8')).not.toMatch(/error|regmix:/i);
    }
    expect(contents(out)).toEqual(contents(whole));
  });
});
