/**
 * Training of proxies on WebGPU: tokens per second side by side and, by tfjs's own operations, one by one, beside
 * the adapter's rate of a matrix product; dispatches per step; our AdamW against tfjs's.
 */
import * as tf from '@tensorflow/tfjs';
import { countDispatches } from '../e2e/webgpu/compare';
import type { Engine, PopulationPlan } from '../lib/training/engine';
import { trainingFor } from '../lib/training/options';
import { layoutOf, memoryOf, type SizeId, sizes } from '../lib/training/shape';
import { createPlainAdamW } from '../lib/training/tf/adamw';
import { startBackend } from '../lib/training/tf/backends';
import { createTfEngine } from '../lib/training/tf/population';
import { createWebGpuAdamW } from '../lib/training/tf/webgpu/adamw';
import { createLinear } from '../lib/training/tf/webgpu/product';
import { findAdapter } from '../scripts/training/choose-backend';
import { provideGpu } from '../scripts/training/gpu';
import { type Benchmark, median } from './benchmark';
import { operationsPerToken, planOf } from './training';

const start = 'proxies: webgpu';

/** What is measured, and for how long. */
interface Effort {
  readonly sizes: readonly SizeId[];
  readonly populations: readonly number[];
  readonly rows: number;
  /** Rows of the square matrices whose product measures the adapter's rate. */
  readonly matrix: number;
  readonly readings: number;
  /** Seconds of a reading. */
  readonly seconds: number;
}

/** About three minutes on a GPU. */
const usual: Effort = {
  sizes: ['20k', '100k', '400k', '1m'],
  populations: [1, 8, 32, 128, 512],
  rows: 8,
  matrix: 4096,
  readings: 3,
  seconds: 1,
};

/** A software adapter shows that it runs: small enough for a minute. */
const small: Effort = {
  sizes: ['7k'],
  populations: [1, 8],
  rows: 2,
  matrix: 256,
  readings: 1,
  seconds: 0,
};

/** An adapter does not say how much memory it has; populations that may need more are left out. */
const memoryGiB = Number(process.env.GPU_GIB ?? 8);

const adapter = await findAdapter();
const effort = typeof adapter === 'string' || adapter.isSoftware ? small : usual;
const { rows } = effort;

/** Populations of a size whose buffers fit, and those left out with the reason. */
function populationsOf(size: SizeId) {
  const fit: number[] = [];
  const leftOut: string[] = [];
  for (const count of effort.populations) {
    const { total, largest } = memoryOf(sizes[size], rows, count);
    const most = typeof adapter === 'string' ? 0 : adapter.largestBuffer;
    const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
    if (largest > most) leftOut.push(`P = ${count} (a buffer of ${gib(largest)})`);
    else if (total > memoryGiB * 2 ** 30) leftOut.push(`P = ${count} (up to ${gib(total)})`);
    else fit.push(count);
  }
  return { fit, leftOut };
}

let started: Promise<void> | null = null;
const errors: string[] = [];

/** Activates WebGPU, once. */
export function startWebGpu(): Promise<void> {
  started ??= provideGpu().then(() =>
    startBackend('webgpu', (message) => void errors.push(message)),
  );
  return started;
}

/** Errors of the device since the last call: what it computed meanwhile is worth nothing. */
export function takeErrors(): string[] {
  return errors.splice(0);
}

/**
 * Units of work per second, a reading each: `turn` does some number of them and starts the next, `settle` waits for
 * the device.
 */
async function readings(units: number, turn: () => void, settle: () => Promise<unknown>) {
  const timed = async (turns: number) => {
    const before = performance.now();
    for (let done = 0; done < turns; done++) turn();
    await settle();
    return (performance.now() - before) / 1000;
  };
  // Creates programs and buffers.
  await timed(1);
  // As training does, it waits once in ten steps, but at least four times a second.
  const turns = Math.min(10, Math.max(1, Math.floor(0.25 / (await timed(1)))));
  const rates: number[] = [];
  while (rates.length < effort.readings) {
    let seconds = 0;
    let done = 0;
    do {
      seconds += await timed(turns);
      done += turns;
    } while (seconds < effort.seconds);
    rates.push((done * units) / seconds);
  }
  const wrong = takeErrors();
  if (wrong.length > 0) throw new Error(wrong.join('; '));
  return rates;
}

/** Proxies of few seeds: starting parameters of hundreds would be drawn for minutes. */
function plansOf(size: SizeId, count: number): PopulationPlan {
  const plan = planOf(size, count, rows);
  const proxies = plan.proxies.map((proxy, place) => ({ ...proxy, seed: place % 4 }));
  return { ...plan, proxies };
}

/** Side by side by our programs, or one by tfjs alone: how many there are is nothing to that rate. */
type Way = number | 'tfjs';

/** On the active backend; named cpu, an engine takes tfjs's operations and tfjs's AdamW. */
function engineOf(size: SizeId, way: Way): Engine {
  return way === 'tfjs'
    ? createTfEngine(plansOf(size, 1), 'cpu')
    : createTfEngine(plansOf(size, way), 'webgpu');
}

/** A figure that others are computed from, measured once. */
function kept(measure: () => Promise<readonly number[]>): () => Promise<readonly number[]> {
  let made: Promise<readonly number[]> | null = null;
  return () => {
    made ??= startWebGpu().then(measure);
    return made;
  };
}

function trainingRate(size: SizeId, way: Way) {
  return kept(async () => {
    const engine = engineOf(size, way);
    try {
      const tokens = (way === 'tfjs' ? 1 : way) * rows * sizes[size].context;
      return await readings(
        tokens,
        () => engine.advance(),
        () => engine.latestLosses(),
      );
    } finally {
      engine.dispose();
    }
  });
}

/** Waits for a tensor by reading one number of it: the rest need not be copied. */
async function awaitTensor(tensor: tf.Tensor): Promise<void> {
  const last = tf.slice(tf.reshape(tensor, [-1]), [tensor.size - 1], [1]);
  await last.data();
  last.dispose();
}

/** Operations per second of the product of two square matrices. */
function productRate(product: (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor) {
  return kept(async () => {
    const { matrix } = effort;
    const [a, b] = [1, 2].map((seed) =>
      tf.randomUniform<tf.Rank.R2>([matrix, matrix], -1, 1, 'float32', seed),
    );
    let out = product(a, b);
    const rates = await readings(
      2 * matrix ** 3,
      () => {
        out.dispose();
        out = product(a, b);
      },
      () => awaitTensor(out),
    );
    tf.dispose([a, b, out]);
    return rates;
  });
}

const ourLinear = createLinear(
  { name: 'square', rows: effort.matrix, columns: effort.matrix, offset: 0, deviation: null },
  effort.matrix ** 2,
);
const productRates = {
  tfjs: productRate((a, b) => tf.matMul(a, b)),
  ours: productRate((a, b) => {
    const flat = tf.reshape<tf.Rank.R2>(b, [1, -1]);
    const x = tf.reshape<tf.Rank.R3>(a, [1, ...a.shape]);
    const out = ourLinear.forward(x, flat);
    tf.dispose([flat, x]);
    return out;
  }),
};

/** Of the faster product, in operations per second. */
async function adapterRate(): Promise<number> {
  return Math.max(median(await productRates.tfjs()), median(await productRates.ours()));
}

const once = { runs: 1, warmsUp: true } as const;

function products(): Benchmark[] {
  return (['tfjs', 'ours'] as const).map((whose) => ({
    ...once,
    name: `${start}, product of ${effort.matrix} x ${effort.matrix}, ${whose}`,
    unit: 'GFLOP/s',
    run: async () => (await productRates[whose]()).map((rate) => rate / 1e9),
  }));
}

function trainingOf(size: SizeId): Benchmark[] {
  const byTfjs = trainingRate(size, 'tfjs');
  const operations = operationsPerToken(sizes[size]);
  return [
    {
      ...once,
      name: `${start}, ${size}, one by one by tfjs alone`,
      unit: 'tokens/s',
      run: byTfjs,
    },
    ...populationsOf(size).fit.flatMap((count): Benchmark[] => {
      const rate = trainingRate(size, count);
      const name = `${start}, ${size}, P = ${count} side by side`;
      return [
        { ...once, name, unit: 'tokens/s', run: rate },
        {
          ...once,
          name: `${name}, beside one by one by tfjs`,
          unit: 'times',
          run: async () => median(await rate()) / median(await byTfjs()),
        },
        {
          ...once,
          name: `${name}, share of the product`,
          unit: '%',
          run: async () => (100 * median(await rate()) * operations) / (await adapterRate()),
        },
      ];
    }),
  ];
}

/** Programs that a training step runs. */
function dispatchesOf(size: SizeId, way: Way): Benchmark {
  return {
    ...once,
    name: `${start}, ${size}, ${way === 'tfjs' ? 'tfjs alone' : `P = ${way}`}, programs a step`,
    unit: 'dispatches',
    run: async () => {
      await startWebGpu();
      const engine = engineOf(size, way);
      engine.advance();
      await engine.latestLosses();
      const found = countDispatches(() => engine.advance());
      await engine.latestLosses();
      engine.dispose();
      return found;
    },
  };
}

/** One step of the optimiser for 32 proxies, by our programs or by tfjs's operations. */
function adamW(name: string, create: typeof createPlainAdamW): Benchmark {
  return {
    ...once,
    name: `${start}, AdamW of P = 32 x 20k, ${name}`,
    unit: 'ms',
    run: async () => {
      await startWebGpu();
      const { context } = sizes['20k'];
      const layout = layoutOf(sizes['20k']);
      const optimiser = create(layout, trainingFor(1e6, context, 1e-3));
      const random = (seed: number) =>
        tf.randomUniform<tf.Rank.R2>([32, layout.count], 0, 1, 'float32', seed);
      const [parameters, firstMoments, secondMoments, gradient] = [1, 2, 3, 4].map(random);
      let state = { parameters, firstMoments, secondMoments };
      const rates = await readings(
        1,
        () => {
          const before = state;
          state = optimiser.advance(before, gradient, 9);
          tf.dispose([before.parameters, before.firstMoments, before.secondMoments]);
        },
        () => awaitTensor(state.parameters),
      );
      tf.dispose([state.parameters, state.firstMoments, state.secondMoments, gradient]);
      optimiser.dispose();
      return rates.map((rate) => 1000 / rate);
    },
  };
}

/** The adapter, and what the figures omit. */
export function notesOn(): string[] {
  if (typeof adapter === 'string') return [`proxies: webgpu is left out: ${adapter}`];
  const software = adapter.isSoftware
    ? [`${start} runs in software, whose times say nothing of a GPU: the smallest size alone`]
    : [];
  const tooLarge = effort.sizes.flatMap((size) => {
    const { leftOut } = populationsOf(size);
    return leftOut.length === 0 ? [] : [`${start}, ${size}: left out: ${leftOut.join(', ')}`];
  });
  const memory = tooLarge.length > 0 ? [`${start}: at most ${memoryGiB} GiB, or GPU_GIB`] : [];
  return [`${start} runs on ${adapter.name}`, ...software, ...tooLarge, ...memory];
}

export const benchmarks: Benchmark[] =
  typeof adapter === 'string'
    ? []
    : [
        ...products(),
        ...effort.sizes.flatMap(trainingOf),
        ...effort.sizes.flatMap((size) =>
          ([1, 32, 'tfjs'] as const).map((way) => dispatchesOf(size, way)),
        ),
        adamW('fused', createWebGpuAdamW),
        adamW('plain', createPlainAdamW),
      ];
