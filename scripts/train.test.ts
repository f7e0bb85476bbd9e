import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { engineVersion } from '../lib/training/simd/engine';
import { buildCorpora } from './build-corpora';
import { type Outcome, regmix } from './cli/run.fixture';
import { readLanguages } from './corpora/languages';
import { openTrainingFolder } from './training/store';

const folder = mkdtempSync(join(tmpdir(), 'regmix-train-'));
const corpus = join(folder, 'corpus');
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  mkdirSync(corpus);
  for (const [domain, words] of Object.entries({ cats: 'purr meow', dogs: 'woof bark growl' })) {
    const lines = Array.from({ length: 200 }, (_, line) =>
      JSON.stringify({ text: `${domain} ${line} say ${words.repeat(1 + (line % 3))}` }),
    );
    writeFileSync(join(corpus, `${domain}-1.jsonl`), lines.join('\n'));
  }
});

// Variables by which a GPU of this machine would be found: the tests assume a machine without one.
beforeEach(() => {
  vi.stubEnv('VK_DRIVER_FILES', '/none.json');
  vi.stubEnv('VK_ICD_FILENAMES', '/none.json');
});
afterEach(() => vi.unstubAllEnvs());

function train(...args: string[]): Promise<Outcome> {
  return regmix('train', ...args);
}

/** Starts a training in a separate process and kills it once one of its files exists. */
async function killOnce(path: string, ...args: string[]): Promise<void> {
  const command = ['--import', 'tsx', 'scripts/regmix.ts', 'train', ...args];
  const child = spawn(process.execPath, command, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await expect.poll(() => existsSync(path), { timeout: 300_000, interval: 20 }).toBe(true);
  child.kill('SIGKILL');
  await ended;
}

const small = ['--corpus', corpus, '--proxies', '3', '--tokens', '6000', '--seed', '4'];

describe('regmix train', () => {
  it('gives the same pair of CSVs for a seed, interrupted or not, by one process or two', async () => {
    const whole = join(folder, 'whole');
    expect((await train(...small, '--processes', '1', '--out', whole)).code).toBe(0);
    const losses = readFileSync(join(whole, 'losses.csv'), 'utf8');
    const lines = losses.trim().split('\n');
    expect(lines[0]).toBe('index,metric/cats_bpb,metric/dogs_bpb');
    expect(lines).toHaveLength(4);
    for (const line of lines.slice(1)) {
      for (const cell of line.split(',').slice(1)) {
        expect(Number(cell)).toBeGreaterThan(0.1);
        // A uniform guess among 257 tokens costs 8 bits; training must have started.
        expect(Number(cell)).toBeLessThan(8);
      }
    }

    const again = JSON.parse((await train(...small, '--out', whole, '--json')).out);
    expect(again).toMatchObject({ losses: join(whole, 'losses.csv'), proxies: 3 });
    // What only changes how it runs is in no plan, and nothing was left to train.
    const processes = Math.min(3, availableParallelism());
    expect(again).toMatchObject({ tokensPerSecond: 0, processes });
    const plan = readFileSync(join(whole, 'plan.json'), 'utf8');
    expect(plan).not.toMatch(/process|population|shard/);
    // Other bits of the engine are another training.
    expect(JSON.parse(plan)).toMatchObject({ backend: 'wasm', engineVersion });

    const killed = join(folder, 'killed');
    await killOnce(join(killed, 'runs.jsonl'), ...small, '--processes', '1', '--out', killed);
    expect(existsSync(join(killed, 'losses.csv'))).toBe(false);
    const { code, out } = await train(...small, '--processes', '2', '--out', killed);
    expect(code).toBe(0);
    expect(out).toMatch(/; [1-9]\d* tokens\/s in \d+\.\d s by 2 processes\n$/);
    expect(readFileSync(join(killed, 'losses.csv'), 'utf8')).toBe(losses);
    const mixtures = readFileSync(join(killed, 'mixtures.csv'), 'utf8');
    expect(mixtures).toBe(readFileSync(join(whole, 'mixtures.csv'), 'utf8'));
  });

  it.each([
    [
      'a folder with another training',
      ['--tokens', '7000', '--out', join(folder, 'whole')],
      /other settings/,
    ],
    ['no folder to write to', [], /--out is missing/],
    ['an unknown size', ['--size', '7b', '--out', join(folder, 'x')], /--size.*7b/],
    ['an unknown corpus', ['--corpus', 'klingon', '--out', join(folder, 'x')], /klingon/],
    ['an unknown engine', ['--engine', 'tpu', '--out', join(folder, 'x')], /--engine.*tpu.*webgpu/],
    [
      'WebGPU where its package or a GPU is missing',
      ['--engine', 'webgpu', '--out', join(folder, 'x')],
      /--engine webgpu: the npm package webgpu .*install it with npm install --no-save webgpu; it needs a Vulkan driver/,
    ],
    [
      'a shard that is none',
      ['--shard', '0/3', '--out', join(folder, 'x')],
      /--shard: found “0\/3”, expected I\/N with I from 1 to N/,
    ],
    [
      'a shard beyond the last',
      ['--shard', '4/3', '--out', join(folder, 'x')],
      /--shard: found “4\/3”, expected I\/N/,
    ],
    [
      'a shard without a number',
      ['--shard', '2', '--out', join(folder, 'x')],
      /--shard: found “2”, expected I\/N/,
    ],
    [
      'more shards than proxies',
      ['--shard', '1/4', '--out', join(folder, 'x')],
      /--shard: found “1\/4”, expected at most as many shards as there are proxies, 3/,
    ],
    ['a word that is no option', ['x', '--out', join(folder, 'x')], /found “x”, expected options/],
    ['an unknown domain', ['--domains', 'birds', '--out', join(folder, 'x')], /birds.*cats, dogs/],
  ])('%s: exit code 2 and one line', async (_, args, expected) => {
    const { code, err } = await train(...small, ...args);
    expect(code).toBe(2);
    expect(err).toMatch(expected);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

describe('the folder of a training', () => {
  const run = (id: string) => ({ id, evaluations: [], curve: [] });

  it('keeps what another process writes there: a job started twice loses no run', async () => {
    const out = join(folder, 'twice');
    const first = openTrainingFolder(out, 'plan');
    await first.finish('1', [run('1')]);
    // The first process is in the middle of two writes when the second one starts.
    const part = join(out, 'checkpoint-2.bin.0.part');
    writeFileSync(part, 'half');
    const path = join(out, 'runs.jsonl');
    const begun = JSON.stringify(run('2'));
    appendFileSync(path, begun.slice(0, 9));
    const second = openTrainingFolder(out, 'plan');
    expect((await second.finished()).map(({ id }) => id)).toEqual(['1']);
    appendFileSync(path, `${begun.slice(9)}\n`);
    renameSync(part, join(out, 'checkpoint-2.bin'));
    await second.finish('3', [run('3')]);
    await first.finish('3', [run('3')]);
    for (const each of [first, second]) {
      expect((await each.finished()).map(({ id }) => id)).toEqual(['1', '2', '3']);
      expect(await each.groups()).toEqual(['2']);
    }
  });

  it('deletes what a killed process left half written a day ago, and no more', () => {
    const out = join(folder, 'old');
    openTrainingFolder(out, 'plan');
    const dayAgo = Date.now() / 1000 - 25 * 3600;
    for (const name of ['old.part', 'new.part', 'old.bin']) {
      writeFileSync(join(out, name), '');
      if (name.startsWith('old')) utimesSync(join(out, name), dayAgo, dayAgo);
    }
    openTrainingFolder(out, 'plan');
    expect(readdirSync(out).sort()).toEqual(['new.part', 'old.bin', 'plan.json']);
  });
});

describe('the built-in corpora', () => {
  it('are 14 languages and software, with enough text for training and for validation', () => {
    const [languages, software] = buildCorpora('.', join(folder, 'built'));
    expect(languages.domains).toHaveLength(14);
    expect(software.domains.length).toBeGreaterThanOrEqual(4);
    for (const { trainingTokens, validationTokens, licence } of [
      ...languages.domains,
      ...software.domains,
    ]) {
      expect(trainingTokens).toBeGreaterThan(50_000);
      expect(validationTokens).toBeGreaterThan(5_000);
      expect(licence).not.toBe('');
    }
  });

  it('hold the same messages in every language', () => {
    const { domains } = readLanguages('.');
    const ids = domains.map(({ documents }) => new Set(documents.map(({ id }) => id)));
    for (const each of ids) {
      const foreign = [...each].filter((id) => !ids[0].has(id));
      expect(foreign).toEqual([]);
      expect(each.size).toBeGreaterThan(0.95 * ids[0].size);
    }
  });
});
