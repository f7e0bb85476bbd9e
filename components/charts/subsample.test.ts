import fc from 'fast-check';
import { expect, it } from 'vitest';
import { subsample } from './plot-geometry';

it('keeps everything that fits', () => {
  expect(subsample(3, 5, 1)).toEqual([0, 1, 2]);
});

it('draws distinct indices in ascending order, the same for the same seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 11, max: 2000 }), fc.integer(), (n, seed) => {
      const drawn = subsample(n, 10, seed);
      expect(new Set(drawn).size).toBe(10);
      expect([...drawn].sort((a, b) => a - b)).toEqual(drawn);
      expect(drawn[0]).toBeGreaterThanOrEqual(0);
      expect(drawn[9]).toBeLessThan(n);
      expect(subsample(n, 10, seed)).toEqual(drawn);
    }),
  );
});

it('draws others for another seed', () => {
  expect(subsample(1000, 10, 1)).not.toEqual(subsample(1000, 10, 2));
});

it('draws every index about equally often', () => {
  const times = new Array<number>(10).fill(0);
  for (let seed = 0; seed < 2000; seed++)
    for (const index of subsample(10, 3, seed)) times[index]++;
  for (const count of times) expect(Math.abs(count - 600)).toBeLessThan(120);
});
