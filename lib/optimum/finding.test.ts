import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bands } from '../model/regressor';
import { lossText, outcomeText, predictedAt, predictionText } from './finding';

const bands: Bands = {
  rows: 'out-of-fold',
  halfWidths: { 80: 0.02, 90: 0.03, 95: null },
  centre: 2,
  spread: 1,
  slope: 0,
};
const best = { seek: 'best', direction: 'lower' } as const;

describe('a prediction for an optimum', () => {
  it('is less its optimism, in a band widened by the spread of refits', () => {
    const at = { optimism: -0.02, spread: 0.04 / 1.6449 };
    const { mean, interval, optimism } = predictedAt(2.29, bands, 90, at);
    expect(mean).toBeCloseTo(2.31, 12);
    // The legs of a right triangle: 0.03 and 0.04.
    expect(interval?.[0]).toBeCloseTo(2.26, 12);
    expect(interval?.[1]).toBeCloseTo(2.36, 12);
    expect(optimism).toBe(-0.02);
  });

  it('is that of the fit, in its band, until refits are made', () => {
    const { mean, interval, optimism } = predictedAt(2.29, bands, 90, null);
    expect([mean, optimism]).toEqual([2.29, null]);
    expect(interval?.[1]).toBeCloseTo(2.32, 12);
  });

  it('has no band of a level that the runs cannot give', () => {
    expect(predictedAt(2.29, bands, 95, null).interval).toBeNull();
    expect(predictedAt(2.29, null, 90, null).interval).toBeNull();
  });

  it('says both in a sentence', () => {
    const corrected = { mean: 2.31, interval: [2.24, 2.38], optimism: -0.02 } as const;
    expect(predictionText(corrected, 90, best, { decimals: 2 })).toBe(
      '2.31, corrected by +0.02 for choosing the best of many; 90% band 2.24 to 2.38',
    );
    expect(predictionText(corrected, 90, best, { decimals: 2, unit: 'nats' })).toMatch(
      /^2\.31 nats, corrected/,
    );
    expect(predictionText({ ...corrected, interval: null, optimism: null }, 90, best)).toBe(
      '2.310',
    );
    expect(predictionText({ ...corrected, optimism: 1e-6 }, 90, best)).toMatch(/^2\.310; 90%/);
  });

  it('says whether choosing or the pull of a fit to its mean is corrected', () => {
    const by = (optimism: number, seek: 'best' | 'worst', direction: 'lower' | 'higher') =>
      predictionText({ mean: 1, interval: null, optimism }, 90, { seek, direction });
    expect(by(-0.1, 'best', 'lower')).toContain('+0.100 for choosing the best of many');
    expect(by(0.1, 'best', 'higher')).toContain('−0.100 for choosing the best of many');
    expect(by(0.1, 'worst', 'lower')).toContain('−0.100 for choosing the worst of many');
    expect(by(0.1, 'best', 'lower')).toContain('−0.100 for shrinkage of the fit to its mean');
  });
});

describe('what several targets come to', () => {
  const outcome = (name: string, prior: number, predicted: number) =>
    ({
      name,
      direction: 'lower',
      weight: 1 / 3,
      scale: 1,
      prior,
      predicted,
      least: null,
    }) as const;

  it('counts those better than the prior, and names the best and the one that gets worse', () => {
    const targets = [
      outcome('Spanish', 2, 2.208),
      outcome('English', 3, 2.688),
      outcome('French', 3, 2.9),
    ];
    expect(outcomeText(targets, { normalised: false })).toBe(
      'for 3 targets at once, 2 better than the prior (English most, by 0.312) and Spanish 0.208 worse; on average 0.068 better',
    );
    const inSpreads = targets.map((each) => ({ ...each, scale: 0.5 }));
    expect(outcomeText(inSpreads, { normalised: true })).toMatch(/; on average 0\.136 sd better$/);
  });

  it('says so where all get better, and where none does', () => {
    const better = [outcome('a', 2, 1.9), outcome('b', 2, 1.7)];
    expect(outcomeText(better, { normalised: false })).toMatch(
      /^for 2 targets at once, both better than the prior \(b most, by 0\.300\); on average/,
    );
    const worse = better.map((each) => ({ ...each, predicted: 4 - each.predicted }));
    expect(outcomeText(worse, { normalised: false })).toMatch(
      /^for 2 targets at once, a 0\.100 and b 0\.300 worse than the prior; on average 0\.\d+ worse$/,
    );
  });

  it('counts those that get worse once there are more than two', () => {
    const worse = ['a', 'b', 'c'].map((name, place) => outcome(name, 2, 2.1 + place));
    expect(outcomeText([...worse, outcome('d', 2, 1)], { normalised: false })).toMatch(
      /, d 1\.000 better than the prior and 3 worse \(c most, by 2\.100\);/,
    );
  });

  it('takes a score for better where it is higher, and no change for neither', () => {
    const targets = [
      { ...outcome('accuracy', 0.5, 0.7), direction: 'higher' },
      outcome('loss', 2, 2.0001),
    ] as const;
    expect(outcomeText(targets, { normalised: false })).toMatch(
      /, accuracy 0\.200 better than the prior and 1 unchanged;/,
    );
  });

  it('names the worst-off by its distance from its own best, where that is minimised', () => {
    const targets = [
      { ...outcome('a', 2, 1.9), least: 1.8 },
      { ...outcome('b', 2, 1.5), least: 1.2 },
      { ...outcome('c', 0.2, 0.6), direction: 'higher', least: 0.7 },
    ] as const;
    expect(outcomeText(targets, { normalised: false })).toMatch(
      /; worst off is b, 0\.300 from its own best$/,
    );
  });

  it('never calls the average better while the sum that is minimised gets worse', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: 0, max: 9, noNaN: true }),
            fc.double({ min: 0, max: 9, noNaN: true }),
          ),
          {
            minLength: 2,
            maxLength: 6,
          },
        ),
        (pairs) => {
          const targets = pairs.map(([prior, predicted], place) => ({
            ...outcome(`t${place}`, prior, predicted),
            weight: 1 / pairs.length,
          }));
          const mean =
            pairs.reduce((sum, [prior, predicted]) => sum + prior - predicted, 0) / pairs.length;
          const said = outcomeText(targets, { normalised: false }).split('; on average ')[1];
          if (mean > 0.0006) expect(said).toMatch(/better$/);
          if (mean < -0.0006) expect(said).toMatch(/worse$/);
        },
      ),
    );
  });
});

describe('lossText', () => {
  it('has fewer digits while the last ones may change', () => {
    expect(lossText(2.0184, false)).toBe('2.018');
    expect(lossText(2.0184, true)).toBe('about 2.02');
  });
});
