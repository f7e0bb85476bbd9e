import type * as tf from '@tensorflow/tfjs';
import type { ParameterBlock } from '../../shape';
import { type Kernel, runKernel } from './device';
import { elementwise, runElementwise } from './elementwise';

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
