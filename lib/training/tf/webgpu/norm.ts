import type * as tf from '@tensorflow/tfjs';
import { normEpsilon } from '../../reference';
import type { ParameterBlock } from '../../shape';
import { type Kernel, runKernel } from './device';

/** Columns whose gains' gradients one workgroup sums, by 16 threads each. */
const columnsPerGroup = 16;

/** RMSNorm in one program forward and two backward: for x and for the gains. */
export function createNorm({ name, offset, columns: width }: ParameterBlock, parameters: number) {
  const key = `norm ${name} ${width} ${parameters}`;
  const gain = `gains[proxy * ${parameters} + ${offset} + i]`;
  const forward: Kernel = {
    name: `${key} forward`,
    reads: ['x', 'gains'],
    writes: ['result', 'inverses'],
    code: perToken(
      `
  var part = 0.0;
  for (var i = thread; i < ${width}; i += 32) { part += x[start + i] * x[start + i]; }
  let inverse = inverseSqrt(sumOf(part, thread) / ${width}.0 + ${normEpsilon});
  for (var i = thread; i < ${width}; i += 32) { result[start + i] = x[start + i] * inverse * ${gain}; }
  if (thread == 0) { inverses[token] = inverse; }`,
      width,
    ),
  };
  const toInput: Kernel = {
    name: `${key} to input`,
    reads: ['x', 'gains', 'inverses', 'dOut'],
    writes: ['result'],
    code: perToken(
      `
  let inverse = inverses[token];
  var part = 0.0;
  for (var i = thread; i < ${width}; i += 32) { part += dOut[start + i] * ${gain} * x[start + i]; }
  let mean = sumOf(part, thread) * inverse / ${width}.0;
  for (var i = thread; i < ${width}; i += 32) {
    result[start + i] = inverse * (dOut[start + i] * ${gain} - x[start + i] * inverse * mean);
  }`,
      width,
    ),
  };
  const toGains: Kernel = {
    name: `${key} to gains`,
    reads: ['x', 'inverses', 'dOut'],
    writes: ['gradient'],
    code: `
var<workgroup> parts: array<f32, 256>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  let thread = i32(index);
  let proxy = i32(group.z);
  let tokens = i32(arrayLength(&inverses) / groups.z);
  let column = i32(group.x) * ${columnsPerGroup} + thread % ${columnsPerGroup};
  var part = 0.0;
  if (column < ${width}) {
    for (var token = thread / ${columnsPerGroup}; token < tokens; token += 16) {
      let row = proxy * tokens + token;
      part += dOut[row * ${width} + column] * x[row * ${width} + column] * inverses[row];
    }
  }
  parts[thread] = part;
  workgroupBarrier();
  if (thread < ${columnsPerGroup} && column < ${width}) {
    var sum = 0.0;
    for (var slice = 0; slice < 16; slice++) { sum += parts[slice * ${columnsPerGroup} + thread]; }
    gradient[proxy * ${parameters} + ${offset} + column] = sum;
  }
}`,
  };
  return {
    forward(x: tf.Tensor3D, flat: tf.Tensor2D) {
      const [count, tokens] = x.shape;
      const outputs = [x.shape, [count, tokens]];
      const [out, inverses] = runKernel(forward, [x, flat], outputs, [tokens, 1, count]);
      return { out: out as tf.Tensor3D, inverses };
    },
    back(
      { x, flat, inverses, dOut }: { [Name in 'x' | 'flat' | 'inverses' | 'dOut']: tf.Tensor },
      gradient: tf.Tensor2D,
    ) {
      const [count, tokens] = x.shape;
      const groups = Math.ceil(width / columnsPerGroup);
      runKernel(toGains, [x, inverses, dOut], [gradient], [groups, 1, count]);
      const inputs = [x, flat, inverses, dOut];
      return runKernel(toInput, inputs, [x.shape], [tokens, 1, count])[0] as tf.Tensor3D;
    },
  };
}

/** A program of 32 threads a token: `start` is where the token's row of `width` numbers begins. */
function perToken(body: string, width: number): string {
  return `
var<workgroup> sums: array<f32, 32>;

fn sumOf(part: f32, thread: i32) -> f32 {
  sums[thread] = part;
  workgroupBarrier();
  for (var half = 16; half > 0; half /= 2) {
    if (thread < half) { sums[thread] += sums[thread + half]; }
    workgroupBarrier();
  }
  return sums[0];
}

@compute @workgroup_size(32)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  let thread = i32(index);
  let proxy = i32(group.z);
  let token = i32(group.z * groups.x + group.x);
  let start = token * ${width};
${body}
}`;
}
