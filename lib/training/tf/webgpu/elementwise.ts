import type * as tf from '@tensorflow/tfjs';
import type { ParameterBlock } from '../../shape';
import type { Step } from '../operations';
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

/** SwiGLU in one program each way. */
export function createSwiGlu(hidden: number) {
  const places = `
  let token = at / ${hidden};
  let left = token * ${2 * hidden} + at % ${hidden};
  let gate = feed[left];
  let up = feed[left + ${hidden}];
  let open = 1.0 / (1.0 + exp(-max(gate, -80.0)));`;
  const forward = elementwise(
    { name: `swiglu ${hidden} forward`, reads: ['feed'], writes: ['result'] },
    `${places}
  result[at] = gate * open * up;`,
  );
  const back = elementwise(
    { name: `swiglu ${hidden} back`, reads: ['feed', 'dOut'], writes: ['result'] },
    `${places}
  result[left] = dOut[at] * up * open * (1.0 + gate * (1.0 - open));
  result[left + ${hidden}] = dOut[at] * gate * open;`,
    'dOut',
  );
  return (feed: tf.Tensor3D): Step => {
    const [count, tokens] = feed.shape;
    const size = { count, each: tokens * hidden };
    const run = (kernel: typeof back, inputs: readonly tf.Tensor[], columns: number) =>
      runElementwise(kernel, inputs, [[count, tokens, columns]], size)[0] as tf.Tensor3D;
    return {
      out: run(forward, [feed], hidden),
      back: (dOut) => run(back, [feed, dOut], 2 * hidden),
    };
  };
}

/** Rows of the embedding in one program, and their gradients in another, summed in the order of tokens. */
export function createEmbedding(
  { rows: vocabulary, columns: width, offset }: ParameterBlock,
  parameters: number,
) {
  const key = `embedding ${vocabulary} ${width} ${offset} ${parameters}`;
  const tokenArray = { name: 'tokens', type: 'i32' } as const;
  const forward = elementwise(
    { name: `${key} forward`, reads: [tokenArray, 'flat'], writes: ['result'] },
    `
  let row = tokens[at / ${width}];
  result[at] = flat[proxy * ${parameters} + ${offset} + row * ${width} + at % ${width}];`,
  );
  const back: Kernel = {
    name: `${key} back`,
    reads: [tokenArray, 'dOut'],
    writes: ['gradient'],
    code: `
@compute @workgroup_size(32)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let proxy = i32(group.z);
  let row = i32(group.x);
  let count = i32(arrayLength(&tokens) / groups.z);
  let begin = proxy * count;
  for (var column = i32(thread); column < ${width}; column += 32) {
    var sum = 0.0;
    for (var token = begin; token < begin + count; token++) {
      if (tokens[token] == row) { sum += dOut[token * ${width} + column]; }
    }
    gradient[proxy * ${parameters} + ${offset} + row * ${width} + column] = sum;
  }
}`,
  };
  return {
    forward(tokens: tf.Tensor2D, flat: tf.Tensor2D) {
      const [count, each] = tokens.shape;
      const size = { count, each: each * width };
      const [out] = runElementwise(forward, [tokens, flat], [[count, each, width]], size);
      return out as tf.Tensor3D;
    },
    back(tokens: tf.Tensor2D, dOut: tf.Tensor3D, gradient: tf.Tensor2D) {
      runKernel(back, [tokens, dOut], [gradient], [vocabulary, 1, tokens.shape[0]]);
    },
  };
}
