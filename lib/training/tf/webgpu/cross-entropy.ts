import type * as tf from '@tensorflow/tfjs';
import { vocabulary } from '../../shape';
import type { Kernel } from './device';
import { runKernel } from './device';
import { elementwise, runElementwise } from './elementwise';

const targetArray = { name: 'targets', type: 'i32' } as const;

/** Loss and logarithm of the sum of exponentials of every token: a workgroup each. */
const forward: Kernel = {
  name: 'cross-entropy forward',
  reads: ['logits', targetArray],
  writes: ['losses', 'totals'],
  code: `
var<workgroup> parts: array<f32, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  let thread = i32(index);
  let token = i32(group.z * groups.x + group.x);
  let start = token * ${vocabulary};
  var top = logits[start];
  for (var i = thread; i < ${vocabulary}; i += 64) { top = max(top, logits[start + i]); }
  parts[thread] = top;
  workgroupBarrier();
  for (var half = 32; half > 0; half /= 2) {
    if (thread < half) { parts[thread] = max(parts[thread], parts[thread + half]); }
    workgroupBarrier();
  }
  top = parts[0];
  workgroupBarrier();
  var part = 0.0;
  for (var i = thread; i < ${vocabulary}; i += 64) { part += exp(logits[start + i] - top); }
  parts[thread] = part;
  workgroupBarrier();
  for (var half = 32; half > 0; half /= 2) {
    if (thread < half) { parts[thread] += parts[thread + half]; }
    workgroupBarrier();
  }
  if (thread == 0) {
    let total = log(parts[0]) + top;
    totals[token] = total;
    losses[token] = total - logits[start + targets[token]];
  }
}`,
};
/** The gradient of the mean over a proxy's tokens. */
const toLogits = elementwise(
  { name: 'cross-entropy back', reads: ['logits', targetArray, 'totals'], writes: ['result'] },
  `
  let token = at / ${vocabulary};
  let right = select(0.0, 1.0, targets[token] == at % ${vocabulary});
  result[at] = (exp(logits[at] - totals[token]) - right) * ${vocabulary}.0 / f32(each);`,
);

export function crossEntropy(logits: tf.Tensor3D, targets: tf.Tensor2D) {
  const [count, tokens] = targets.shape;
  const shapes = [targets.shape, targets.shape];
  const [losses, totals] = runKernel(forward, [logits, targets], shapes, [tokens, 1, count]);
  return {
    losses: losses as tf.Tensor2D,
    back: () => {
      const size = { count, each: tokens * vocabulary };
      const inputs = [logits, targets, totals];
      return runElementwise(toLogits, inputs, [logits.shape], size)[0] as tf.Tensor3D;
    },
  };
}
