import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runJob } from '../model/job';
import { readTable } from '../runs/read-table';
import { mixtureCsv, mixtureJson, mixtureYaml, roundWeights } from './formats';

const mixture = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 })
  .filter((amounts) => amounts.some((amount) => amount > 1e-3))
  .map((amounts) => {
    const total = amounts.reduce((sum, amount) => sum + amount, 0);
    return Float64Array.from(amounts, (amount) => amount / total);
  });

function domainsOf(ids: readonly string[]) {
  return ids.map((id) => ({ id, name: id }));
}

describe('rounded weights', () => {
  it('sum to exactly one and stay within two millionths', () => {
    fc.assert(
      fc.property(mixture, (weights) => {
        const counts = roundWeights(weights);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1_000_000);
        counts.forEach((count, domain) => {
          expect(Math.abs(count - weights[domain] * 1e6)).toBeLessThan(2);
        });
      }),
    );
  });
});

describe('the YAML', () => {
  it('reads as RegMix’s trainer expects', () => {
    const yaml = mixtureYaml(domainsOf(['pile_cc', 'github']), Float64Array.of(0.75, 0.25));
    expect(yaml).toBe(
      'train:\n  "train_pile_cc": 0.75\n  "train_github": 0.25\nvalid:\n  "valid_pile_cc": 1.0\n  "valid_github": 1.0\n',
    );
  });

  it('comes back from a YAML parser whatever the domains are called', () => {
    const named = mixture.chain((weights) =>
      fc
        .uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), {
          minLength: weights.length,
          maxLength: weights.length,
        })
        .map((ids) => ({ ids, weights })),
    );
    fc.assert(
      fc.property(named, ({ ids, weights }) => {
        const read = parse(mixtureYaml(domainsOf(ids), weights), { mapAsMap: true });
        const train = read.get('train');
        expect([...train.keys()]).toEqual(ids.map((id) => `train_${id}`));
        const sum = [...train.values()].reduce(
          (total: number, weight: number) => total + weight,
          0,
        );
        expect(sum).toBeCloseTo(1, 9);
        expect([...read.get('valid').values()].every((weight) => weight === 1)).toBe(true);
      }),
    );
  });
});

describe('CSV and JSON', () => {
  it('hold the same weights', () => {
    const domains = domainsOf(['a', 'b', 'c']);
    const weights = Float64Array.of(1 / 3, 1 / 3, 1 / 3);
    const json: Record<string, number> = JSON.parse(mixtureJson(domains, weights));
    expect(json).toEqual({ a: 0.333334, b: 0.333333, c: 0.333333 });
    const table = runJob(readTable({ name: 'mixture.csv', text: mixtureCsv(domains, weights) }));
    expect(Array.from(table.columns[1].numbers ?? [])).toEqual(Object.values(json));
  });
});
