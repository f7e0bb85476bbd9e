/** What we trained by before: tfjs on WebAssembly, which our engine is compared with. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type { Engine, PopulationPlan } from '../lib/training/engine';
import { createPlainOperations } from '../lib/training/tf/plain';
import { createTfEngine } from '../lib/training/tf/population';

/** Makes tfjs compute on WebAssembly. */
export async function startTfjsWasm(): Promise<void> {
  tf.enableProdMode();
  await tf.setBackend('wasm');
  await tf.ready();
  if (tf.getBackend() !== 'wasm') throw new Error('tfjs could not start on WebAssembly');
}

/** A population on it. */
export function createTfjsWasmEngine(plan: PopulationPlan): Engine {
  return createTfEngine(plan, 'cpu', (shape, count) =>
    createPlainOperations(shape, count, product),
  );
}

/**
 * Products of matrices, one per proxy. tfjs's wasm backend has fast kernels only for two plain matrices: a
 * transposed factor, or a batch of more than one, takes a loop without SIMD, two to eight times slower. So
 * factors are transposed beforehand, and proxies multiplied one by one.
 */
function product(a: tf.Tensor3D, b: tf.Tensor3D, turnA = false, turnB = false): tf.Tensor3D {
  const parts = Array.from({ length: a.shape[0] }, (_, proxy) =>
    tf.matMul(plain(a, proxy, turnA), plain(b, proxy, turnB)),
  );
  const [first] = parts;
  return parts.length === 1
    ? tf.expandDims<tf.Tensor3D>(first, 0)
    : (tf.stack(parts) as tf.Tensor3D);
}

function plain(matrices: tf.Tensor3D, proxy: number, turn: boolean): tf.Tensor2D {
  const [count, rows, columns] = matrices.shape;
  const own = count === 1 ? matrices : tf.slice(matrices, [proxy, 0, 0], [1, rows, columns]);
  const matrix = tf.reshape<tf.Rank.R2>(own, [rows, columns]);
  return turn ? tf.transpose(matrix) : matrix;
}
