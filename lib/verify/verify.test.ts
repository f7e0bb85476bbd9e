import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandomStream } from '../model/random';
import { studentCdf, studentCritical } from '../model/student';
import { layoutOf, type SizeId, sizeIds, sizes } from '../training/shape';
import { alwaysValidHalf, holm, pairedDifference, studentHalf, studentP } from './paired';
import { partsOfId, planVerification, sizeToVerify } from './plan';
import { courseOf, intervalText, judge, pointsOf, rankInvariance } from './results';

const bySeeds = (values: readonly number[]) => new Map(values.map((value, seed) => [seed, value]));

describe('the usual size of a verification', () => {
  const parametersOf = (id: SizeId) => layoutOf(sizes[id]).count;

  it.each([
    ['20k', '100k'],
    ['100k', '400k'],
    ['400k', '1m'],
  ] as const)('after proxies of %s is %s', (proxies, larger) => {
    expect(sizeToVerify(parametersOf(proxies))).toBe(larger);
  });

  it('is several times that of the proxies while there is such a size, and else the largest', () => {
    for (const id of sizeIds) {
      const usual = sizeToVerify(parametersOf(id));
      const ratio = parametersOf(usual) / parametersOf(id);
      expect(usual === '1m' || ratio > 3).toBe(true);
    }
    expect(sizeToVerify(1e9)).toBe('1m');
    expect(sizeToVerify(undefined)).toBe('100k');
  });
});

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
    const difference = pairedDifference(bySeeds(first), bySeeds(second));
    expect(difference.n).toBe(10);
    expect(difference.mean).toBeCloseTo(1.58, 10);
    const half = studentHalf(difference, 0.95);
    expect(difference.mean - half).toBeCloseTo(0.7001, 4);
    expect(difference.mean + half).toBeCloseTo(2.4599, 4);
    expect(studentP(difference)).toBeCloseTo(0.002833, 6);
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
        expect(other.deviation).toBeCloseTo(one.deviation, 12);
        const more = new Map([...ours].reverse()).set(77, 3);
        expect(pairedDifference(more, theirs)).toEqual(one);
      }),
    );
  });

  it('has no test and no interval with one seed, and none of a model that diverged', () => {
    const one = pairedDifference(bySeeds([1, 2]), bySeeds([3, Number.NaN]));
    expect([one.n, one.mean, studentP(one), studentHalf(one, 0.95)]).toEqual([
      1,
      2,
      Number.NaN,
      Number.NaN,
    ]);
    expect(alwaysValidHalf(one, 0.95)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('Holm’s correction', () => {
  it('steps down from the smallest p', () => {
    // 4 x .005, 3 x .01, 2 x .03, then no less than the one before.
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((p, place) => {
      expect(adjusted[place]).toBeCloseTo(p, 12);
    });
    expect(holm([Number.NaN, 0.9])).toEqual([1, 1]);
  });
});

describe('the confidence sequence', () => {
  it('ends where the mixture’s likelihood ratio is 1 / alpha', () => {
    const difference = pairedDifference(bySeeds([0, 0, 0, 0]), bySeeds([1, 2, 2.5, 4]));
    const half = alwaysValidHalf(difference, 0.95);
    // The ratio by quadrature over mu / sigma and log sigma, the right Haar measure over both.
    const ratioAt = (mu: number) => {
      const shifted = difference.differences.map((each) => each - mu);
      const likelihood = (effect: number) => {
        let sum = 0;
        for (let log = -8; log <= 8; log += 0.01) {
          const sigma = Math.exp(log);
          const squares = shifted.reduce((all, x) => all + (x / sigma - effect) ** 2, 0);
          sum += Math.exp(-shifted.length * log - squares / 2) * 0.01;
        }
        return sum;
      };
      let mixed = 0;
      for (let effect = -50; effect <= 50; effect += 0.1) {
        const density = Math.exp(-(effect ** 2) / 200) / Math.sqrt(200 * Math.PI);
        mixed += density * likelihood(effect) * 0.1;
      }
      return mixed / likelihood(0);
    };
    expect(ratioAt(difference.mean + half)).toBeCloseTo(20, 2);
  });
});

/** Losses of candidates by seed as points of a verification of one step and one target. */
function pointsFrom(losses: readonly (readonly number[])[], seeds = losses[0].length) {
  return losses.flatMap((values, candidate) =>
    values
      .slice(0, seeds)
      .map((loss, seed) => ({ candidate: String(candidate), seed, step: 1, losses: [loss] })),
  );
}

const target = { place: 0, name: 'Spanish loss' };
const names = ['the optimum', 'the prior', 'uniform', 'your mixture'];

function judged(losses: readonly (readonly number[])[], planned: number, seeds = planned) {
  const candidates = losses.map((_, place) => ({
    id: String(place),
    name: names[place] ?? `mixture ${place}`,
  }));
  return judge(pointsFrom(losses, seeds), candidates, planned, 1, target);
}

describe('the verdict', () => {
  it('says once who wins, who loses and who cannot be told apart', () => {
    const { verdict, comparisons, complete } = judged(
      [
        [2, 2.1, 2.2, 2.3, 2.4],
        [2.5, 2.6, 2.71, 2.8, 2.91],
        [2.1, 2, 2.3, 2.2, 2.45],
        [1, 1.1, 1.21, 1.3, 1.41],
      ],
      5,
    );
    expect(complete).toBe(true);
    expect(verdict).toBe(
      'The optimum beats the prior, and loses to your mixture, and does not differ significantly from uniform on Spanish loss (5 seeds, Holm’s test of 3 comparisons at 5%).',
    );
    expect(comparisons.map(({ outcome }) => outcome)).toEqual(['wins', 'open', 'loses']);
    expect(comparisons[0].level).toBeCloseTo(0.95, 12);
    // Student's at 1 - .05 / 3.
    const { half, deviation } = comparisons[0];
    expect(half).toBeCloseTo((studentCritical(1 - 0.05 / 3, 4) * deviation) / Math.sqrt(5), 12);
  });

  it('waits for all planned seeds, with wider intervals', () => {
    const losses = [
      [2, 2.1, 2.2, 2.3, 2.4],
      [2.5, 2.6, 2.71, 2.8, 2.91],
    ];
    const early = judged(losses, 5, 4);
    expect(early.verdict).toMatch(/^No verdict yet: 4 of 5 seeds are done/);
    expect(early.complete).toBe(false);
    const [comparison] = early.comparisons;
    expect(comparison.outcome).toBe('open');
    expect(comparison.adjustedP).toBeNaN();
    expect(comparison.half).toBeGreaterThan(judged(losses, 5).comparisons[0].half);
    expect(judged(losses, 5, 0).verdict).toContain('0 of 5 seeds are done');
    expect(intervalText(judged(losses, 5, 1).comparisons[0])).toBe('too few seeds');
  });

  it('says when there are too few seeds', () => {
    expect(judged([[2], [3]], 1).verdict).toMatch(/No verdict: one seed/);
    const two = judged(
      [
        [2, 2.4],
        [3, 2.9],
      ],
      2,
    );
    expect(two.verdict).toMatch(/does not differ significantly from the prior .*So few seeds/);
  });

  it('names a side only where Holm’s p does', () => {
    const loss = fc.double({ min: 0, max: 20, noNaN: true });
    const family = fc.array(fc.array(loss, { minLength: 4, maxLength: 4 }), {
      minLength: 2,
      maxLength: 4,
    });
    fc.assert(
      fc.property(family, (losses) => {
        const { verdict, comparisons } = judged(losses, 4);
        const sides = comparisons.filter(({ adjustedP }) => adjustedP <= 0.05);
        expect(verdict.includes('beats')).toBe(sides.some(({ mean }) => mean > 0));
        expect(verdict.includes('loses')).toBe(sides.some(({ mean }) => mean < 0));
      }),
    );
  });
});

describe('false verdicts, by simulation', () => {
  const families = 2000;
  /** Two standard errors above 5%. */
  const most = 0.05 + 2 * Math.sqrt((0.05 * 0.95) / families);

  /** Share of families in which a look or the verdict finds a difference; the optimum differs by `effect` sd. */
  function shareFound(others: number, seeds: number, effect = 0) {
    const shares = { verdict: 0, anyLook: 0 };
    for (let family = 0; family < families; family++) {
      const random = createRandomStream(1 + family + 10_000 * others + 1_000_000 * seeds);
      const losses = Array.from({ length: others + 1 }, (_, candidate) =>
        Array.from(
          { length: seeds },
          () => 3 + 0.02 * random.normal() - (candidate === 0 ? 0.02 * Math.SQRT2 * effect : 0),
        ),
      );
      let found = false;
      for (let look = 2; look <= seeds; look++) {
        const { comparisons, complete } = judged(losses, seeds, look);
        if (comparisons.some(({ outcome }) => outcome !== 'open')) {
          expect(complete).toBe(true);
          shares.verdict += 1 / families;
          found = true;
        }
        if (complete) continue;
        found ||= comparisons.some(({ mean, half }) => Math.abs(mean) > half);
      }
      if (found) shares.anyLook += 1 / families;
    }
    return shares;
  }

  it.each([
    [1, 5],
    [1, 10],
    [2, 5],
    [5, 5],
    [10, 5],
  ])(
    'are at most one family in twenty with %i others and a look at each of %i seeds',
    (others, seeds) => {
      const { verdict, anyLook } = shareFound(others, seeds);
      expect(verdict).toBeLessThanOrEqual(most);
      expect(anyLook).toBeLessThanOrEqual(most);
      expect(verdict).toBeGreaterThan(0.01);
    },
  );

  it('leave a difference of five standard deviations to be found', () => {
    expect(shareFound(2, 5, 5).verdict).toBeGreaterThan(0.98);
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
    expect(() => planVerification(candidates.slice(1), 1, 1)).toThrow(/needs two mixtures/);
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
    const { comparisons } = judge(points, candidates, 2, 10, { place: 1, name: 'loss' });
    const [{ n, mean, differences }] = comparisons;
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
