import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatches } from './batches';

/** Domain d consists of the token d alone. */
const tokens = [0, 1, 2, 3].map((domain) => new Uint16Array(50 + domain).fill(domain));
const size = { rows: 8, context: 4 };

function counts(mixture: Float64Array, seed: number, steps: number): number[] {
  const batches = createBatches(tokens, mixture, seed, size);
  const out = [0, 0, 0, 0];
  const batch = new Int32Array(size.rows * (size.context + 1));
  for (let step = 0; step < steps; step++) {
    batches.fill(step, batch, 0);
    for (let row = 0; row < size.rows; row++) out[batch[row * (size.context + 1)]]++;
  }
  return out;
}

describe('batches', () => {
  it('have the mixture’s shares of every domain, by chi-square', () => {
    const mixture = Float64Array.of(0.55, 0.3, 0.1, 0.05);
    for (const seed of [1, 2, 3]) {
      const steps = 200;
      const rows = steps * size.rows;
      const statistic = counts(mixture, seed, steps).reduce((sum, count, domain) => {
        const expected = mixture[domain] * rows;
        return sum + (count - expected) ** 2 / expected;
      }, 0);
      // 3 degrees of freedom: 7.8 is exceeded by 5% of independent draws. Ours are evener than those.
      expect(statistic).toBeLessThan(7.8);
    }
  });

  it('give every domain its weight to within a few rows over a run, whatever the mixture', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
        fc.nat(1e6),
        (raw, seed) => {
          const total = raw.reduce((sum, value) => sum + value, 0);
          fc.pre(total > 1e-3);
          const mixture = Float64Array.from(raw, (value) => value / total);
          const rows = 100 * size.rows;
          counts(mixture, seed, 100).forEach((count, domain) => {
            expect(Math.abs(count - mixture[domain] * rows)).toBeLessThan(6);
            if (mixture[domain] === 0) expect(count).toBe(0);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are right in expectation over seeds at every single row', () => {
    const mixture = Float64Array.of(0.2, 0.5, 0, 0.3);
    const seeds = 4000;
    const out = [0, 0, 0, 0];
    for (let seed = 0; seed < seeds; seed++) {
      out[createBatches(tokens, mixture, seed, size).domainOf(7, 3)]++;
    }
    out.forEach((count, domain) => {
      // Three and a half standard deviations of a binomial.
      const deviation = Math.sqrt(seeds * mixture[domain] * (1 - mixture[domain]));
      expect(Math.abs(count - seeds * mixture[domain])).toBeLessThanOrEqual(3.5 * deviation);
    });
  });

  it('are a function of seed and step alone', () => {
    const text = [Uint16Array.from({ length: 997 }, (_, at) => at % 257)];
    const batch = (seed: number, step: number) => {
      const out = new Int32Array(size.rows * (size.context + 1));
      createBatches(text, Float64Array.of(1), seed, size).fill(step, out, 0);
      return [...out];
    };
    expect(batch(5, 9)).toEqual(batch(5, 9));
    expect(batch(5, 9)).not.toEqual(batch(5, 10));
    expect(batch(5, 9)).not.toEqual(batch(6, 9));
    // Rows are stretches of the text.
    const row = batch(5, 9).slice(0, 5);
    row.slice(1).forEach((token, place) => {
      expect([(row[place] + 1) % 257, 0]).toContain(token);
    });
  });

  it('refuse weight on a domain without text', () => {
    const empty = [new Uint16Array(0), tokens[1]];
    expect(() => createBatches(empty, Float64Array.of(0.5, 0.5), 1, size)).toThrow(RangeError);
    expect(() => createBatches(empty, Float64Array.of(0, 1), 1, size)).not.toThrow();
  });
});

describe('batches of a schedule', () => {
  const read = (
    steps: readonly number[],
    schedule: Parameters<typeof createBatches>[4],
    mixture = Float64Array.of(0.5, 0.5, 0, 0),
  ) => {
    const batches = createBatches(tokens, mixture, 7, size, schedule);
    return steps.map((step) => {
      const batch = new Int32Array(size.rows * (size.context + 1));
      batches.fill(step, batch, 0);
      return Array.from(batch);
    });
  };

  it('are those of each mixture alone, from the step on that it begins with', () => {
    const later = Float64Array.of(0, 0.25, 0.75, 0);
    const last = Float64Array.of(0, 0, 0, 1);
    const schedule = [
      { from: 5, mixture: later },
      { from: 8, mixture: last },
    ];
    expect(read([0, 4], schedule)).toEqual(read([0, 4], undefined));
    expect(read([5, 7], schedule)).toEqual(read([5, 7], undefined, later));
    expect(read([8, 100], schedule)).toEqual(read([8, 100], undefined, last));
    expect(read([5], schedule)).not.toEqual(read([5], undefined));
  });

  it('refuse a later domain without text', () => {
    const schedule = [{ from: 2, mixture: Float64Array.of(0, 0, 0, 0, 1) }];
    expect(() => read([0], schedule)).toThrow(/no tokens/);
  });
});
