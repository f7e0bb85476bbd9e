import { expect, it } from 'vitest';
import { sizes } from '../shape';
import { createSimdEngine } from './engine';
import {
  batchOf,
  expectAnyShape,
  expectGradients,
  expectSteps,
  planOf,
  programGradient,
  proxies,
  subnormals,
  training,
} from './engine.fixture';

it('has every gradient of the reference, 1m', () => {
  expectGradients(sizes['1m'], 2, 4);
});

it('takes the first three AdamW steps of the reference, 1m', async () => {
  await expectSteps(sizes['1m'], 2, 2);
});

it('has every gradient of the reference at 200 shapes', () => {
  expectAnyShape(200, 16);
});

it.each(['7k', '20k'] as const)(
  'has no number that slows processors down in 6,000 steps, %s',
  async (id) => {
    const plan = planOf(sizes[id], {
      proxies: proxies.slice(0, 2),
      training: { ...training, learningRate: 1e-2, rows: 2, epsilon: 1e-8 },
    });
    const engine = createSimdEngine(plan);
    for (let step = 0; step < 6_000; step++) {
      engine.advance();
      if (step % 100 !== 99) continue;
      const { parameters, firstMoments, secondMoments } = await engine.checkpoint();
      for (const values of [parameters, firstMoments, secondMoments]) {
        expect(subnormals(values), `after ${step + 1} steps`).toBe(0);
      }
      const own = parameters.subarray(0, parameters.length / 2);
      const { gradient } = programGradient(plan.shape, own, batchOf(plan, proxies[0], step));
      expect(subnormals(gradient), `after ${step + 1} steps`).toBe(0);
    }
    engine.dispose();
  },
);
