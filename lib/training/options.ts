/**
 * How proxies are trained: the optimiser, learning rates by size, and when proxies are evaluated.
 */

import type { SizeId } from './shape';

/** How proxies are trained: AdamW with a warm-up and then a constant rate, as in the paper. */
export interface TrainingOptions {
  /** Rows of `context` tokens in a batch. */
  readonly rows: number;
  readonly steps: number;
  readonly learningRate: number;
  /** Steps over which the rate rises to its value in equal parts. */
  readonly warmUp: number;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  /** Decoupled, on matrices and not on gains (Loshchilov and Hutter 2019). */
  readonly weightDecay: number;
  /** Maximum norm of a proxy's gradient, over all of its parameters. */
  readonly clip: number;
}

/**
 * The paper's optimiser (Liu et al. 2024, appendix; TinyLlama's AdamW: betas 0.9 and 0.95, decay 0.1, clipping at 1,
 * constant rate after a warm-up), scaled down: a proxy of 20,000 parameters sees a few hundred
 * batches of a few hundred tokens, and needs a rate some twenty times the paper's 4e-4.
 */
export const usualTraining = {
  rows: 8,
  betas: [0.9, 0.95],
  epsilon: 1e-8,
  weightDecay: 0.1,
  clip: 1,
} as const;

/**
 * Learning rates by size. That of `20k` was the best of 2, 4, 8 and 16 thousandths for two mixtures of
 * Languages at 300,000 tokens; the others fall with the root of the width, as is usual.
 */
export const usualRates: Readonly<Record<SizeId, number>> = {
  '7k': 1.1e-2,
  '20k': 8e-3,
  '100k': 5e-3,
  '400k': 3.5e-3,
  '1m': 2.5e-3,
};

/** Training options for so many tokens a proxy: at least one step, warm-up over a tenth, at most 100 steps. */
export function trainingFor(tokens: number, context: number, rate: number): TrainingOptions {
  const steps = Math.max(1, Math.round(tokens / (usualTraining.rows * context)));
  const warmUp = Math.max(1, Math.min(100, Math.round(steps / 10)));
  return { ...usualTraining, learningRate: rate, steps, warmUp };
}

/** The learning rate of a step, counted from 0. */
export function rateAt({ learningRate, warmUp }: TrainingOptions, step: number): number {
  return learningRate * Math.min(1, (step + 1) / warmUp);
}

/** When proxies are evaluated, and on how much text. */
export interface EvaluationPlan {
  /** Steps after which they are, ascending; the last one is that of the training. */
  readonly evaluateAt: readonly number[];
  /** Maximum number of windows of validation text per domain. */
  readonly windows: number;
}

/** As used for the built-in studies. */
const maxWindows = 128;
/** Cost of a step in forward passes: the backward pass takes twice as long as the forward pass. */
const passesOfStep = 3;

/**
 * Plans evaluations so that they take at most about as long as the training: with many domains or few steps,
 * first on less text, down to one batch, then less often.
 *
 * @param domains number of evaluated domains, >= 1
 * @param most maximum number of evaluations, including the last one, >= 1
 */
export function planEvaluations(
  { steps, rows }: Pick<TrainingOptions, 'steps' | 'rows'>,
  domains: number,
  most: number,
): EvaluationPlan {
  const passes = passesOfStep * steps;
  const affordable = Math.max(1, Math.floor(passes / (most * domains)));
  const batches = Math.min(affordable, Math.ceil(maxWindows / rows));
  const times = Math.max(1, Math.min(most, steps, Math.floor(passes / (batches * domains))));
  return {
    windows: Math.min(maxWindows, batches * rows),
    evaluateAt: Array.from({ length: times }, (_, place) =>
      Math.round((steps * (place + 1)) / times),
    ),
  };
}
