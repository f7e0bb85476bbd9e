import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectedImprovement } from './propose';

/** The integral of (best - y) over a normal density below `best`, by Simpson's rule. */
function integrated(mean: number, sd: number, best: number): number {
  const steps = 20_000;
  const end = best;
  // The integrand falls off on the scale of sd / |z| where the best lies far below the mean.
  const start = Math.min(best, mean) - 12 * sd;
  const width = (end - start) / steps;
  let sum = 0;
  for (let step = 0; step <= steps; step++) {
    const y = start + step * width;
    const z = (y - mean) / sd;
    const value = ((best - y) * Math.exp((-z * z) / 2)) / (sd * Math.sqrt(2 * Math.PI));
    sum += value * (step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2);
  }
  return (sum * width) / 3;
}

test.each([-7, -5, -3.0001, -2.9999, -1, -0.1, 0, 0.5, 2, 6, 9])(
  'is the integral it stands for at z = %d',
  (z) => {
    const value = expectedImprovement(3, 0.2, 3 + 0.2 * z);
    expect(value / integrated(3, 0.2, 3 + 0.2 * z)).toBeCloseTo(1, 7);
  },
);

test('without doubt it is the gain itself', () => {
  expect(expectedImprovement(2, 0, 3)).toBe(1);
  expect(expectedImprovement(4, 0, 3)).toBe(0);
});

test('grows with doubt and with a better mean, and is never negative', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -30, max: 30, noNaN: true }),
      fc.double({ min: 0.01, max: 5, noNaN: true }),
      fc.double({ min: 1.01, max: 3, noNaN: true }),
      (mean, sd, factor) => {
        const value = expectedImprovement(mean, sd, 0);
        const least = value * (1 - 1e-12);
        expect(value).toBeGreaterThanOrEqual(Math.max(0, -mean) * (1 - 1e-12));
        expect(expectedImprovement(mean, sd * factor, 0)).toBeGreaterThanOrEqual(least);
        expect(expectedImprovement(mean - sd / 10, sd, 0)).toBeGreaterThanOrEqual(least);
      },
    ),
    { numRuns: 500 },
  );
});
