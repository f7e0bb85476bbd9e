import { describe, expect, it } from 'vitest';
import type { ObjectiveTerm, OptimumReport } from '../model/limits';
import { adviceOn, type Evidence } from './advice';

type Fit = Evidence['fits'][number];

interface Case {
  readonly n: number;
  /** Different mixtures among the runs; n where it is left out. */
  readonly mixtures?: number;
  readonly p: number;
  readonly rho: number;
  /** Lower end of the interval of rho. */
  readonly low: number;
  readonly half: number | null;
}

const clear: Case = { n: 168, p: 0.001, rho: 0.99, low: 0.98, half: 0.05 };

function fit({ n, mixtures = n, p, rho, low, half }: Case): Fit {
  return {
    signal: { p, permutations: 999 },
    crossValidation: {
      n,
      mixtures,
      spearman: rho,
      interval: [low, 1],
      pearson: rho,
      rmse: 0.1,
      mae: 0.1,
      pairsRight: 0.9,
      topRegret: 0,
    },
    bands: {
      rows: 'out-of-fold',
      halfWidths: { 80: half, 90: half, 95: half },
      centre: 3,
      spread: 1,
      slope: 0,
    },
  };
}

interface Change {
  readonly fits?: readonly Case[];
  readonly kind?: 'weighted' | 'regret';
  readonly seek?: 'best' | 'worst';
  readonly direction?: 'lower' | 'higher';
  readonly predictions?: readonly number[];
  readonly prior?: readonly number[];
  readonly least?: readonly number[];
  readonly far?: boolean;
  readonly beyond?: boolean;
  readonly violated?: readonly number[];
  readonly at?: Evidence['at'];
  readonly isPreliminary?: boolean;
  readonly mayHaveSeenRuns?: boolean;
}

/** Evidence that is good in every respect, changed in some. */
function evidence(change: Change = {}): Evidence {
  const { fits = [clear], direction = 'lower', predictions = [2.5], prior = [3] } = change;
  const terms = fits.map(
    (_, place): Omit<ObjectiveTerm, 'model'> => ({
      target: String(place),
      direction,
      weight: 1 / fits.length,
      scale: 1,
    }),
  );
  const found: OptimumReport = {
    optimum: {
      engine: 'gradient',
      weights: Float64Array.of(1, 0),
      predicted: predictions[0],
      predictions,
      score: 0,
      binding: [],
      violated: change.violated ?? [],
      notes: [],
    },
    least: change.least ?? [],
    coverage: {
      distance: 0.1,
      nearest: 0,
      percentile: 0.5,
      far: change.far ?? false,
      beyond: change.beyond ?? false,
    },
    prior,
    human: null,
    yours: null,
    prices: null,
    tokenPrices: null,
    cost: null,
  };
  return {
    objective: { kind: change.kind ?? 'weighted', seek: change.seek ?? 'best', terms },
    fits: fits.map(fit),
    found,
    at: change.at ?? null,
    isPreliminary: change.isPreliminary ?? false,
    mayHaveSeenRuns: change.mayHaveSeenRuns ?? false,
  };
}

describe('the advice on an optimum', () => {
  it('counts mixtures, not runs, where runs repeat them', () => {
    const repeated = { ...clear, n: 40, mixtures: 5 };
    expect(adviceOn(evidence({ fits: [repeated] }))).toEqual({
      verb: 'none',
      words: 'Not enough runs to say',
      reason: '5 mixtures cannot be judged',
    });
    expect(adviceOn(evidence({ fits: [{ ...repeated, mixtures: 15 }] }))).toMatchObject({
      verb: 'try',
      reason: 'there are only 15 mixtures',
    });
    expect(adviceOn(evidence({ fits: [{ ...repeated, mixtures: 20 }] }))).toMatchObject({
      verb: 'train',
      reason: 'unseen mixtures are ranked right (rho 0.99 by cross-validation, 20 mixtures)',
    });
  });

  it('is to train on it where unseen mixtures are ranked right and the gain is clear', () => {
    expect(adviceOn(evidence())).toEqual({
      verb: 'train',
      words: 'Train on',
      reason: 'unseen mixtures are ranked right (rho 0.99 by cross-validation, 168 runs)',
    });
  });

  it('rounds no rho up to 1', () => {
    const { reason } = adviceOn(evidence({ fits: [{ ...clear, rho: 0.996 }] }));
    expect(reason).toContain('(rho 0.996 by');
  });

  const noise: Case = { ...clear, p: 0.42, rho: 0.05, low: -0.2, n: 60 };
  it('is none where the runs do not tell mixtures apart, whatever is predicted', () => {
    expect(adviceOn(evidence({ fits: [noise] }))).toEqual({
      verb: 'none',
      words: 'These runs do not tell mixtures apart',
      reason: 'shuffled runs fit as well (p = 0.42, 60 runs)',
    });
  });

  it('is none where the fit falls back to the mean of the runs, though they differ', () => {
    const flat: Case = { ...clear, p: 0.01, rho: -0.1, low: -0.4, n: 60 };
    expect(adviceOn(evidence({ fits: [flat] }))).toMatchObject({
      verb: 'none',
      words: 'Not enough runs to say',
      reason: 'the runs differ, but the fit does not rank unseen mixtures (rho −0.10, 60 runs)',
    });
    const constant: Case = { ...flat, rho: Number.NaN, low: Number.NaN };
    expect(adviceOn(evidence({ fits: [constant] })).reason).toBe(
      'the runs differ, but the fit does not rank unseen mixtures (60 runs)',
    );
  });

  it('is none for lack of runs where few show no difference, or too few are there', () => {
    expect(adviceOn(evidence({ fits: [{ ...noise, n: 15 }] }))).toEqual({
      verb: 'none',
      words: 'Not enough runs to say',
      reason: 'these runs do not tell mixtures apart (p = 0.42, 15 runs)',
    });
    expect(adviceOn(evidence({ fits: [{ ...clear, n: 9 }] }))).toEqual({
      verb: 'none',
      words: 'Not enough runs to say',
      reason: '9 runs cannot be judged',
    });
  });

  it.each<[string, Change]>([
    ['a more accurate fit is running', { isPreliminary: true }],
    ['the model may have seen the runs used to test it', { mayHaveSeenRuns: true }],
    ['it breaks 1 limit', { violated: [1] }],
    ['it goes beyond the largest weights tried', { beyond: true }],
    [
      'the gain is within the band of ±0.06',
      { predictions: [2.9], at: [{ optimism: -0.05, spread: 0.02 }] },
    ],
    [
      'the prior is predicted to be as good',
      { predictions: [2.96], at: [{ optimism: -0.06, spread: 0.02 }] },
    ],
    ['there are only 16 runs', { fits: [{ ...clear, n: 16 }] }],
    [
      'unseen mixtures are ranked poorly (rho 0.40, 40 runs)',
      {
        fits: [{ ...clear, n: 40, rho: 0.4, low: 0.1 }],
      },
    ],
    ['it is far from every run', { far: true }],
    ['the gain is within the band of ±0.05', { predictions: [2.97] }],
    ['the gain is within the band of ±0.05', { predictions: [2.9996] }],
    ['the prior is predicted to be as good', { predictions: [3] }],
    ['the prior is predicted to be as good', { predictions: [3.02] }],
    ['the prior is predicted to be better', { predictions: [3.5] }],
  ])('is to try it where %s', (reason, change) => {
    expect(adviceOn(evidence(change))).toEqual({ verb: 'try', words: 'Try', reason });
  });

  it('promises no more while the law alone has answered than after', () => {
    const verbs = ['none', 'try', 'train'];
    for (const fits of [[clear], [noise], [{ ...clear, n: 16 }]]) {
      const [before, after] = [true, false].map((isPreliminary) =>
        verbs.indexOf(adviceOn(evidence({ fits, isPreliminary })).verb),
      );
      expect(before).toBeLessThanOrEqual(after);
    }
  });

  it('takes the gain of a score the other way round', () => {
    const change = { direction: 'higher', predictions: [3.5] } as const;
    expect(adviceOn(evidence(change)).verb).toBe('train');
    expect(adviceOn(evidence({ ...change, predictions: [2.5] })).verb).toBe('try');
  });

  it('is to stay away from the worst mixture, or perhaps', () => {
    const worst = { seek: 'worst', predictions: [3.5] } as const;
    expect(adviceOn(evidence(worst)).words).toBe('Stay away from');
    expect(adviceOn(evidence({ ...worst, predictions: [3.02] }))).toEqual({
      verb: 'try',
      words: 'Perhaps stay away from',
      reason: 'the loss is within the band of ±0.05',
    });
    expect(adviceOn(evidence({ ...worst, fits: [noise] })).verb).toBe('none');
  });

  describe('of several targets', () => {
    const several = (fits: readonly Case[], change: Change = {}) =>
      adviceOn(
        evidence({
          predictions: fits.map(() => 2.5),
          prior: fits.map(() => 3),
          ...change,
          fits,
        }),
      );

    it('is to try it where one of them does not tell mixtures apart', () => {
      expect(several([clear, clear])).toMatchObject({ verb: 'train' });
      expect(several([clear, noise])).toMatchObject({
        verb: 'try',
        reason: '1 of 2 targets do not tell mixtures apart',
      });
    });

    it('is none where no more of them do than chance would have it', () => {
      const lucky: Case = { ...clear, p: 0.03 };
      const fits = [lucky, ...Array.from({ length: 9 }, () => noise)];
      expect(several(fits)).toMatchObject({
        verb: 'none',
        words: 'These runs do not tell mixtures apart',
        reason: 'hardly any of the 10 targets depends on the mixture beyond chance',
      });
      expect(several(fits.map((each, place) => (place < 3 ? lucky : each))).verb).toBe('try');
    });

    it('adds up the gains and the bands, or takes the worst-off', () => {
      const change = { predictions: [2.5, 3.42] };
      expect(several([clear, clear], change)).toMatchObject({
        verb: 'try',
        reason: 'the gain is within the band of ±0.05',
      });
      const regret = { kind: 'regret', least: [2, 2] } as const;
      expect(several([clear, clear], { ...regret, predictions: [2.8, 2.97] })).toMatchObject({
        verb: 'try',
        reason: 'the gain is within the band of ±0.05',
      });
      expect(several([clear, clear], { ...regret, predictions: [2.5, 2.9] }).verb).toBe('train');
    });
  });
});
