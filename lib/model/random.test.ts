import { describe, expect, it } from 'vitest';
import { createRandomStream } from './random';

describe('the legacy numpy stream', () => {
  it('draws the doubles of numpy.random.seed(42)', () => {
    const stream = createRandomStream(42);
    const drawn = Array.from({ length: 4 }, () => stream.uniform());
    expect(drawn).toEqual([
      0.3745401188473625, 0.9507143064099162, 0.7319939418114051, 0.5986584841970366,
    ]);
  });

  it('draws its normals', () => {
    const stream = createRandomStream(42);
    const expected = [
      0.4967141530112327, -0.13826430117118466, 0.6476885381006925, 1.5230298564080254,
    ];
    for (const value of expected) expect(stream.normal()).toBeCloseTo(value, 14);
  });

  it.each([0.05, 0.4, 1, 1.7, 9])('draws gammas of shape %d with the right moments', (shape) => {
    const stream = createRandomStream(7);
    const n = 200_000;
    let sum = 0;
    let squares = 0;
    for (let draw = 0; draw < n; draw++) {
      const value = stream.gamma(shape);
      sum += value;
      squares += value * value;
    }
    const mean = sum / n;
    // Mean and variance of a gamma are both its shape; six standard errors of each.
    expect(Math.abs(mean - shape)).toBeLessThan(6 * Math.sqrt(shape / n));
    const variance = squares / n - mean * mean;
    const fourth = 3 * shape * shape + 6 * shape;
    expect(Math.abs(variance - shape)).toBeLessThan(6 * Math.sqrt((fourth - shape ** 2) / n));
  });

  it('draws nothing but zero at shape 0', () => {
    expect(createRandomStream(1).gamma(0)).toBe(0);
  });
});
