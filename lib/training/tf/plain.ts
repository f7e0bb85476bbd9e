import * as tf from '@tensorflow/tfjs';
import { normEpsilon } from '../reference';
import { layoutOf, type ParameterBlock, type ProxyShape, vocabulary } from '../shape';
import type { Operations, Pass, Product, Step } from './operations';
import { createAttention } from './plain-attention';

const matMul: Product = (a, b, turnA, turnB) => tf.matMul(a, b, turnA, turnB);

/** The operations implemented with tfjs, for every backend. @param product of matrices, where tfjs's is slow */
export function createPlainOperations(
  shape: ProxyShape,
  count: number,
  product = matMul,
): Operations {
  const attention = createAttention(shape, count, product);
  // Where each proxy's rows of the joint embedding begin.
  const starts = Int32Array.from({ length: count }, (_, proxy) => proxy * vocabulary);
  const offsets = tf.tensor2d(starts, [count, 1], 'int32');
  const { blocks } = layoutOf(shape);

  function begin(flat: tf.Tensor2D): Pass {
    const gradients = new Map<string, tf.Tensor>();
    /** A block of all proxies, P x rows x columns. */
    const weights = ({ offset, rows, columns }: ParameterBlock) =>
      tf.reshape<tf.Rank.R3>(tf.slice(flat, [0, offset], [count, rows * columns]), [
        count,
        rows,
        columns,
      ]);
    return {
      embed(tokens, block) {
        const joint = tf.reshape<tf.Rank.R2>(weights(block), [count * vocabulary, -1]);
        const places = tf.reshape(tf.add(tokens, offsets), [-1]);
        const embedded = tf.gather(joint, places.toInt());
        return {
          out: tf.reshape<tf.Rank.R3>(embedded, [count, tokens.shape[1], -1]),
          back: (dOut) => {
            gradients.set(block.name, product(oneHot(tokens), dOut, true));
          },
        };
      },
      norm(x, block) {
        const gains = weights(block);
        const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(x), 2, true), normEpsilon));
        const unit = tf.mul<tf.Tensor3D>(x, inverse);
        return {
          out: tf.mul<tf.Tensor3D>(unit, gains),
          back: (dOut) => {
            gradients.set(block.name, tf.sum(tf.mul(dOut, unit), 1, true));
            const dUnit = tf.mul(dOut, gains);
            const mean = tf.mean(tf.mul(dUnit, unit), 2, true);
            return tf.mul<tf.Tensor3D>(tf.sub(dUnit, tf.mul(unit, mean)), inverse);
          },
        };
      },
      linear(x, block) {
        const matrix = weights(block);
        return {
          out: product(x, matrix),
          back: (dOut) => {
            gradients.set(block.name, product(x, dOut, true));
            return product(dOut, matrix, false, true);
          },
        };
      },
      attention: attention.attend,
      swiGlu,
      add: (a, b) => tf.add<tf.Tensor3D>(a, b),
      crossEntropy,
      gradient() {
        const all = blocks.map(({ name, rows, columns }) => {
          const gradient = gradients.get(name);
          if (!gradient) throw new RangeError(`${name} has no gradient`);
          return tf.reshape<tf.Rank.R2>(gradient, [count, rows * columns]);
        });
        return tf.concat(all, 1);
      },
    };
  }

  return {
    begin,
    dispose() {
      offsets.dispose();
      attention.dispose();
    },
  };
}

function swiGlu(feed: tf.Tensor3D): Step {
  const [count, tokens, both] = feed.shape;
  const gate = tf.slice(feed, [0, 0, 0], [count, tokens, both / 2]);
  const up = tf.slice(feed, [0, 0, both / 2], [count, tokens, both / 2]);
  const open = tf.sigmoid(gate);
  const silu = tf.mul<tf.Tensor3D>(gate, open);
  return {
    out: tf.mul<tf.Tensor3D>(silu, up),
    back: (dOut) => {
      const dUp = tf.mul<tf.Tensor3D>(dOut, silu);
      // silu' = open (1 + gate (1 - open)) = open + silu (1 - open) = open + silu - silu open.
      const slope = tf.add(open, tf.sub(silu, tf.mul(silu, open)));
      const dGate = tf.mul<tf.Tensor3D>(tf.mul(dOut, up), slope);
      return tf.concat([dGate, dUp], 2);
    },
  };
}

function crossEntropy(logits: tf.Tensor3D, targets: tf.Tensor2D) {
  const truth = oneHot(targets);
  const shifted = tf.sub(logits, tf.max(logits, 2, true));
  const exponentials = tf.exp(shifted);
  const total = tf.sum(exponentials, 2, true);
  const right = tf.sum(tf.mul(shifted, truth), 2);
  return {
    losses: tf.sub<tf.Tensor2D>(tf.log(tf.squeeze(total, [2])), right),
    back: () => {
      const shares = tf.div<tf.Tensor3D>(exponentials, total);
      return tf.mul<tf.Tensor3D>(tf.sub(shares, truth), 1 / targets.shape[1]);
    },
  };
}

function oneHot(tokens: tf.Tensor2D): tf.Tensor3D {
  // For floats, tfjs's wasm kernel writes the bits of integers: request integers, then cast.
  return tf.cast<tf.Tensor3D>(
    tf.oneHot(tokens, vocabulary, 1, 0, 'int32') as tf.Tensor3D,
    'float32',
  );
}
