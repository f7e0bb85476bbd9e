import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairedDifference, studentCdf, studentCritical } from './paired';
import { partsOfId, planVerification } from './plan';
import { courseOf, finalDifference, pointsOf, rankInvariance, verdictText } from './results';

const bySeeds = (values: readonly number[]) => new Map(values.map((value, seed) => [seed, value]));

describe('Student’s t', () => {
  it('reaches as far as the published tables say', () => {
    // NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2, to its three decimals.
    for (const [level, freedom, reach] of [
      [0.95, 1, 12.706],
      [0.95, 2, 4.303],
      [0.95, 4, 2.776],
      [0.95, 9, 2.262],
      [0.95, 30, 2.042],
      [0.95, 100, 1.984],
      [0.9, 4, 2.132],
      [0.99, 4, 4.604],
      [0.99, 1, 63.657],
    ]) {
      expect(studentCritical(level, freedom)).toBeCloseTo(reach, 3);
    }
  });

  it('has the closed forms of one and two degrees of freedom', () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (t) => {
        expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 11);
        expect(studentCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 11);
      }),
    );
  });
});

describe('a paired difference', () => {
  it('is that of Student’s own example: hours of sleep gained by two drugs (1908)', () => {
    const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
    const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const { n, mean, interval, p } = pairedDifference(bySeeds(first), bySeeds(second));
    expect(n).toBe(10);
    expect(mean).toBeCloseTo(1.58, 10);
    expect(interval[0]).toBeCloseTo(0.7001, 4);
    expect(interval[1]).toBeCloseTo(2.4599, 4);
    expect(p).toBeCloseTo(0.002833, 6);
  });

  it('pairs by seed, leaves out seeds without a partner, and turns its sign when sides change', () => {
    const loss = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(loss, loss), { minLength: 2, maxLength: 9 }), (pairs) => {
        const ours = bySeeds(pairs.map(([a]) => a));
        const theirs = bySeeds(pairs.map(([, b]) => b));
        const one = pairedDifference(ours, theirs);
        const other = pairedDifference(theirs, ours);
        expect(other.mean).toBeCloseTo(-one.mean, 12);
        expect(other.half).toBeCloseTo(one.half, 12);
        const more = new Map([...ours].reverse()).set(77, 3);
        expect(pairedDifference(more, theirs)).toEqual(one);
      }),
    );
  });

  it('has no interval with one seed', () => {
    const { n, mean, half, p } = pairedDifference(bySeeds([1]), bySeeds([3]));
    expect([n, mean, half, p]).toEqual([1, 2, Number.NaN, Number.NaN]);
  });
});

describe('the verdict', () => {
  const about = {
    candidate: 'the optimum',
    other: 'the prior',
    target: 'Spanish',
    unit: 'bits per byte',
  };
  const said = (ours: readonly number[], theirs: readonly number[]) =>
    verdictText(pairedDifference(bySeeds(ours), bySeeds(theirs)), about);

  it('says who wins and who loses, with the interval', () => {
    expect(said([2, 2.1, 2.2], [2.5, 2.6, 2.71])).toBe(
      'The optimum beats the prior by 0.503 ± 0.014 bits per byte on Spanish (95% interval over 3 seeds).',
    );
    expect(said([2.5, 2.6, 2.71], [2, 2.1, 2.2])).toMatch(
      /^The optimum loses to the prior by 0\.503/,
    );
  });

  it('does not decide when the interval holds zero, or with one seed', () => {
    expect(said([2, 3, 2], [3, 2, 3])).toMatch(/cannot be told apart.*holds zero/);
    expect(said([2], [3])).toMatch(/chance may have done it/);
    expect(said([], [3])).toMatch(/no seed in common/);
  });

  it('never claims a side that its interval does not', () => {
    const loss = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(loss, loss), { minLength: 2, maxLength: 6 }), (pairs) => {
        const difference = pairedDifference(
          bySeeds(pairs.map(([a]) => a)),
          bySeeds(pairs.map(([, b]) => b)),
        );
        const text = verdictText(difference, about);
        expect(text.includes('beats')).toBe(difference.mean - difference.half > 0);
        expect(text.includes('loses')).toBe(difference.mean + difference.half < 0);
      }),
    );
  });
});

describe('the plan of a verification', () => {
  const candidates = [
    { id: 'optimum', name: 'the optimum', mixture: Float64Array.of(1, 0) },
    { id: 'prior', name: 'the prior', mixture: Float64Array.of(0.4, 0.6) },
  ];

  it('trains every candidate with every seed, seed by seed, under ids that contain both', () => {
    const plan = planVerification(candidates, 3, 5);
    expect(plan.map(({ seed }) => seed)).toEqual([5, 5, 6, 6, 7, 7]);
    expect(plan.map(({ id }) => partsOfId(id)?.candidate)).toEqual([
      'optimum',
      'prior',
      'optimum',
      'prior',
      'optimum',
      'prior',
    ]);
    expect(plan.map(({ id }) => partsOfId(id)?.seed)).toEqual(plan.map(({ seed }) => seed));
    expect(new Set(plan.map(({ id }) => id)).size).toBe(6);
    expect(partsOfId('12')).toBeNull();
  });

  it('refuses two of one name, and a single one', () => {
    expect(() => planVerification([candidates[0], candidates[0]], 1, 1)).toThrow(/same name/);
    expect(() => planVerification(candidates.slice(1), 1, 1)).toThrow(/alone/);
  });

  it('is restored from trained models: losses in bits, means, spreads and differences', () => {
    const run = (id: string, first: number, last: number) => ({
      id,
      evaluations: [
        { step: 5, losses: [9, first * Math.LN2] },
        { step: 10, losses: [9, last * Math.LN2] },
      ],
    });
    const points = pointsOf([
      run('optimum#1', 5, 2),
      run('optimum#2', 6, 4),
      run('prior#1', 6, 3),
      run('prior#2', 6, 6),
      run('17', 1, 1),
    ]);
    expect(points).toHaveLength(8);
    const [start, end] = courseOf(points, 'optimum', 1);
    expect([start.step, start.n, end.step]).toEqual([5, 2, 10]);
    expect([end.mean, end.least, end.most].map((value) => Math.round(1e9 * value) / 1e9)).toEqual([
      3, 2, 4,
    ]);
    const { n, mean, differences } = finalDifference(points, 'optimum', 'prior', 10, 1);
    expect(n).toBe(2);
    expect(mean).toBeCloseTo(1.5, 12);
    expect(differences[0]).toBeCloseTo(1, 12);
  });
});

describe('rank invariance', () => {
  it('has rho and the interval of Bonett and Wright', () => {
    const { rho, interval, n } = rankInvariance([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 3, 4, 5, 6, 8, 7]);
    expect(n).toBe(8);
    // 1 - 6 * (1 + 1 + 1 + 1) / (8 * 63)
    expect(rho).toBeCloseTo(1 - 24 / 504, 12);
    // By hand: atanh(.952381) = 1.856786; sqrt((1 + .453515) / 5) * 1.959964 = 1.056747.
    expect(interval[0]).toBeCloseTo(Math.tanh(1.856786 - 1.056747), 5);
    expect(interval[1]).toBeCloseTo(Math.tanh(1.856786 + 1.056747), 5);
  });

  it('keeps rho within its interval, and is unsure with few', () => {
    const loss = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(loss, loss), { minLength: 4, maxLength: 12 }), (pairs) => {
        const { rho, interval } = rankInvariance(
          pairs.map(([a]) => a),
          pairs.map(([, b]) => b),
        );
        fc.pre(Number.isFinite(rho));
        expect(interval[0]).toBeLessThanOrEqual(rho);
        expect(interval[1]).toBeGreaterThanOrEqual(rho);
        expect(interval[0]).toBeGreaterThanOrEqual(-1);
        expect(interval[1]).toBeLessThanOrEqual(1);
      }),
    );
    expect(rankInvariance([1, 2, 3], [1, 2, 3]).interval).toEqual([Number.NaN, Number.NaN]);
    expect(rankInvariance([1, 2, 3, 4], [1, 2, 3, 4]).interval[0]).toBeLessThan(0.9);
  });
});
