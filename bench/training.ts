import * as tf from '@tensorflow/tfjs';
import type { BackendId, Engine, PopulationPlan } from '../lib/training/engine';
import { trainingFor, usualTraining } from '../lib/training/options';
import { layoutOf, type ProxyShape, sizes } from '../lib/training/shape';
import { startBackend } from '../lib/training/tf/backends';
import { createTfEngine } from '../lib/training/tf/population';
import { provideGpu } from '../scripts/training/gpu';
import { milliseconds } from './benchmark';

const started = new Set<BackendId>();

/** Makes a backend the one in force. */
export async function use(backend: 'wasm' | 'webgpu'): Promise<void> {
  if (started.has(backend)) {
    await tf.setBackend(backend);
    return;
  }
  if (backend === 'webgpu') await provideGpu();
  await startBackend(backend, null, (message) => {
    throw new Error(message);
  });
  started.add(backend);
}

/** Proxies of a shape, each on a mixture of two made-up texts. */
export function planOf(shape: ProxyShape, count: number, rows: number): PopulationPlan {
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

/** Seconds that one step of all engines takes, from drawing batches until every loss has been read. */
export async function secondsOfStep(engines: readonly Engine[]): Promise<number> {
  const start = performance.now();
  for (const engine of engines) engine.advance();
  await Promise.all(engines.map((engine) => engine.latestLosses()));
  return (performance.now() - start) / 1000;
}

/** Engines for so many proxies: one of them all, or one each. */
export function enginesFor(plan: PopulationPlan, backend: BackendId, isBatched: boolean): Engine[] {
  const parts = isBatched ? [plan.proxies] : plan.proxies.map((proxy) => [proxy]);
  return parts.map((proxies) => createTfEngine({ ...plan, proxies }, backend));
}

/**
 * Floating-point operations of a training step that count for a token, as Chowdhery et al. 2022 (PaLM, appendix B)
 * count them: six a weight, for the way there and back, and the products within attention. The embedding is a
 * look-up, and counts none.
 */
export function operationsPerToken(shape: ProxyShape): number {
  const { layers, width, context } = shape;
  const { blocks, embedding } = layoutOf(shape);
  const weights = blocks
    .filter((block) => block.deviation !== null && block !== embedding)
    .reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  return 6 * weights + 12 * layers * width * context;
}

/** Floating-point operations a second of tfjs's product of two square matrices on the backend in force. */
export async function matMulRate(size: number): Promise<number> {
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

/** How many times as fast `product` is as tfjs's own on the factors of a gradient: x turned, times dOut. */
export function speedUp(
  product: (a: tf.Tensor3D, b: tf.Tensor3D, turnA: boolean) => tf.Tensor,
  count: number,
): number {
  const { context, width, hidden } = sizes['100k'];
  const tokens = usualTraining.rows * context;
  const x = tf.randomUniform<tf.Rank.R3>([count, tokens, width], -1, 1, 'float32', 1);
  const dOut = tf.randomUniform<tf.Rank.R3>([count, tokens, 2 * hidden], -1, 1, 'float32', 2);
  const timed = (multiply: () => tf.Tensor) =>
    milliseconds(() => tf.tidy(() => void multiply().dataSync()));
  let plain = 0;
  let own = 0;
  // In turns, so that whatever else the machine does slows both.
  for (let turn = 0; turn < 20; turn++) {
    plain += timed(() => tf.matMul(x, dOut, true));
    own += timed(() => product(x, dOut, true));
  }
  tf.dispose([x, dOut]);
  return plain / own;
}
