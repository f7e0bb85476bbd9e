import * as tf from '@tensorflow/tfjs';
import type { LayerBlocks, ParameterLayout } from '../shape';
import type { Operations, Pass } from './operations';

/** One layer, and its backward pass. */
function layer(x: tf.Tensor3D, blocks: LayerBlocks, pass: Pass) {
  const attentionNorm = pass.norm(x, blocks.attentionNorm);
  const joint = pass.linear(attentionNorm.out, blocks.attentionInput);
  const mixed = pass.attention(joint.out);
  const attended = pass.linear(mixed.out, blocks.attentionOutput);
  const middle = pass.add(x, attended.out);

  const feedNorm = pass.norm(middle, blocks.feedNorm);
  const feed = pass.linear(feedNorm.out, blocks.feedInput);
  const gated = pass.swiGlu(feed.out);
  const fed = pass.linear(gated.out, blocks.feedOutput);
  const out = pass.add(middle, fed.out);

  function back(dOut: tf.Tensor3D): tf.Tensor3D {
    const byFeed = feedNorm.back(feed.back(gated.back(fed.back(dOut))));
    const dMiddle = pass.add(dOut, byFeed);
    const byAttention = attentionNorm.back(joint.back(mixed.back(attended.back(dMiddle))));
    return pass.add(dMiddle, byAttention);
  }
  return { out, back };
}

/** The whole model, from tokens to logits, and its backward pass. */
function forward(inputs: tf.Tensor2D, layout: ParameterLayout, pass: Pass) {
  const embedded = pass.embed(inputs, layout.embedding);
  let x = embedded.out;
  const passed = layout.layers.map((blocks) => {
    const done = layer(x, blocks, pass);
    x = done.out;
    return done;
  });
  const last = pass.norm(x, layout.finalNorm);
  const logits = pass.linear(last.out, layout.head);

  function back(dLogits: tf.Tensor3D): void {
    let dx = last.back(logits.back(dLogits));
    for (const done of [...passed].reverse()) dx = done.back(dx);
    embedded.back(dx);
  }
  return { logits: logits.out, back };
}

/**
 * Mean loss of every proxy over its own batch, and the gradient of each by its own parameters.
 *
 * @param flat P x N parameters
 * @param inputs P x tokens, int32; tokens a multiple of the context
 * @param targets P x tokens, int32
 * @returns losses (P, nats per token) and gradient (P x N)
 */
export function lossAndGradient(
  flat: tf.Tensor2D,
  inputs: tf.Tensor2D,
  targets: tf.Tensor2D,
  layout: ParameterLayout,
  operations: Operations,
): { losses: tf.Tensor1D; gradient: tf.Tensor2D } {
  return tf.tidy(() => {
    const pass = operations.begin(flat);
    const { logits, back } = forward(inputs, layout, pass);
    const entropy = pass.crossEntropy(logits, targets);
    back(entropy.back());
    return { losses: tf.mean<tf.Tensor1D>(entropy.losses, 1), gradient: pass.gradient() };
  });
}

/**
 * Summed loss of every proxy over the tokens that count.
 *
 * @param counts P x tokens: 1 = counts, 0 = does not
 * @returns P, nats
 */
export function summedLosses(
  flat: tf.Tensor2D,
  inputs: tf.Tensor2D,
  targets: tf.Tensor2D,
  counts: tf.Tensor2D,
  layout: ParameterLayout,
  operations: Operations,
): tf.Tensor1D {
  return tf.tidy(() => {
    const pass = operations.begin(flat);
    const { logits } = forward(inputs, layout, pass);
    const { losses } = pass.crossEntropy(logits, targets);
    return tf.sum<tf.Tensor1D>(tf.mul(losses, counts), 1);
  });
}
