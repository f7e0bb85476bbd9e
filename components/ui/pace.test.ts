import { expect, it } from 'vitest';
import { paceOf, progressText } from './progress';

it('measures units per second and the time left', () => {
  expect(paceOf(1000, 3000, 500)).toEqual({ rate: 2000, secondsLeft: 1.5 });
});

it('gives nothing before there is something to measure', () => {
  expect(paceOf(0, 100, 5000)).toBeNull();
  expect(paceOf(10, 100, 100)).toBeNull();
});

it('writes progress with and without a pace', () => {
  const progress = { done: 12_000, total: 100_000, unit: 'mixtures' };
  expect(progressText(progress, null)).toBe('12,000 of 100,000 mixtures');
  expect(progressText(progress, { rate: 40_000, secondsLeft: 2.2 })).toBe(
    '12,000 of 100,000 mixtures, 40,000 a second, 2 s left',
  );
  expect(progressText(progress, { rate: 10, secondsLeft: 600 })).toContain('10 min left');
  expect(progressText(progress, { rate: 1e6, secondsLeft: 0.1 })).toContain('under 1 s left');
});
