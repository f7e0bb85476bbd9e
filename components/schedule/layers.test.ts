import { describe, expect, it } from 'vitest';
import { layersOf } from './schedule-chart';

const schedule = [
  { from: 0, to: 0.25, weights: Float64Array.of(0.5, 0.25, 0.25) },
  { from: 0.25, to: 1, weights: Float64Array.of(0, 0.75, 0.25) },
];

describe('layers of a schedule', () => {
  it('stack in the given order, and fill every phase', () => {
    const layers = layersOf(schedule, [2, 0, 1]);
    expect(layers.map(({ domain }) => domain)).toEqual([2, 0, 1]);
    expect(layers[0].parts).toEqual([
      { from: 0, to: 0.25, low: 0, high: 0.25 },
      { from: 0.25, to: 1, low: 0, high: 0.25 },
    ]);
    expect(layers[1].parts[1]).toEqual({ from: 0.25, to: 1, low: 0.25, high: 0.25 });
    for (const { high } of layers[2].parts) expect(high).toBe(1);
  });
});
