import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { runJob } from '../model/job';
import { fromRows, type Matrix, rowOf, selectRows } from '../model/matrix';
import { createRandomStream } from '../model/random';
import { spearman } from '../model/statistics';
import { testSignal } from './signal';
import { syntheticSample } from './synthetic.fixture';

/** Random mixtures, of whose weights a share is zero. */
function mixturesOf(rows: number, domains: number, zeros: number, seed: number): Matrix {
  const random = createRandomStream(seed);
  return fromRows(
    Array.from({ length: rows }, () => {
      const drawn = Array.from({ length: domains }, () =>
        random.uniform() < zeros ? 0 : random.gamma(0.8),
      );
      const sum = drawn.reduce((total, weight) => total + weight, 0);
      return sum > 0 ? drawn.map((weight) => weight / sum) : drawn.map((_, at) => Number(at === 0));
    }),
  );
}

const p = (features: Matrix, values: Float64Array, seed = 1) =>
  runJob(testSignal({ features, values }, seed)).p;

describe('the test of a signal', () => {
  it.each([
    ['without zeros', 0, 1],
    ['with half of the weights zero', 0.5, 1],
    ['with every mixture trained thrice', 0.3, 3],
  ])('finds one in a twentieth of tables of noise, %s', (_, zeros, repeats) => {
    const trials = 600;
    const found: number[] = [];
    for (let seed = 0; seed < trials; seed++) {
      const random = createRandomStream(5000 + seed);
      const once = mixturesOf(6 + (seed % 12), 3 + (seed % 6), zeros, seed);
      const rows = Int32Array.from({ length: repeats * once.rows }, (_, row) => row % once.rows);
      // Heavy tails: noise that a mean square would be ruled by.
      const values = Float64Array.from(rows, () => random.normal() / (0.1 + random.uniform()));
      found.push(p(selectRows(once, rows), values, seed));
    }
    for (const level of [0.05, 0.2, 0.5]) {
      const share = found.filter((one) => one <= level).length / trials;
      // Ties among permutations make the test conservative by little; three standard errors of luck.
      const luck = 3 * Math.sqrt((level * (1 - level)) / trials);
      expect(share).toBeLessThan(level + luck);
      expect(share).toBeGreaterThan(level - luck - 0.02);
    }
  });

  it('takes repeated runs of a mixture for one, whatever they share by chance', () => {
    const trials = 400;
    const found = Array.from({ length: trials }, (_, seed) => {
      const random = createRandomStream(9000 + seed);
      const once = mixturesOf(5 + (seed % 4), 4, 0.2, seed);
      const shared = Array.from({ length: once.rows }, () => random.normal());
      // Some mixtures are run more often than others.
      const rows = Int32Array.from({ length: 8 * once.rows }, (_, row) =>
        row % 3 === 0 ? row % 2 : row % once.rows,
      );
      const values = Float64Array.from(rows, (mixture) => shared[mixture] + 0.2 * random.normal());
      return p(selectRows(once, rows), values, seed);
    });
    const share = found.filter((one) => one <= 0.05).length / trials;
    expect(share).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / trials));
  });

  it('finds what sixteen runs of a law show', () => {
    const found = Array.from({ length: 20 }, (_, seed) => {
      const { features, values } = syntheticSample(16, 5, { seed: seed + 1 });
      return p(features, values);
    });
    expect(found.filter((one) => one <= 0.05).length).toBeGreaterThanOrEqual(17);
    const few = syntheticSample(32, 17);
    expect(p(few.features, few.values)).toBeLessThanOrEqual(0.01);
  });

  it('finds weak signals as often as the best correlation of a domain does, and several at once more often', () => {
    const trials = 150;
    const tables = (truth: (weights: Float64Array) => number, seed: number) => {
      const random = createRandomStream(seed);
      const features = mixturesOf(28, 6, 0.3, 900 + seed);
      const clean = Float64Array.from({ length: 28 }, (_, row) => truth(rowOf(features, row)));
      const mean = clean.reduce((sum, value) => sum + value / 28, 0);
      const spread = Math.sqrt(clean.reduce((sum, value) => sum + (value - mean) ** 2 / 28, 0));
      return { features, values: clean.map((value) => value + spread * random.normal()) };
    };
    const power = (truth: (weights: Float64Array) => number) => {
      let ours = 0;
      let single = 0;
      for (let seed = 0; seed < trials; seed++) {
        const { features, values } = tables(truth, seed);
        if (p(features, values) <= 0.05) ours++;
        const best = Math.max(
          ...Array.from({ length: 6 }, (_, domain) =>
            Math.abs(
              spearman(
                Float64Array.from({ length: 28 }, (_, row) => rowOf(features, row)[domain]),
                values,
              ),
            ),
          ),
        );
        // Two-sided 5% by Bonferroni over six domains: |rho| > 2.64 / sqrt(27).
        if (best > 2.64 / Math.sqrt(27)) single++;
      }
      return { ours: ours / trials, single: single / trials };
    };
    const one = power((weights) => -Math.log(weights[0] + 0.01));
    expect(one.ours).toBeGreaterThan(0.85);
    expect(one.ours).toBeGreaterThan(one.single - 0.03);
    const several = power(
      (weights) => (0.2 + weights.reduce((sum, w, at) => sum + w ** 0.5 / (at + 1), 0)) ** -0.5,
    );
    expect(several.ours).toBeGreaterThan(0.6);
    expect(several.ours).toBeGreaterThan(several.single);
  });

  it('does not depend on the unit or direction of the values, nor on rows that were not measured', () => {
    const { features, values } = syntheticSample(20, 8, { noise: 0.3 });
    const signal = p(features, values);
    expect(signal).toBeGreaterThan(0.001);
    expect(
      p(
        features,
        values.map((value) => 1e4 * value - 3),
      ),
    ).toBe(signal);
    expect(
      p(
        features,
        values.map((value) => -value),
      ),
    ).toBe(signal);
    expect(p(features, values.map(Math.exp))).toBe(signal);
    const longer = fromRows([...Array.from({ length: 20 }, (_, row) => rowOf(features, row))]);
    const unmeasured = runJob(sampleDirichlet(new Float64Array(8).fill(1), 20, 3));
    const both = fromRows(
      [longer, unmeasured].flatMap((table) =>
        Array.from({ length: 20 }, (_, row) => rowOf(table, row)),
      ),
    );
    expect(p(both, Float64Array.of(...values, ...new Float64Array(20).fill(Number.NaN)))).toBe(
      signal,
    );
  });

  it('is the same every time, with fewer permutations of large tables', () => {
    const { features, values } = syntheticSample(3000, 40);
    const first = runJob(testSignal({ features, values }, 1));
    expect(first.permutations).toBeLessThan(999);
    expect(first.permutations).toBeGreaterThanOrEqual(99);
    expect(first.p).toBe(1 / (1 + first.permutations));
    // Of a copy nothing is known from before.
    const copy = { ...features, values: features.values.slice() };
    expect(runJob(testSignal({ features: copy, values: values.slice() }, 1))).toEqual(first);
    const few = syntheticSample(24, 4);
    expect(runJob(testSignal(few, 1)).permutations).toBe(999);
  });
});
