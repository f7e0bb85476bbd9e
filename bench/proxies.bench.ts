/**
 * Training of proxies on each backend: tokens per second beside the rate of a matrix product,
 * dispatches per step, and our programs against tfjs's operations.
 */
import * as tf from '@tensorflow/tfjs';
import { countDispatches } from '../e2e/webgpu/compare';
import type { Engine, PopulationPlan } from '../lib/training/engine';
import { trainingFor } from '../lib/training/options';
import { layoutOf, type ProxyShape, sizes } from '../lib/training/shape';
import { createPlainAdamW } from '../lib/training/tf/adamw';
import { startBackend } from '../lib/training/tf/backends';
import { createTfEngine } from '../lib/training/tf/population';
import { createWebGpuAdamW } from '../lib/training/tf/webgpu/adamw';
import { findAdapter } from '../scripts/training/choose-backend';
import { provideGpu } from '../scripts/training/gpu';
import type { Benchmark } from './benchmark';
import { operationsPerToken } from './training';

/** Small enough for wasm to train 128 in one or two seconds per step. */
const shape: ProxyShape = sizes['7k'];
const rows = 2;
const populations = [1, 8, 32, 128];

interface Effort {
  readonly populations: readonly number[];
  /** Rows of the square matrices whose product measures a backend's rate. */
  readonly matrix: number;
  readonly runs?: number;
}

/** Tokens per second, the rate of the product, and the share of it that training reaches. */
function trainingOn({ populations: counts, matrix, runs }: Effort): Benchmark[] {
  const start = 'proxies: webgpu';
  const tokensOf = (count: number) => count * rows * shape.context;
  const measureTraining = async (count: number, isBatched: boolean) => {
    await use();
    const engines = enginesFor(planOf(shape, count, rows), isBatched);
    // The first step also creates programs and buffers.
    await secondsOfStep(engines);
    const seconds = await secondsOfStep(engines);
    for (const engine of engines) engine.dispose();
    return tokensOf(count) / seconds;
  };
  const rates = counts.flatMap((count) =>
    [true, false].map(
      (isBatched): Benchmark => ({
        name: `${start}, P = ${count}, ${isBatched ? 'side by side' : 'one after the other'}`,
        unit: 'tokens/s',
        runs,
        run: () => measureTraining(count, isBatched),
      }),
    ),
  );
  // The largest shape takes by far the longest, and its share follows from both rates.
  const shares = counts.slice(0, -1).map(
    (count): Benchmark => ({
      name: `${start}, P = ${count} side by side, share of matMul`,
      unit: '%',
      runs,
      run: async () => {
        const rate = (await measureTraining(count, true)) * operationsPerToken(shape);
        return (100 * rate) / (await matMulRate(matrix));
      },
    }),
  );
  const matMul: Benchmark = {
    name: `${start}, matMul of ${matrix} x ${matrix}`,
    unit: 'GFLOP/s',
    runs,
    run: async () => {
      await use();
      return (await matMulRate(matrix)) / 1e9;
    },
  };
  return [...rates, matMul, ...shares];
}

/** Programs that a training step of this many proxies runs. */
function dispatchesOf(count: number): Benchmark {
  return {
    name: `proxies: webgpu, P = ${count}, programs a step`,
    unit: 'dispatches',
    runs: 1,
    run: async () => {
      await use();
      const [engine] = enginesFor(planOf(shape, count, rows), true);
      await secondsOfStep([engine]);
      const found = countDispatches(() => engine.advance());
      await engine.latestLosses();
      engine.dispose();
      return found;
    },
  };
}

/** One step of the optimiser for 32 proxies, by our program or by tfjs's operations. */
function adamW(name: string, create: typeof createPlainAdamW, runs?: number): Benchmark {
  return {
    name: `proxies: webgpu, AdamW of P = 32 x 20k, ${name}`,
    unit: 'ms',
    runs,
    run: async () => {
      await use();
      const { context } = sizes['20k'];
      const layout = layoutOf(sizes['20k']);
      const optimiser = create(layout, trainingFor(1e6, context, 1e-3));
      const random = (seed: number) =>
        tf.randomUniform<tf.Rank.R2>([32, layout.count], 0, 1, 'float32', seed);
      const [parameters, firstMoments, secondMoments, gradient] = [1, 2, 3, 4].map(random);
      const step = async () => {
        const before = performance.now();
        const after = optimiser.advance({ parameters, firstMoments, secondMoments }, gradient, 9);
        // Reads a single number, so that the step is measured and not the download.
        const last = tf.slice(after.parameters, [31, layout.count - 1], [1, 1]);
        await last.data();
        const took = performance.now() - before;
        tf.dispose([last, after.parameters, after.firstMoments, after.secondMoments]);
        return took;
      };
      await step();
      const took = await step();
      tf.dispose([parameters, firstMoments, secondMoments, gradient]);
      optimiser.dispose();
      return took;
    },
  };
}

const adapter = await findAdapter();

function onWebGpu(): Benchmark[] {
  if (typeof adapter === 'string') return [];
  const effort = adapter.isSoftware
    ? { populations: [1, 8], matrix: 256, runs: 1 }
    : { populations, matrix: 2048 };
  return [
    ...trainingOn(effort),
    dispatchesOf(1),
    dispatchesOf(32),
    adamW('fused', createWebGpuAdamW, effort.runs),
    adamW('plain', createPlainAdamW, effort.runs),
  ];
}

/** Notes on what the figures omit. */
export const notes: string[] =
  typeof adapter === 'string'
    ? [`proxies: WebGPU is left out: ${adapter}`]
    : [
        `proxies: WebGPU runs on ${adapter.name}${adapter.isSoftware ? ', software whose times say nothing of a GPU; larger P are left out' : ''}`,
      ];

export const benchmarks: Benchmark[] = onWebGpu();

let isStarted = false;

/** Activates WebGPU. */
async function use(): Promise<void> {
  if (isStarted) return;
  await provideGpu();
  await startBackend('webgpu', (message) => {
    throw new Error(message);
  });
  isStarted = true;
}

/** Proxies of a shape, each on a mixture of two synthetic texts. */
function planOf(shape: ProxyShape, count: number, rows: number): PopulationPlan {
  const tokens = [0, 1].map((domain) =>
    Uint16Array.from({ length: 20_000 }, (_, place) =>
      place % 97 === 0 ? 256 : 97 + ((place * (domain + 2) + (place >> 3)) % (7 + 9 * domain)),
    ),
  );
  const proxies = Array.from({ length: count }, (_, place) => {
    const weight = (place + 0.5) / count;
    return { id: String(place), mixture: Float64Array.of(weight, 1 - weight), seed: place };
  });
  return { shape, training: { ...trainingFor(1e6, shape.context, 1e-3), rows }, proxies, tokens };
}

/** Seconds of one step of all engines, from drawing batches until every loss has been read. */
async function secondsOfStep(engines: readonly Engine[]): Promise<number> {
  const start = performance.now();
  for (const engine of engines) engine.advance();
  await Promise.all(engines.map((engine) => engine.latestLosses()));
  return (performance.now() - start) / 1000;
}

/** Engines for this many proxies: one for all, or one each. */
function enginesFor(plan: PopulationPlan, isBatched: boolean): Engine[] {
  const parts = isBatched ? [plan.proxies] : plan.proxies.map((proxy) => [proxy]);
  return parts.map((proxies) => createTfEngine({ ...plan, proxies }, 'webgpu'));
}

/**
 * Floating-point operations per second of tfjs's product of two square matrices on the active
 * backend.
 */
async function matMulRate(size: number): Promise<number> {
  const products = 4;
  const [a, b] = [1, 2].map((seed) =>
    tf.randomUniform<tf.Rank.R2>([size, size], -1, 1, 'float32', seed),
  );
  await Promise.all([a.data(), b.data()]);
  const start = performance.now();
  const results = Array.from({ length: products }, () => tf.matMul(a, b));
  await Promise.all(results.map((result) => result.data()));
  const seconds = (performance.now() - start) / 1000;
  tf.dispose([a, b, ...results]);
  return (products * 2 * size ** 3) / seconds;
}
