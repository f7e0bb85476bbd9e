import { expect, it } from 'vitest';
import { nearestPoint } from './plot-geometry';

const points: [number, number][] = [
  [0, 0],
  [10, 0],
  [10, 10],
];
const place = (point: [number, number]) => point;

it('finds the nearest point within reach', () => {
  expect(nearestPoint(points, place, 9, 6, 20)).toBe(2);
  expect(nearestPoint(points, place, 9, 4, 20)).toBe(1);
});

it('finds none out of reach', () => {
  expect(nearestPoint(points, place, 30, 30, 20)).toBeNull();
  expect(nearestPoint([], place, 0, 0, 20)).toBeNull();
});
