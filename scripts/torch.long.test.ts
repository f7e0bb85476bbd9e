import { describe, expect, it } from 'vitest';
import { findTorch, lossesOfBoth } from '../bench/torch';
import { planOf } from '../bench/training';
import type { SizeId } from '../lib/training/shape';
import { createSimdEngine } from '../lib/training/simd/engine';

const torch = findTorch();

describe.skipIf(!torch)('the model that we compare with in PyTorch', () => {
  it.each<[SizeId, number]>([
    ['7k', 1],
    ['20k', 3],
    ['100k', 2],
  ])('is ours: losses of %s, P = %i, over four steps', async (size, count) => {
    if (!torch) return;
    const { training, ...rest } = planOf(size, count);
    // A warm-up that ends within the steps, and a gradient that is clipped in some of them.
    const plan = { ...rest, training: { ...training, rows: 2, warmUp: 2, clip: 0.8 } };
    const { torch: theirs, ours } = await lossesOfBoth(torch, plan, createSimdEngine, 4);
    expect(theirs.map((losses) => losses.length)).toEqual([count, count, count, count]);
    theirs.forEach((losses, step) => {
      losses.forEach((loss, proxy) => {
        const apart = Math.abs(loss / ours[step][proxy] - 1);
        expect(apart, `step ${step}, proxy ${proxy}`).toBeLessThan(step === 0 ? 1e-5 : 1e-4);
      });
    });
    // They learn: equal losses of steps that change nothing would show nothing.
    expect(ours[3][0]).toBeLessThan(ours[0][0] - 0.1);
  });
});
