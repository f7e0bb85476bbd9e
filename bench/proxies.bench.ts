import * as tf from '@tensorflow/tfjs';
import { countDispatches } from '../e2e/webgpu/compare';
import { trainingFor } from '../lib/training/options';
import { layoutOf, type ProxyShape, sizes } from '../lib/training/shape';
import { createPlainAdamW } from '../lib/training/tf/adamw';
import { product } from '../lib/training/tf/product';
import { createWebGpuAdamW } from '../lib/training/tf/webgpu/adamw';
import { findAdapter } from '../scripts/training/choose-backend';
import type { Benchmark } from './benchmark';
import {
  enginesFor,
  matMulRate,
  operationsPerToken,
  planOf,
  secondsOfStep,
  speedUp,
  use,
} from './training';

/** Small enough for wasm to train 128 in a second or two a step. */
const shape: ProxyShape = sizes['7k'];
const rows = 2;
const populations = [1, 8, 32, 128];

type Backend = 'wasm' | 'webgpu';

interface Effort {
  readonly populations: readonly number[];
  /** Rows of the square matrices whose product tells what a backend can do. */
  readonly matrix: number;
  readonly runs?: number;
}

/** Tokens a second, the product beside it, and the share of its rate that training reaches. */
function trainingOn(backend: Backend, { populations: counts, matrix, runs }: Effort): Benchmark[] {
  const start = `proxies: ${backend}`;
  const tokensOf = (count: number) => count * rows * shape.context;
  const measureTraining = async (count: number, isBatched: boolean) => {
    await use(backend);
    const engines = enginesFor(planOf(shape, count, rows), backend, isBatched);
    // The first step also makes programs and buffers.
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
  // The largest takes the longest by far, and its share follows from both rates.
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
      await use(backend);
      return (await matMulRate(matrix)) / 1e9;
    },
  };
  return [...rates, matMul, ...shares];
}

/** Programs that a step of so many proxies runs. */
function dispatchesOf(count: number): Benchmark {
  return {
    name: `proxies: webgpu, P = ${count}, programs a step`,
    unit: 'dispatches',
    runs: 1,
    run: async () => {
      await use('webgpu');
      const [engine] = enginesFor(planOf(shape, count, rows), 'webgpu', true);
      await secondsOfStep([engine]);
      const found = countDispatches(() => engine.advance());
      await engine.latestLosses();
      engine.dispose();
      return found;
    },
  };
}

/** One step of the optimiser for 32 proxies, ours or that of tfjs's operations. */
function adamW(name: string, create: typeof createPlainAdamW, runs?: number): Benchmark {
  return {
    name: `proxies: webgpu, AdamW of P = 32 x 20k, ${name}`,
    unit: 'ms',
    runs,
    run: async () => {
      await use('webgpu');
      const { context } = sizes['20k'];
      const layout = layoutOf(sizes['20k']);
      const optimiser = create(layout, trainingFor(1e6, context, 1e-3));
      const random = (seed: number) =>
        tf.randomUniform<tf.Rank.R2>([32, layout.count], 0, 1, 'float32', seed);
      const [parameters, firstMoments, secondMoments, gradient] = [1, 2, 3, 4].map(random);
      const step = async () => {
        const before = performance.now();
        const after = optimiser.advance({ parameters, firstMoments, secondMoments }, gradient, 9);
        // A single number, so that it is the step that is waited for and not the reading.
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
    ...trainingOn('webgpu', effort),
    dispatchesOf(1),
    dispatchesOf(32),
    adamW('fused', createWebGpuAdamW, effort.runs),
    adamW('plain', createPlainAdamW, effort.runs),
  ];
}

/** What the figures leave out or have to be read with. */
export const notes: string[] =
  typeof adapter === 'string'
    ? [`proxies: WebGPU is left out: ${adapter}`]
    : [
        `proxies: WebGPU runs on ${adapter.name}${adapter.isSoftware ? ', software whose times say nothing of a GPU; larger P are left out' : ''}`,
      ];

export const benchmarks: Benchmark[] = [
  ...trainingOn('wasm', { populations, matrix: 512 }),
  ...[1, 8].map(
    (count): Benchmark => ({
      name: `proxies: wasm, P = ${count}, product beside tf.matMul, turned`,
      unit: 'times',
      run: async () => {
        await use('wasm');
        return speedUp(product, count);
      },
    }),
  ),
  ...onWebGpu(),
];
