import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Outcome, regmix } from './cli/run.fixture';

const folder = mkdtempSync(join(tmpdir(), 'regmix-sample-'));
afterAll(() => rmSync(folder, { recursive: true }));

function sample(...args: string[]): Promise<Outcome> {
  return regmix('sample', ...args);
}

// Names that YAML would misread unless they are quoted.
const names = ['web', 'no', '3d: art'];
const prior = join(folder, 'prior.csv');
writeFileSync(prior, 'domain,weight\nweb,60\nno,30\n3d: art,10\n');

/** Weights of every run, parsed from the output. */
function readBack(out: string, format: 'csv' | 'regmix' | 'olmix', count: number): number[][] {
  if (format === 'csv') {
    const [header, ...lines] = readFileSync(join(out, 'mixtures.csv'), 'utf8').trim().split('\n');
    expect(header).toBe('index,train_web,train_no,train_3d: art');
    return lines.map((line) => line.split(',').slice(1).map(Number));
  }
  expect(readdirSync(out)).toHaveLength(count);
  return Array.from({ length: count }, (_, run) => {
    const value = parse(readFileSync(join(out, `n${run + 1}.yaml`), 'utf8'));
    if (format === 'olmix') {
      expect(Object.keys(value)).toEqual(['mix']);
      for (const name of Object.keys(value.mix)) expect(names).toContain(name);
      return names.map((name) => value.mix[name]?.weight ?? 0);
    }
    expect(Object.keys(value)).toEqual(['train', 'valid']);
    expect(Object.keys(value.valid)).toEqual(names.map((name) => `valid_${name}`));
    return names.map((name) => value.train[`train_${name}`]);
  });
}

describe('regmix sample', () => {
  it('writes the same mixtures as CSV, for RegMix and for olmix, and others for another seed', async () => {
    const args = ['--prior', prior, '--count', '20', '--cap', '1.5'];
    const read: number[][][] = [];
    for (const format of ['csv', 'regmix', 'olmix'] as const) {
      const out = join(folder, format);
      const { code, err } = await sample(...args, '--seed', '3', '--format', format, '--out', out);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      read.push(readBack(out, format, 20));
    }
    const [mixtures] = read;
    expect(mixtures).toHaveLength(20);
    expect(new Set(mixtures.map(String)).size).toBe(20);
    for (const weights of mixtures) {
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
      weights.forEach((weight, domain) => {
        expect(weight).toBeLessThanOrEqual([0.9, 0.45, 0.15][domain] + 1e-9);
      });
    }
    expect(read[1]).toEqual(mixtures);
    expect(read[2]).toEqual(mixtures);
    const other = join(folder, 'other');
    expect((await sample(...args, '--seed', '4', '--out', other)).code).toBe(0);
    expect(readBack(other, 'csv', 20)).not.toEqual(mixtures);
  });

  it('puts the prior and single domains first when requested', async () => {
    const out = join(folder, 'first');
    const { code } = await sample(
      ...['--prior', prior, '--count', '6', '--cap', 'none', '--with-prior', '--with-singles'],
      ...['--format', 'regmix', '--out', out],
    );
    expect(code).toBe(0);
    expect(readBack(out, 'regmix', 6).slice(0, 4)).toEqual([
      [0.6, 0.3, 0.1],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });

  const bad = join(folder, 'bad.csv');
  writeFileSync(bad, 'domain,weight\nweb,1\nweb,2\n');
  it.each([
    ['neither a prior nor a corpus', [], /one of --prior and --corpus/],
    ['a domain that comes twice', ['--prior', bad], /bad\.csv, row 3.*“web”/],
    ['caps that nothing meets', ['--prior', prior, '--cap', '1'], /Of .* only .* needed/],
    ['an unknown format', ['--prior', prior, '--format', 'toml'], /--format.*toml.*csv, regmix/],
  ])('%s: exit code 2, one line, no file', async (_, args, expected) => {
    const out = join(folder, 'refused');
    const { code, err } = await sample(...args, '--out', out);
    expect(code).toBe(2);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toMatch(expected);
    expect(existsSync(out)).toBe(false);
  });
});
