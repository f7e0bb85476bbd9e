import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandomStream } from './random';
import {
  averageRanks,
  bootstrapInterval,
  fitStatistics,
  pearson,
  quantile,
  spearman,
} from './statistics';

/** Few distinct values, so that ties are common. */
const tied = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 30 });
/** Two columns of one length. */
const pairs = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
  minLength: 3,
  maxLength: 30,
});
const columns = (list: readonly [number, number][]) =>
  [list.map(([a]) => a), list.map(([, b]) => b)] as const;
const isVaried = (values: readonly number[]) => new Set(values).size > 1;

describe('averageRanks', () => {
  it('are the mean places among all orders of equal values', () => {
    fc.assert(
      fc.property(tied, (values) => {
        const counted = values.map((value) => {
          const below = values.filter((other) => other < value).length;
          const equal = values.filter((other) => other === value).length;
          return below + (equal + 1) / 2;
        });
        expect(Array.from(averageRanks(values))).toEqual(counted);
      }),
    );
  });
});

describe('pearson', () => {
  it('is 1 or -1 on a line, whatever its scale', () => {
    const x = [0.1, 0.4, 0.2, 0.9];
    for (const slope of [1e-180, 2, 1e150]) {
      expect(
        pearson(
          x,
          x.map((value) => slope * value),
        ),
      ).toBeCloseTo(1, 12);
      expect(
        pearson(
          x,
          x.map((value) => -slope * value),
        ),
      ).toBeCloseTo(-1, 12);
    }
  });

  it('matches a value computed by hand', () => {
    // Deviations (-1.5, -.5, .5, 1.5) and (-1, -2, 2, 1): covariance 5, squares 5 and 10.
    expect(pearson([1, 2, 3, 4], [1, 0, 4, 3])).toBeCloseTo(5 / Math.sqrt(50), 14);
  });

  it('is undefined for a constant column, also one whose mean is rounded', () => {
    for (const n of [1, 3, 6, 7, 49]) {
      const constant = new Array<number>(n).fill(0.1);
      const rising = Array.from({ length: n }, (_, index) => index);
      expect(pearson(constant, rising)).toBeNaN();
      expect(pearson(rising, constant)).toBeNaN();
    }
  });
});

describe('spearman', () => {
  it('is 1 - 6 sum d^2 / (n^3 - n) without ties', () => {
    const shuffled = fc.integer({ min: 3, max: 20 }).chain((n) =>
      fc.shuffledSubarray(
        Array.from({ length: n }, (_, k) => k),
        { minLength: n },
      ),
    );
    fc.assert(
      fc.property(shuffled, (order) => {
        const n = order.length;
        const squares = order.reduce((sum, place, index) => sum + (place - index) ** 2, 0);
        const sorted = order.map((_, index) => index);
        expect(spearman(sorted, order)).toBeCloseTo(1 - (6 * squares) / (n ** 3 - n), 12);
      }),
    );
  });

  it('does not change with the order of runs or with a rising transform', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const [a, b] = columns(list);
        fc.pre(isVaried(a) && isVaried(b));
        const rho = spearman(a, b);
        const [c, d] = columns([...list].reverse());
        expect(spearman(c, d)).toBeCloseTo(rho, 12);
        expect(spearman(a.map(Math.exp), b)).toBe(rho);
        expect(spearman(b, a)).toBeCloseTo(rho, 12);
        expect(
          spearman(
            a,
            b.map((value) => -value),
          ),
        ).toBeCloseTo(-rho, 12);
      }),
    );
  });

  it('is undefined below three runs and for constants', () => {
    expect(spearman([1, 2], [1, 2])).toBeNaN();
    expect(spearman([0.3, 0.3, 0.3, 0.3, 0.3, 0.3], [1, 2, 3, 4, 5, 6])).toBeNaN();
  });
});

describe('bootstrapInterval', () => {
  /** Pairs from a bivariate normal of correlation r. */
  function normalPairs(n: number, r: number, seed: number) {
    const stream = createRandomStream(seed);
    const a = new Float64Array(n);
    const b = new Float64Array(n);
    for (let row = 0; row < n; row++) {
      a[row] = stream.normal();
      b[row] = r * a[row] + Math.sqrt(1 - r * r) * stream.normal();
    }
    return { a, b };
  }

  it('holds the true rho of a bivariate normal in about 95% of samples', () => {
    // Kruskal 1958: rho = (6 / pi) asin(r / 2).
    const truth = (6 / Math.PI) * Math.asin(0.35);
    const trials = 300;
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      const { a, b } = normalPairs(120, 0.7, 1000 + trial);
      const [low, high] = bootstrapInterval(a, b, trial);
      if (low <= truth && truth <= high) held++;
    }
    expect(held / trials).toBeGreaterThan(0.9);
    expect(held / trials).toBeLessThan(0.985);
  });

  it('narrows with the number of runs, and is the same for the same seed', () => {
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const meanWidth = (n: number) =>
      seeds.reduce((sum, seed) => {
        const { a, b } = normalPairs(n, 0.7, seed);
        const [low, high] = bootstrapInterval(a, b, seed);
        expect(bootstrapInterval(a, b, seed)).toEqual([low, high]);
        expect(low).toBeLessThan(spearman(a, b));
        expect(high).toBeGreaterThan(spearman(a, b));
        return sum + (high - low) / seeds.length;
      }, 0);
    // Widths fall as 1 / sqrt(n): by 4.
    const ratio = meanWidth(100) / meanWidth(1600);
    expect(ratio).toBeGreaterThan(3.4);
    expect(ratio).toBeLessThan(4.6);
  });

  it('is a point for perfect ranks and undefined where rho is', () => {
    const rising = Array.from({ length: 40 }, (_, index) => index);
    const [low, high] = bootstrapInterval(rising, rising.map(Math.exp), 1);
    expect(low).toBeCloseTo(1, 12);
    expect(high).toBeCloseTo(1, 12);
    expect(bootstrapInterval([1, 2], [1, 2], 1)).toEqual([Number.NaN, Number.NaN]);
    expect(bootstrapInterval([1, 1, 1, 1], [1, 2, 3, 4], 1)).toEqual([Number.NaN, Number.NaN]);
  });
});

describe('quantile', () => {
  it('is linear between order statistics', () => {
    expect(quantile([1, 2, 4, 8], 0.5)).toBe(3);
    expect(quantile([1, 2, 4, 8], 0)).toBe(1);
    expect(quantile([1, 2, 4, 8], 1)).toBe(8);
    expect(quantile([1, 2, 4, 8], 0.9)).toBeCloseTo(6.8, 14);
  });
});

describe('with several runs of a mixture', () => {
  const random = createRandomStream(4);
  const shared = Array.from({ length: 6 }, () => [random.normal(), random.normal()]);
  const mixtures = Int32Array.from({ length: 48 }, (_, row) => row % 6);
  const a = Float64Array.from(mixtures, (mixture) => shared[mixture][0]);
  const b = Float64Array.from(mixtures, (mixture) => shared[mixture][1] + 0.01 * random.normal());

  it('counts the mixtures that are measured', () => {
    const some = b.map((value, row) => (mixtures[row] === 2 ? Number.NaN : value));
    expect(fitStatistics(a, some, 1, 'lower', mixtures)).toMatchObject({ n: 40, mixtures: 5 });
    expect(fitStatistics(a, b, 1)).toMatchObject({ n: 48, mixtures: 48 });
  });

  it('has an interval of rho as wide as six mixtures give, not as forty-eight runs', () => {
    const [low, high] = bootstrapInterval(a, b, 1, mixtures);
    const [lowByRuns, highByRuns] = bootstrapInterval(a, b, 1);
    expect(high - low).toBeGreaterThan(2 * (highByRuns - lowByRuns));
    const means = shared.map(([of]) => of);
    const values = shared.map(([, of]) => of);
    const [lowOnce, highOnce] = bootstrapInterval(means, values, 1);
    expect(high - low).toBeGreaterThan(0.6 * (highOnce - lowOnce));
    expect(
      bootstrapInterval(
        a,
        b,
        1,
        mixtures.map((mixture) => mixture % 2),
      ),
    ).toEqual([Number.NaN, Number.NaN]);
  });

  it('has the interval of runs where no mixture is repeated', () => {
    const each = mixtures.map((_, row) => 47 - row);
    expect(bootstrapInterval(a, b, 3, each)).toEqual(bootstrapInterval(a, b, 3));
  });
});

describe('fitStatistics', () => {
  it('skips rows where either side is missing', () => {
    const {
      n,
      rmse,
      mae,
      pearson: r,
    } = fitStatistics([1, Number.NaN, 2, 3, 5], [2, 7, Number.NaN, 1, 5], 1);
    expect(n).toBe(3);
    expect(rmse).toBeCloseTo(Math.sqrt((1 + 4 + 0) / 3), 14);
    expect(mae).toBeCloseTo(1, 14);
    expect(r).toBeCloseTo(pearson([1, 3, 5], [2, 1, 5]), 14);
  });

  it('is not a number, rather than an error, without rows', () => {
    const missing = Number.NaN;
    expect(fitStatistics([missing, 1], [1, missing], 1)).toEqual({
      n: 0,
      mixtures: 0,
      spearman: missing,
      interval: [missing, missing],
      pearson: missing,
      rmse: missing,
      mae: missing,
      pairsRight: missing,
      topRegret: missing,
    });
  });
});
