import * as tf from '@tensorflow/tfjs';
import { createBatches } from '../../lib/training/batches';
import type { PlannedProxy, PopulationPlan } from '../../lib/training/engine';
import { referenceGradient, referenceStep } from '../../lib/training/reference';
import { initialParameters, layoutOf } from '../../lib/training/shape';
import { lossAndGradient } from '../../lib/training/tf/model';
import { createTfEngine } from '../../lib/training/tf/population';
import { createWebGpuOperations } from '../../lib/training/tf/webgpu/operations';
import { type Comparison, compare, countDispatches, scrub } from './compare';
import { layout, plan, planOf, shape, training } from './plan';

const { proxies } = plan;

function batchOf(of: PopulationPlan, proxy: PlannedProxy, step: number): Int32Array {
  const size = { rows: of.training.rows, context: of.shape.context };
  const batch = new Int32Array(size.rows * (size.context + 1));
  createBatches(of.tokens, proxy.mixture, proxy.seed, size).fill(step, batch, 0);
  return batch;
}

/** Loss and every gradient block against the float64 reference. */
export async function checkGradients(of: PopulationPlan = plan): Promise<Comparison[]> {
  const { shape, proxies } = of;
  const { context } = shape;
  const layout = layoutOf(shape);
  const start = proxies.map(({ seed }) => initialParameters(layout, seed));
  const joint = new Float32Array(proxies.length * layout.count);
  start.forEach((values, place) => {
    joint.set(values, place * layout.count);
  });
  const flat = tf.tensor2d(joint, [proxies.length, layout.count]);
  const column = (first: 0 | 1) =>
    proxies.map((proxy) =>
      [...batchOf(of, proxy, 0)].filter((_, at) => {
        const place = at % (context + 1);
        return first === 0 ? place < context : place > 0;
      }),
    );
  const inputs = tf.tensor2d(column(0), undefined, 'int32');
  const targets = tf.tensor2d(column(1), undefined, 'int32');
  const operations = createWebGpuOperations(shape, proxies.length);
  await scrub();
  const { losses, gradient } = lossAndGradient(flat, inputs, targets, layout, operations);
  const measured = await losses.data();
  const slopes = await gradient.data();
  tf.dispose([flat, inputs, targets, losses, gradient]);
  operations.dispose();
  return proxies.flatMap((proxy, place) => {
    const truth = referenceGradient(shape, start[place], batchOf(of, proxy, 0));
    const loss = compare(`${proxy.id} loss`, [measured[place]], [truth.loss]);
    const blocks = layout.blocks.map(({ name, offset, rows, columns }) => {
      const from = place * layout.count + offset;
      const ours = slopes.subarray(from, from + rows * columns);
      const theirs = truth.gradient.subarray(offset, offset + rows * columns);
      return compare(`${proxy.id} ${name}`, ours, theirs);
    });
    return [loss, ...blocks];
  });
}

/** Three AdamW steps against the reference. */
export async function checkSteps(): Promise<Comparison[]> {
  const engine = createTfEngine(plan, 'webgpu');
  const states = proxies.map(({ seed }) => ({
    parameters: Float64Array.from(initialParameters(layout, seed)),
    firstMoments: new Float64Array(layout.count),
    secondMoments: new Float64Array(layout.count),
  }));
  for (let step = 0; step < 3; step++) {
    engine.advance();
    states.forEach((state, place) => {
      const batch = batchOf(plan, proxies[place], step);
      const { gradient } = referenceGradient(shape, state.parameters, batch);
      referenceStep(shape, training, step, state, gradient);
    });
  }
  const checkpoint = await engine.checkpoint();
  engine.dispose();
  return states.flatMap((state, place) =>
    (['parameters', 'firstMoments', 'secondMoments'] as const).map((name) => {
      const own = checkpoint[name].subarray(place * layout.count, (place + 1) * layout.count);
      return compare(`${proxies[place].id} ${name}`, own, state[name]);
    }),
  );
}

async function lossesOf(some: readonly PlannedProxy[], steps: number): Promise<number[]> {
  const engine = createTfEngine({ ...plan, proxies: some }, 'webgpu');
  for (let step = 0; step < steps; step++) engine.advance();
  const losses = [...(await engine.latestLosses())];
  engine.dispose();
  return losses;
}

/** Losses of four proxies trained together, twice, and of each alone. */
export async function trainTogether() {
  const together = await lossesOf(proxies, 8);
  const again = await lossesOf(proxies, 8);
  const alone: number[] = [];
  for (const proxy of proxies) alone.push(...(await lossesOf([proxy], 8)));
  return { together, again, alone };
}

/** Parameters after six steps, and after three steps, a checkpoint and three more. */
export async function resume() {
  const whole = createTfEngine(plan, 'webgpu');
  for (let step = 0; step < 6; step++) whole.advance();
  const first = createTfEngine(plan, 'webgpu');
  for (let step = 0; step < 3; step++) first.advance();
  const kept = await first.checkpoint();
  first.dispose();
  const second = createTfEngine(plan, 'webgpu');
  second.restore(kept);
  for (let step = 3; step < 6; step++) second.advance();
  const parts = [await whole.checkpoint(), await second.checkpoint()];
  whole.dispose();
  second.dispose();
  return parts.map(({ parameters }) => [...parameters]);
}

/** Tensors and bytes of buffers after 20 steps and after 520, of a model as small as possible. */
export async function grow() {
  const small = { layers: 1, heads: 1, width: 4, hidden: 4, context: 4 };
  const engine = createTfEngine({ ...planOf(1), shape: small }, 'webgpu');
  const held = async () => {
    await engine.latestLosses();
    const memory = tf.memory();
    const backend = tf.backend().memory() as { numBytesAllocatedInGPU?: number };
    return [memory.numTensors, backend.numBytesAllocatedInGPU ?? -1];
  };
  const advance = async (steps: number) => {
    for (let step = 0; step < steps; step++) {
      engine.advance();
      if (step % 10 === 9) await engine.latestLosses();
    }
  };
  await advance(20);
  const early = await held();
  await advance(500);
  const late = await held();
  engine.dispose();
  return { early, late };
}

/** Dispatches in a step of this many proxies. */
export async function dispatches(count: number): Promise<number> {
  const engine = createTfEngine(planOf(count), 'webgpu');
  engine.advance();
  await engine.latestLosses();
  const found = countDispatches(() => engine.advance());
  await engine.latestLosses();
  engine.dispose();
  return found;
}
