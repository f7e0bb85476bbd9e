import type * as tf from '@tensorflow/tfjs';
import { type Kernel, runKernel } from './device';

/** Threads of a workgroup. */
const threads = 64;

/**
 * A program with one thread for each of a proxy's numbers: `at` is the number's place among all, `own` among the
 * proxy's, of which there are `each`.
 */
export function elementwise(
  kernel: Omit<Kernel, 'code'>,
  body: string,
  counted = kernel.writes[0],
): Kernel {
  return {
    ...kernel,
    code: `
@compute @workgroup_size(${threads})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let proxy = i32(id.z);
  let each = i32(arrayLength(&${counted}) / groups.z);
  let own = i32(id.x);
  if (own >= each) { return; }
  let at = proxy * each + own;
${body}
}`,
  };
}

/** Runs one for `count` proxies of `each` numbers. */
export function runElementwise(
  kernel: Kernel,
  inputs: readonly tf.Tensor[],
  outputs: readonly (readonly number[])[],
  { count, each }: { readonly count: number; readonly each: number },
  settings?: readonly number[],
): tf.Tensor[] {
  return runKernel(kernel, inputs, outputs, [Math.ceil(each / threads), 1, count], settings);
}
