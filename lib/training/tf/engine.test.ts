import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createBatches } from '../batches';
import type { PlannedProxy, PopulationPlan } from '../engine';
import { type TrainingOptions, usualTraining } from '../options';
import { referenceGradient, referenceStep } from '../reference';
import { initialParameters, layoutOf, type ProxyShape } from '../shape';
import { startBackend } from './backends';
import { lossAndGradient } from './model';
import { createPlainOperations } from './plain';
import { createTfEngine } from './population';

const shape: ProxyShape = { layers: 2, heads: 2, width: 16, hidden: 12, context: 12 };
const layout = layoutOf(shape);
const training: TrainingOptions = {
  ...usualTraining,
  learningRate: 4e-3,
  // Adam divides by the size of a gradient: near nothing, single precision would decide its sign.
  epsilon: 1e-6,
  rows: 3,
  steps: 20,
  warmUp: 2,
};

/** Text of a domain with a rhythm of its own, with documents of about 30 bytes. */
function text(domain: number): Uint16Array {
  return Uint16Array.from({ length: 600 + 50 * domain }, (_, place) =>
    place % 31 === 0 ? 256 : 97 + ((place * (domain + 2) + (place >> 3)) % (5 + 4 * domain)),
  );
}
const tokens = [text(0), text(1), text(2)];
const proxies: PlannedProxy[] = [
  { id: 'a', mixture: Float64Array.of(0.7, 0.2, 0.1), seed: 5 },
  { id: 'b', mixture: Float64Array.of(0, 0.5, 0.5), seed: 5 },
  { id: 'c', mixture: Float64Array.of(1, 0, 0), seed: 6 },
  { id: 'd', mixture: Float64Array.of(1 / 3, 1 / 3, 1 / 3), seed: 7 },
];
const plan: PopulationPlan = { shape, training, proxies, tokens };

/** Largest difference, relative to the largest number of the truth. */
function difference(values: ArrayLike<number>, truth: ArrayLike<number>): number {
  let largest = 0;
  let apart = 0;
  for (let at = 0; at < truth.length; at++) {
    largest = Math.max(largest, Math.abs(truth[at]));
    apart = Math.max(apart, Math.abs(values[at] - truth[at]));
  }
  expect(largest).toBeGreaterThan(1e-6);
  return apart / largest;
}

function batchOf(proxy: PlannedProxy, step: number): Int32Array {
  const batch = new Int32Array(training.rows * (shape.context + 1));
  createBatches(tokens, proxy.mixture, proxy.seed, {
    rows: training.rows,
    context: shape.context,
  }).fill(step, batch, 0);
  return batch;
}

const backend = 'cpu';

describe('the engine on tfjs', () => {
  beforeAll(() => startBackend(backend));

  it('has the loss and every gradient of the reference', async () => {
    const operations = createPlainOperations(shape, proxies.length);
    const start = proxies.map(({ seed }) => initialParameters(layout, seed));
    const flat = tf.tensor2d(Float32Array.from(start.flatMap((values) => [...values])), [
      proxies.length,
      layout.count,
    ]);
    const length = training.rows * shape.context;
    const columns = (first: 0 | 1) =>
      proxies.map((proxy) =>
        [...batchOf(proxy, 0)].filter((_, at) => {
          const place = at % (shape.context + 1);
          return first === 0 ? place < shape.context : place > 0;
        }),
      );
    const inputs = tf.tensor2d(columns(0), [proxies.length, length], 'int32');
    const targets = tf.tensor2d(columns(1), [proxies.length, length], 'int32');
    const { losses, gradient } = lossAndGradient(flat, inputs, targets, layout, operations);
    const measured = await losses.data();
    const slopes = await gradient.data();
    proxies.forEach((proxy, place) => {
      const truth = referenceGradient(shape, start[place], batchOf(proxy, 0));
      expect(Math.abs(measured[place] / truth.loss - 1)).toBeLessThan(1e-4);
      for (const { name, offset, rows, columns: wide } of layout.blocks) {
        const from = place * layout.count + offset;
        const ours = slopes.subarray(from, from + rows * wide);
        const theirs = truth.gradient.subarray(offset, offset + rows * wide);
        expect(difference(ours, theirs), `${proxy.id} ${name}`).toBeLessThan(1e-4);
      }
    });
    tf.dispose([flat, inputs, targets, losses, gradient]);
    operations.dispose();
  });

  it('takes the reference’s first three AdamW steps', async () => {
    const engine = createTfEngine(plan, backend);
    const states = proxies.map(({ seed }) => ({
      parameters: Float64Array.from(initialParameters(layout, seed)),
      firstMoments: new Float64Array(layout.count),
      secondMoments: new Float64Array(layout.count),
    }));
    for (let step = 0; step < 3; step++) {
      engine.advance();
      states.forEach((state, place) => {
        const { gradient } = referenceGradient(
          shape,
          state.parameters,
          batchOf(proxies[place], step),
        );
        referenceStep(shape, training, step, state, gradient);
      });
    }
    const { parameters, firstMoments, secondMoments } = await engine.checkpoint();
    states.forEach((state, place) => {
      const own = (values: Float32Array) =>
        values.subarray(place * layout.count, (place + 1) * layout.count);
      expect(difference(own(firstMoments), state.firstMoments)).toBeLessThan(1e-4);
      expect(difference(own(secondMoments), state.secondMoments)).toBeLessThan(1e-4);
      expect(difference(own(parameters), state.parameters)).toBeLessThan(1e-4);
    });
    engine.dispose();
  });

  it('trains four together as it trains each alone, and the same again for a seed', async () => {
    const run = async (some: readonly PlannedProxy[]) => {
      const engine = createTfEngine({ ...plan, proxies: some }, backend);
      for (let step = 0; step < 8; step++) engine.advance();
      const losses = await engine.latestLosses();
      engine.dispose();
      return [...losses];
    };
    const together = await run(proxies);
    expect(await run(proxies)).toEqual(together);
    for (const [place, proxy] of proxies.entries()) {
      const [alone] = await run([proxy]);
      expect(Math.abs(alone / together[place] - 1)).toBeLessThan(1e-5);
    }
  });

  it('goes on from a checkpoint as if it had never stopped', async () => {
    const whole = createTfEngine(plan, backend);
    for (let step = 0; step < 6; step++) whole.advance();
    const first = createTfEngine(plan, backend);
    for (let step = 0; step < 3; step++) first.advance();
    const kept = await first.checkpoint();
    first.dispose();
    const second = createTfEngine(plan, backend);
    second.restore(kept);
    for (let step = 3; step < 6; step++) second.advance();
    expect(await second.latestLosses()).toEqual(await whole.latestLosses());
    expect((await second.checkpoint()).parameters).toEqual((await whole.checkpoint()).parameters);
    expect(() => second.restore({ ...kept, parameters: new Float32Array(3) })).toThrow(RangeError);
    whole.dispose();
    second.dispose();
  });

  it('measures all proxies on the same text, begin-of-document tokens aside', async () => {
    const engine = createTfEngine(plan, backend);
    // Five rows: more than a batch, and not a multiple of it.
    const windows = Int32Array.from({ length: 5 * 13 }, (_, at) => tokens[1][100 + at]);
    const losses = await engine.evaluate(windows);
    const [a, b] = proxies;
    expect(a.seed).toBe(b.seed);
    expect(losses[0]).toBeCloseTo(losses[1], 6);
    expect(Math.abs(losses[0] - losses[2])).toBeGreaterThan(1e-3);
    // Token by token: a window whose other targets all begin documents counts one target alone.
    const single = windows.slice(0, 13).fill(256, 2);
    const [only] = await engine.evaluate(single);
    expect(only).toBeGreaterThan(3);
    expect(only).toBeLessThan(9);
    engine.dispose();
  });

  it('holds no more tensors after 60 steps than after 2, and none in the end', async () => {
    const before = tf.memory().numTensors;
    const engine = createTfEngine(plan, backend);
    for (let step = 0; step < 2; step++) engine.advance();
    const early = tf.memory().numTensors;
    for (let step = 2; step < 60; step++) engine.advance();
    await engine.evaluate(Int32Array.from(tokens[0].subarray(0, 13)));
    expect(tf.memory().numTensors).toBe(early);
    engine.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('learns: the loss falls below that of the text’s byte frequencies', async () => {
    const engine = createTfEngine(
      { ...plan, training: { ...training, learningRate: 0.02 } },
      backend,
    );
    for (let step = 0; step < 60; step++) engine.advance();
    const losses = await engine.latestLosses();
    const frequencies = new Map<number, number>();
    for (const token of tokens[0]) frequencies.set(token, (frequencies.get(token) ?? 0) + 1);
    const entropy = [...frequencies.values()].reduce((sum, count) => {
      const share = count / tokens[0].length;
      return sum - share * Math.log(share);
    }, 0);
    expect(losses[2]).toBeLessThan(entropy);
    engine.dispose();
  });
});
