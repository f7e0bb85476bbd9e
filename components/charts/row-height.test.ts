import { expect, it } from 'vitest';
import { rowAt, rowHeightFor } from './row-height';

it('never makes rows taller as their number grows', () => {
  const heights = [1, 17, 20, 21, 40, 41, 60, 200].map(rowHeightFor);
  expect([...heights].sort((a, b) => b - a)).toEqual(heights);
  expect(heights[0]).toBeGreaterThan(heights[7]);
});

it('finds the row at a height', () => {
  expect(rowAt(3, 100, 20, 100)).toBe(0);
  expect(rowAt(3, 100, 20, 159)).toBe(2);
  expect(rowAt(3, 100, 20, 160)).toBeNull();
  expect(rowAt(3, 100, 20, 99)).toBeNull();
});
