import * as tf from '@tensorflow/tfjs';
import { rateAt, type TrainingOptions } from '../options';
import type { ParameterLayout } from '../shape';
import type { Optimiser } from './operations';

/** AdamW by the operations of tfjs, for every backend. */
export function createPlainAdamW(layout: ParameterLayout, training: TrainingOptions): Optimiser {
  const { betas, epsilon, clip, weightDecay } = training;
  const [beta1, beta2] = betas;
  const perParameter = new Float32Array(layout.count);
  for (const { offset, rows, columns, deviation } of layout.blocks) {
    if (deviation !== null) perParameter.fill(weightDecay, offset, offset + rows * columns);
  }
  const decay = tf.tensor2d(perParameter, [1, layout.count]);
  return {
    advance({ parameters, firstMoments, secondMoments }, gradient, step) {
      const rate = rateAt(training, step);
      const [parametersAfter, firstAfter, secondAfter] = tf.tidy(() => {
        const norm = tf.sqrt(tf.sum(tf.square(gradient), 1, true));
        const clipped = tf.mul<tf.Tensor2D>(gradient, tf.minimum(1, tf.div(clip, norm)));
        const first = tf.add<tf.Tensor2D>(tf.mul(firstMoments, beta1), tf.mul(clipped, 1 - beta1));
        const second = tf.add<tf.Tensor2D>(
          tf.mul(secondMoments, beta2),
          tf.mul(tf.square(clipped), 1 - beta2),
        );
        const { root, scale } = corrections(training, step);
        const move = tf.div(first, tf.add(tf.sqrt(second), epsilon * root));
        const after = tf.sub<tf.Tensor2D>(
          tf.mul(parameters, tf.sub(1, tf.mul(decay, rate))),
          tf.mul(move, rate * scale),
        );
        return [after, first, second];
      });
      return { parameters: parametersAfter, firstMoments: firstAfter, secondMoments: secondAfter };
    },
    dispose: () => decay.dispose(),
  };
}

/** Bias corrections of both moments, to be folded into the rate (`scale`) and epsilon (`root`). */
export function corrections({ betas }: TrainingOptions, step: number) {
  const [beta1, beta2] = betas;
  const root = Math.sqrt(1 - beta2 ** (step + 1));
  return { root, scale: root / (1 - beta1 ** (step + 1)) };
}
