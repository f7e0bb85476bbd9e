import * as tf from '@tensorflow/tfjs';

/**
 * Products of matrices, one per proxy: `a b`, each transposed first on request.
 *
 * tfjs's wasm backend has fast kernels only for two plain matrices: a transposed factor, or a batch of more
 * than one, takes a loop without SIMD, two to eight times slower (`npm run bench product`). There, factors
 * are transposed beforehand and proxies multiplied one by one.
 *
 * @param a P x rows x inner, or P x inner x rows to be transposed
 * @param b P x inner x columns, or P x columns x inner to be transposed
 * @returns P x rows x columns
 */
export function product(a: tf.Tensor3D, b: tf.Tensor3D, turnA = false, turnB = false): tf.Tensor3D {
  if (tf.getBackend() !== 'wasm') return tf.matMul(a, b, turnA, turnB);
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
