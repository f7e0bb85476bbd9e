import { describe, expect, it } from 'vitest';
import type { Bands } from '../model/regressor';
import { predictedAt, predictionText } from './finding';

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
    expect(by(0.1, 'best', 'lower')).toContain('−0.100 for the pull of the fit to its mean');
  });
});
