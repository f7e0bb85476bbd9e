import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { regmix } from './cli/run.fixture';

const folder = mkdtempSync(join(tmpdir(), 'regmix-schedule-'));
const corpus = join(folder, 'corpus');
const study = join(folder, 'study');
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * At step 10 cats lower the loss on cats, at the end dogs do: linearly, so the best mixture is a
 * corner.
 */
beforeAll(() => {
  mkdirSync(corpus);
  mkdirSync(study);
  for (const [domain, words] of Object.entries({ cats: 'purr meow', dogs: 'woof bark growl' })) {
    const lines = Array.from({ length: 200 }, (_, line) =>
      JSON.stringify({ text: `${domain} ${line} say ${words.repeat(1 + (line % 3))}` }),
    );
    writeFileSync(join(corpus, `${domain}-1.jsonl`), lines.join('\n'));
  }
  const shares = Array.from({ length: 16 }, (_, run) => run / 15);
  write('mixtures.csv', [
    'index,train_cats,train_dogs',
    ...shares.map((share, run) => `${run},${share},${1 - share}`),
  ]);
  write('losses.csv', [
    'index,metric/cats_bpb',
    ...shares.map((share, run) => `${run},${2 + share}`),
  ]);
  write('trajectory.csv', [
    'index,step,metric/cats_bpb',
    ...shares.flatMap((share, run) => [`${run},10,${3 - share}`, `${run},40,${2 + share}`]),
  ]);
});

function write(name: string, lines: readonly string[]): void {
  writeFileSync(join(study, name), `${lines.join('\n')}\n`);
}

const about = () => [
  ...['--study', study, '--corpus', corpus, '--target', 'cats'],
  ...['--requested', '1000', '--regressor', 'ols'],
];

describe('regmix schedule', () => {
  it('writes the optimum of every checkpoint as a table, CSV, JSON and YAML', async () => {
    const text = await regmix('schedule', ...about());
    expect(text.err).toBe('');
    expect(text.out).toMatch(/0% to 25% +100\.0% +0\.0% +1\.000/);
    expect(text.out).toMatch(/25% to 100% +0\.0% +100\.0% +1\.000/);
    const csv = await regmix('schedule', ...about(), '--format', 'csv');
    expect(csv.out).toBe('from,to,train_cats,train_dogs\n0,0.25,1,0\n0.25,1,0,1\n');
    const json = await regmix('schedule', ...about(), '--format', 'json');
    expect(JSON.parse(json.out).phases).toEqual([
      { from: 0, to: 0.25, train: { train_cats: 1, train_dogs: 0 } },
      { from: 0.25, to: 1, train: { train_cats: 0, train_dogs: 1 } },
    ]);
    const yaml = await regmix('schedule', ...about(), '--format', 'yaml');
    expect(parse(yaml.out).phases[1]).toEqual({
      from: 0.25,
      to: 1,
      train: { train_cats: 0, train_dogs: 1 },
    });
  });

  it.each([
    ['no study', ['--target', 'cats'], /--study is missing/],
    ['no target', () => ['--study', study], /--target is missing/],
    ['an unknown format', () => [...about(), '--format', 'xml'], /--format.*xml/],
    [
      'a trajectory that is not there',
      () => [...about(), '--trajectory', join(folder, 'none.csv')],
      /none\.csv/,
    ],
    [
      'a trajectory without steps',
      () => [...about(), '--trajectory', join(study, 'losses.csv')],
      /losses\.csv.*"step"/,
    ],
    [
      'limits that no mixture meets',
      () => [...about(), '--requested', '1000000000'],
      /limits|tokens/i,
    ],
  ])('%s: exit code 2 and one line', async (_, args, expected) => {
    const { code, err } = await regmix('schedule', ...(typeof args === 'function' ? args() : args));
    expect(code).toBe(2);
    expect(err).toMatch(expected);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

describe('regmix verify', () => {
  it.each([
    ['names no size', '{"seed":1}', '100k'],
    ['is no JSON', '{', '100k'],
    ['says proxies of 100k', '{"size":"100k"}', '400k'],
  ])('trains models of a size by the plan of the proxies: one that %s', async (_, plan, size) => {
    writeFileSync(join(study, 'plan.json'), plan);
    const { code, out, err } = await regmix(
      'verify',
      ...about(),
      ...['--candidates', 'optimum,prior', '--seeds', '1', '--tokens', '200'],
      ...['--engine', 'wasm', '--processes', '1', '--json'],
    );
    rmSync(join(study, 'plan.json'));
    expect(code, err).toBe(0);
    const known = size === '400k' ? 102_848 : null;
    expect(JSON.parse(out)).toMatchObject({ size, proxyParameters: known });
  });

  it('trains on a schedule beside the optimum', async () => {
    const { code, out, err } = await regmix(
      'verify',
      ...about(),
      ...['--candidates', 'optimum,schedule', '--seeds', '1', '--size', '7k', '--tokens', '30000'],
      ...['--engine', 'wasm', '--processes', '1', '--json'],
    );
    expect(code, err).toBe(0);
    const { candidates, comparisons, steps, verdict } = JSON.parse(out);
    expect(candidates.map(({ id }: { id: string }) => id)).toEqual(['optimum', 'schedule']);
    const [, schedule] = candidates;
    expect(schedule.mixture).toEqual({ cats: 1, dogs: 0 });
    expect(schedule.schedule).toEqual([
      { fromStep: Math.round(steps / 4), mixture: { cats: 0, dogs: 1 } },
    ]);
    for (const { losses } of candidates) expect(losses['1']).toBeGreaterThan(0);
    expect(comparisons).toHaveLength(1);
    expect(verdict).toMatch(/No verdict: one seed/);
  });

  it('refuses unknown candidates', async () => {
    const { code, err } = await regmix('verify', ...about(), '--candidates', 'optimum,luck');
    expect(code).toBe(2);
    expect(err).toMatch(/--candidates.*luck/);
  });
});
