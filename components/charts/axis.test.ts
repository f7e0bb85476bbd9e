import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisTitle, linearAxis, paddedDomain, percentAxis, tickCount } from './plot-geometry';

describe('paddedDomain', () => {
  it('widens the range by a share of its length on both sides', () => {
    expect(paddedDomain([2, 4, 3], 0.1)).toEqual([1.8, 4.2]);
  });

  it('skips missing values', () => {
    expect(paddedDomain([Number.NaN, 2, Number.POSITIVE_INFINITY, 4], 0)).toEqual([2, 4]);
  });

  it('gives equal and missing values a range that can be drawn', () => {
    expect(paddedDomain([], 0.1)).toEqual([0, 1]);
    expect(paddedDomain([0, 0], 0.1)).toEqual([-0.5, 0.5]);
    expect(paddedDomain([5, 5], 0.1)).toEqual([4.95, 5.05]);
  });

  it('always has its first value below its second', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true })), (values) => {
        const [low, high] = paddedDomain(values, 0.05);
        expect(low).toBeLessThanOrEqual(high);
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(low);
          expect(value).toBeLessThanOrEqual(high);
        }
      }),
    );
  });
});

describe('linearAxis', () => {
  it('labels round values within the range, with a true minus', () => {
    const axis = linearAxis([-0.55, 0.55], 5, 'difference');
    expect(axis.ticks).toEqual([-0.4, -0.2, 0, 0.2, 0.4]);
    expect(axis.ticks.map(axis.format)).toEqual(['−0.4', '−0.2', '0.0', '0.2', '0.4']);
  });
});

describe('percentAxis', () => {
  it('labels shares in percent', () => {
    const axis = percentAxis([0, 0.3], 3, 'weight');
    expect(axis.ticks.map(axis.format)).toEqual(['0%', '10%', '20%', '30%']);
    expect(axis.ticks).toEqual([0, 0.1, 0.2, 0.3]);
  });
});

it('fits fewer labels on shorter axes, never fewer than two', () => {
  expect(tickCount(700, 40)).toBe(9);
  expect(tickCount(200, 40)).toBe(2);
  expect(tickCount(20, 40)).toBe(2);
});

it('names an axis with its unit where there is one', () => {
  expect(axisTitle('Pile CC loss', 'nats per token')).toBe('Pile CC loss (nats per token)');
  expect(axisTitle('Pile CC loss', '')).toBe('Pile CC loss');
  expect(axisTitle('Pile CC loss', '', 'lower')).toBe('Pile CC loss');
  expect(axisTitle('MMLU', 'accuracy', 'higher')).toBe('MMLU (accuracy), higher is better');
});
