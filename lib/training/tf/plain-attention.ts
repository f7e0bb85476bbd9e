import * as tf from '@tensorflow/tfjs';
import { quarterTurn, rotaryTables } from '../reference';
import type { ProxyShape } from '../shape';
import type { Product, Step } from './operations';

/**
 * Causal attention with rotary embedding by the operations of tfjs; its constants live until it is disposed.
 */
export function createAttention(shape: ProxyShape, count: number, product: Product) {
  const { heads, width, context } = shape;
  const size = width / heads;
  const tables = rotaryTables(context, size);
  // 1 x 2 heads x context x size.
  const cosines = perHead(tables.cosines, shape);
  const sines = perHead(tables.sines, shape);
  const turn = tf.tensor2d(quarterTurn(size), [size, size]);
  const mask = causalMask(context);

  /** Heads of queries, keys and values out of P x tokens x 3 width, as P rows x 3 heads x context x size. */
  function splitHeads(joint: tf.Tensor): tf.Tensor4D {
    const rows = joint.size / (3 * width * context);
    return tf.transpose<tf.Tensor4D>(
      tf.reshape<tf.Rank.R4>(joint, [rows, context, 3 * heads, size]),
      [0, 2, 1, 3],
    );
  }

  /** Back to P x tokens x (heads * size). */
  function joinHeads(parts: tf.Tensor4D): tf.Tensor3D {
    const [rows, some] = parts.shape;
    const across = tf.transpose(parts, [0, 2, 1, 3]);
    return tf.reshape<tf.Rank.R3>(across, [count, (rows * context) / count, some * size]);
  }

  function turned(x: tf.Tensor4D, back: boolean): tf.Tensor4D {
    const flat = tf.reshape<tf.Rank.R3>(x, [1, -1, size]);
    return tf.reshape<tf.Rank.R4>(product(flat, tf.expandDims(turn, 0), false, back), x.shape);
  }

  function attend(joint: tf.Tensor3D): Step {
    const split = splitHeads(joint);
    const [rows] = split.shape;
    const plain = tf.slice(split, [0, 0, 0, 0], [rows, 2 * heads, context, size]);
    const value = tf.slice(split, [0, 2 * heads, 0, 0], [rows, heads, context, size]);
    const rotated = tf.add<tf.Tensor4D>(
      tf.mul(plain, cosines),
      tf.mul(turned(plain, false), sines),
    );
    const query = tf.slice(rotated, [0, 0, 0, 0], [rows, heads, context, size]);
    const key = tf.slice(rotated, [0, heads, 0, 0], [rows, heads, context, size]);
    const weights = tf.softmax(tf.add<tf.Tensor4D>(tf.matMul(query, key, false, true), mask));

    function back(dOut: tf.Tensor3D): tf.Tensor3D {
      const dMixed = tf.transpose<tf.Tensor4D>(
        tf.reshape<tf.Rank.R4>(dOut, [rows, context, heads, size]),
        [0, 2, 1, 3],
      );
      const dValue = tf.matMul<tf.Tensor4D>(weights, dMixed, true);
      const dWeights = tf.matMul(dMixed, value, false, true);
      const weighted = tf.mul(dWeights, weights);
      const dScores = tf.sub<tf.Tensor4D>(weighted, tf.mul(weights, tf.sum(weighted, 3, true)));
      const dQuery = tf.matMul<tf.Tensor4D>(dScores, key);
      const dKey = tf.matMul<tf.Tensor4D>(dScores, query, true);
      const dRotated = tf.concat([dQuery, dKey], 1);
      const dPlain = tf.add<tf.Tensor4D>(
        tf.mul(dRotated, cosines),
        turned(tf.mul<tf.Tensor4D>(dRotated, sines), true),
      );
      return joinHeads(tf.concat([dPlain, dValue], 1));
    }
    return { out: joinHeads(tf.matMul<tf.Tensor4D>(weights, value)), back };
  }

  return { attend, dispose: () => tf.dispose([cosines, sines, turn, mask]) };
}

/** A table for every head of queries and keys; queries are also divided by the root of their size. */
function perHead(table: Float32Array, { heads, width, context }: ProxyShape): tf.Tensor4D {
  const size = width / heads;
  const out = new Float32Array(2 * heads * table.length);
  for (let head = 0; head < 2 * heads; head++) {
    const factor = head < heads ? 1 / Math.sqrt(size) : 1;
    table.forEach((value, at) => {
      out[head * table.length + at] = value * factor;
    });
  }
  return tf.tensor4d(out, [1, 2 * heads, context, size]);
}

/** 1 x 1 x context x context: 0 where a position may attend, very low where it may not. */
function causalMask(context: number): tf.Tensor4D {
  const mask = new Float32Array(context * context);
  for (let position = 0; position < context; position++) {
    mask.fill(-1e9, position * context + position + 1, (position + 1) * context);
  }
  return tf.tensor4d(mask, [1, 1, context, context]);
}
