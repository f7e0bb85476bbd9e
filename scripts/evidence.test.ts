import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowOf } from '../lib/model/matrix';
import { syntheticSample } from '../lib/regression/synthetic.fixture';
import { runEvidence } from './evidence';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidence-'));
  const { features, values } = syntheticSample(48, 3);
  const ids = Array.from(values.keys());
  const mixtures = ids.map((row) => [row, ...rowOf(features, row)].join(','));
  const losses = ids.map((row) => `${row},${values[row]}`);
  const pair = join(folder, 'team', 'pair');
  mkdirSync(pair, { recursive: true });
  writeFileSync(
    join(pair, 'train_mixture.csv'),
    ['index,train_a,train_b,train_c', ...mixtures].join('\n'),
  );
  writeFileSync(join(pair, 'train_loss.csv'), ['index,metric/web_val_loss', ...losses].join('\n'));
  const wide = mixtures.map((line, row) => `${line},${values[row]}`);
  writeFileSync(
    join(folder, 'wide.csv'),
    ['run,train_a,train_b,train_c,web_loss', ...wide].join('\n'),
  );
  writeFileSync(join(folder, 'broken.csv'), 'a,b\n1\n');
  writeFileSync(join(folder, 'notes.txt'), 'no runs');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder of its own with these files: rows of cells by name. */
function folderOf(files: Readonly<Record<string, readonly (readonly unknown[])[]>>): string {
  const made = mkdtempSync(join(tmpdir(), 'evidence-'));
  for (const [name, rows] of Object.entries(files)) {
    writeFileSync(join(made, name), rows.map((row) => row.join(',')).join('\n'));
  }
  return made;
}

/** Mixtures and losses of n runs on two targets; ids begin with `prefix`. */
function pairOf(n: number, prefix = '') {
  const { features, values } = syntheticSample(n, 3);
  const ids = Array.from(values.keys());
  return {
    mixtures: [
      ['index', 'train_a', 'train_b', 'train_c'],
      ...ids.map((row) => [`${prefix}${row}`, ...rowOf(features, row)]),
    ],
    losses: [
      ['index', 'metric/web_val_loss', 'metric/code_val_loss'],
      ...ids.map((row) => [`${prefix}${row}`, values[row], 2 * values[row]]),
    ],
  };
}

interface Result {
  readonly tables: unknown;
  readonly leftOut: readonly { readonly file: string; readonly reason: string }[];
}

describe('npm run evidence', () => {
  it('judges every pair and every wide file, and names what it cannot read', async () => {
    const text = await runEvidence([folder, '--regressors', 'law,ols'], () => undefined);
    expect(text).toContain('wide.csv: 48 runs, 3 domains, 1 target');
    expect(text).toContain(
      `${join('team', 'pair', 'train_mixture.csv')} + ${join('team', 'pair', 'train_loss.csv')}`,
    );
    expect(text).toContain('Best in how many of 2 tables');
    expect(text).toMatch(/\n\nLeft out\nbroken\.csv: row 2: found 1 cells?, expected 2/);
  });

  it('gives the same figures as JSON, by the seed', async () => {
    const args = [folder, '--regressors', 'law,ols', '--json'];
    const first: unknown = JSON.parse(await runEvidence(args, () => undefined));
    expect(JSON.parse(await runEvidence(args, () => undefined))).toEqual(first);
    expect(first).toMatchObject({
      tables: [
        {
          table: 'wide.csv',
          runs: 48,
          evidence: [{ regressor: 'law', n: 48 }, { regressor: 'ols' }],
        },
        { domains: 3 },
      ],
    });
  });

  it('says why a regressor is missing', async () => {
    const text = await runEvidence([folder, '--regressors', 'gbdt-paper'], () => undefined);
    expect(text).toContain('gbdt-paper on web');
    expect(text).toContain('chooses its rounds');
  });

  it('refuses a folder without runs, one that is not there, and unknown regressors', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'evidence-'));
    await expect(runEvidence([empty], () => undefined)).rejects.toThrow('found no table of runs');
    rmSync(empty, { recursive: true });
    await expect(runEvidence([join(folder, 'none')], () => undefined)).rejects.toThrow(
      'cannot be read',
    );
    await expect(runEvidence([folder, '--regressors', 'magic'], () => undefined)).rejects.toThrow(
      'There is no regressor',
    );
  });

  it('explains itself', async () => {
    expect(await runEvidence([], () => undefined)).toContain('npm run evidence -- FOLDER');
  });

  it('names what has no partner, and what shares no run with its partner', async () => {
    const [good, lone, a, b] = [pairOf(20), pairOf(12, 'x'), pairOf(12, 'p'), pairOf(12, 'q')];
    const made = folderOf({
      'good_mixture.csv': good.mixtures,
      'good_loss.csv': good.losses,
      'lone_mixture.csv': lone.mixtures,
      'a_mixture.csv': a.mixtures,
      'a_loss.csv': b.losses,
      'b_mixture.csv': b.mixtures,
      'b_loss.csv': a.losses,
      'tokens.csv': [
        ['domain', 'tokens'],
        ['a', 100],
        ['b', 200],
      ],
    });
    const args = [made, '--regressors', 'ols', '--targets', '1', '--json'];
    const { tables, leftOut }: Result = JSON.parse(await runEvidence(args, () => undefined));
    expect(tables).toMatchObject([{ table: 'good_mixture.csv + good_loss.csv', notes: [] }]);
    const swapped = 'a_mixture.csv + a_loss.csv';
    const reasonFor = (name: string) => leftOut.find(({ file }) => file === name)?.reason;
    expect(leftOut).toHaveLength(4);
    expect(reasonFor('lone_mixture.csv')).toMatch(/^read as mixtures only/);
    expect(reasonFor('tokens.csv')).toMatch(/^no weights that sum to 1/);
    expect(reasonFor(swapped)).toContain('no run id in common ("p0" … against "q0" …)');
    expect(reasonFor(swapped)).toContain('a_mixture.csv shares more run ids with b_loss.csv');
    expect(reasonFor(swapped)).toContain('a_loss.csv shares more run ids with b_mixture.csv');
    rmSync(made, { recursive: true });
  });

  it('says how many runs of a pair have no partner', async () => {
    const { mixtures, losses } = pairOf(20);
    const made = folderOf({ 'mix.csv': mixtures, 'loss.csv': losses.slice(0, 16) });
    const text = await runEvidence([made, '--regressors', 'ols'], () => undefined);
    expect(text).toContain('mix.csv + loss.csv: 15 runs');
    expect(text).toContain('5 runs of mix.csv left out: missing from loss.csv.');
    rmSync(made, { recursive: true });
  });

  it('says when names pair what other files share more runs with', async () => {
    const { mixtures, losses } = pairOf(30);
    const [head, ...rows] = losses;
    const made = folderOf({
      'a_mixture.csv': mixtures,
      'a_loss.csv': [head, ...rows.slice(18), ...pairOf(12, 'x').losses.slice(1)],
      'b_loss.csv': losses,
    });
    const text = await runEvidence([made, '--regressors', 'ols'], () => undefined);
    expect(text).toContain('a_mixture.csv + a_loss.csv: 12 runs');
    expect(text).toContain('18 runs of a_mixture.csv left out: missing from a_loss.csv.');
    expect(text).toContain('a_mixture.csv shares more run ids with b_loss.csv');
    expect(text).toContain('b_loss.csv: read as losses only');
    rmSync(made, { recursive: true });
  });

  it('says once, for all that it keeps from a figure, that the runs are too few for a fold', async () => {
    const { mixtures, losses } = pairOf(10);
    const made = folderOf({ 'mix.csv': mixtures, 'loss.csv': losses });
    const args = [made, '--regressors', 'law,gp,ols'];
    const text = await runEvidence(args, () => undefined);
    const few = text.split('\n').filter((line) => line.includes('needed'));
    expect(few).toEqual([
      'law, gp on every target: 10 runs with this target: cross-validation fits 8 of them, and 10 are needed.',
    ]);
    rmSync(made, { recursive: true });
  });

  it('says what it found where there is no table at all', async () => {
    const made = folderOf({ 'mix.csv': pairOf(12).mixtures });
    await expect(runEvidence([made], () => undefined)).rejects.toThrow(
      /found no table of runs\nmix\.csv: read as mixtures only/,
    );
    rmSync(made, { recursive: true });
  });
});
