import type * as tf from '@tensorflow/tfjs';
import { rateAt, type TrainingOptions } from '../../options';
import type { ParameterLayout } from '../../shape';
import { corrections } from '../adamw';
import type { Optimiser } from '../operations';
import { type Kernel, runKernel } from './device';
import { elementwise, runElementwise } from './elementwise';

/** Parts in which a proxy's gradient is squared and summed. */
const parts = 64;

/** AdamW with clipping in two programs for all parameters of all proxies: sums of squares, and the step. */
export function createWebGpuAdamW(layout: ParameterLayout, training: TrainingOptions): Optimiser {
  const { betas, epsilon, clip, weightDecay } = training;
  const count = layout.count;
  const share = Math.ceil(count / parts);
  const gains = layout.blocks
    .filter(({ deviation }) => deviation === null)
    .map(({ offset, columns }) => `(own >= ${offset} && own < ${offset + columns})`);
  const squares: Kernel = {
    name: `squares ${count}`,
    reads: ['gradient'],
    writes: ['result'],
    code: `
var<workgroup> sums: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let begin = i32(group.x) * ${share};
  let end = min(begin + ${share}, ${count});
  var sum = 0.0;
  for (var own = begin + thread; own < end; own += 64) {
    let slope = gradient[i32(group.z) * ${count} + own];
    sum += slope * slope;
  }
  sums[thread] = sum;
  workgroupBarrier();
  for (var half = 32; half > 0; half /= 2) {
    if (thread < half) { sums[thread] += sums[thread + half]; }
    workgroupBarrier();
  }
  if (thread == 0) { result[i32(group.z) * ${parts} + i32(group.x)] = sums[0]; }
}`,
  };
  const step = elementwise(
    {
      name: `adamw ${JSON.stringify([count, gains])}`,
      reads: ['gradient', 'squares', 'parameters', 'first', 'second'],
      writes: ['parametersAfter', 'firstAfter', 'secondAfter'],
      hasSettings: true,
    },
    `
  var total = 0.0;
  for (var part = 0; part < ${parts}; part++) { total += squares[proxy * ${parts} + part]; }
  let rate = settings[0].x;
  let decay = select(settings[0].y, 0.0, ${gains.join(' || ')});
  let slope = gradient[at] * min(1.0, settings[0].w / max(sqrt(total), 1e-30));
  let m = settings[1].x * first[at] + (1.0 - settings[1].x) * slope;
  let v = settings[1].y * second[at] + (1.0 - settings[1].y) * slope * slope;
  firstAfter[at] = m;
  secondAfter[at] = v;
  let change = m / (sqrt(v) + settings[0].z);
  parametersAfter[at] = parameters[at] * (1.0 - decay * rate) - change * settings[1].z;`,
  );
  return {
    advance({ parameters, firstMoments, secondMoments }, gradient, at) {
      const [population] = parameters.shape;
      const rate = rateAt(training, at);
      const { root, scale } = corrections(training, at);
      const [sums] = runKernel(squares, [gradient], [[population, parts]], [parts, 1, population]);
      const [parametersAfter, firstAfter, secondAfter] = runElementwise(
        step,
        [gradient, sums, parameters, firstMoments, secondMoments],
        [parameters.shape, parameters.shape, parameters.shape],
        { count: population, each: count },
        [rate, weightDecay, epsilon * root, clip, ...betas, rate * scale],
      ) as tf.Tensor2D[];
      sums.dispose();
      return { parameters: parametersAfter, firstMoments: firstAfter, secondMoments: secondAfter };
    },
    dispose: () => {},
  };
}
