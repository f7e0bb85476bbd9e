import type * as tf from '@tensorflow/tfjs';
import type { ParameterBlock } from '../shape';

/** The result of an operation, and its backward pass: from the gradient of `out` to that of the input. */
export interface Step {
  readonly out: tf.Tensor3D;
  /** Stores the gradients of the parameters used, and returns that of the input. */
  readonly back: (dOut: tf.Tensor3D) => tf.Tensor3D;
}

/**
 * One forward and backward pass through the models of a population, P side by side; the model is written in
 * these operations. Tensors are P x tokens x something; each proxy uses its own parameters.
 */
export interface Pass {
  /** The rows of the embedding that the tokens name: P x tokens, int32, to P x tokens x width. */
  readonly embed: (
    tokens: tf.Tensor2D,
    block: ParameterBlock,
  ) => { readonly out: tf.Tensor3D; readonly back: (dOut: tf.Tensor3D) => void };
  /** RMSNorm (Zhang and Sennrich 2019) with the block's gains. */
  readonly norm: (x: tf.Tensor3D, block: ParameterBlock) => Step;
  /** x times the block, a matrix. */
  readonly linear: (x: tf.Tensor3D, block: ParameterBlock) => Step;
  /**
   * Causal attention with rotary embedding within rows of `context` tokens.
   *
   * @param joint P x tokens x 3 width: query, key and value side by side
   * @returns P x tokens x width
   */
  readonly attention: (joint: tf.Tensor3D) => Step;
  /** SwiGLU (Shazeer 2020): of P x tokens x 2 hidden, gate beside value, to P x tokens x hidden. */
  readonly swiGlu: (feed: tf.Tensor3D) => Step;
  readonly add: (a: tf.Tensor3D, b: tf.Tensor3D) => tf.Tensor3D;
  /** Loss of every token, P x tokens; its backward pass gives the gradient of their mean. */
  readonly crossEntropy: (
    logits: tf.Tensor3D,
    targets: tf.Tensor2D,
  ) => { readonly losses: tf.Tensor2D; readonly back: () => tf.Tensor3D };
  /** P x N: the gradients of all blocks, after the backward pass of each. */
  readonly gradient: () => tf.Tensor2D;
}

/**
 * Products of matrices, one per proxy: `a b`, each transposed first on request.
 *
 * @param a P x rows x inner, or P x inner x rows to be transposed
 * @param b P x inner x columns, or P x columns x inner to be transposed
 * @returns P x rows x columns
 */
export type Product = (
  a: tf.Tensor3D,
  b: tf.Tensor3D,
  turnA?: boolean,
  turnB?: boolean,
) => tf.Tensor3D;

/** Passes through a population of one shape. */
export interface Operations {
  /** @param flat P x N parameters */
  readonly begin: (flat: tf.Tensor2D) => Pass;
  readonly dispose: () => void;
}

/** The state that the optimiser updates: P x N each. */
export interface OptimiserState {
  readonly parameters: tf.Tensor2D;
  readonly firstMoments: tf.Tensor2D;
  readonly secondMoments: tf.Tensor2D;
}

/**
 * AdamW (Loshchilov and Hutter 2019, algorithm 2) for all proxies at once, each clipped by the norm of its own
 * gradient.
 */
export interface Optimiser {
  /**
   * @param step counted from 0
   * @param gradient P x N
   * @returns the new state; the caller disposes of the tensors of the old one
   */
  readonly advance: (state: OptimiserState, gradient: tf.Tensor2D, step: number) => OptimiserState;
  readonly dispose: () => void;
}
