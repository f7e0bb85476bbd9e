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

describe('npm run evidence', () => {
  it('judges every pair and every wide file, and names what it cannot read', async () => {
    const told: string[] = [];
    const text = await runEvidence([folder, '--regressors', 'law,ols'], (line) => told.push(line));
    expect(text).toContain('wide.csv: 48 runs, 3 domains, 1 target');
    expect(text).toContain(
      `${join('team', 'pair', 'train_mixture.csv')} + ${join('team', 'pair', 'train_loss.csv')}`,
    );
    expect(text).toContain('Best in how many of 2 tables');
    expect(told.some((line) => line.startsWith('broken.csv left out'))).toBe(true);
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
});
