import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { usualTraining } from './options';
import { memoryOf, type ProxyShape, sizes } from './shape';
import { startBackend } from './tf/backends';
import { createTfEngine } from './tf/population';

/** The most bytes of tensors that were alive at once in a step. */
async function peakOf(shape: ProxyShape, rows: number, population: number): Promise<number> {
  const text = Uint16Array.from({ length: 2_000 }, (_, at) => 97 + (at % 13));
  const engine = createTfEngine(
    {
      shape,
      training: { ...usualTraining, rows, steps: 10, warmUp: 1, learningRate: 1e-3 },
      tokens: [text],
      proxies: Array.from({ length: population }, (_, place) => ({
        id: String(place),
        mixture: Float64Array.of(1),
        seed: place,
      })),
    },
    'cpu',
  );
  engine.advance();
  const { peakBytes } = await tf.profile(() => {
    engine.advance();
    return tf.scalar(0);
  });
  engine.dispose();
  return peakBytes;
}

describe('the memory that a population takes', () => {
  it.each([
    [sizes['20k'], 8, 1],
    [sizes['20k'], 8, 4],
    [sizes['100k'], 8, 2],
    [sizes['400k'], 4, 1],
  ])(
    'is told at most half above the measured peak, and not below it (case %#)',
    async (shape, rows, population) => {
      await startBackend('cpu');
      const measured = await peakOf(shape, rows, population);
      const told = memoryOf(shape, rows, population).total;
      expect(told / measured).toBeGreaterThan(1);
      expect(told / measured).toBeLessThan(1.5);
    },
  );
});
