/** Attention on WebGPU. */
import * as tf from '@tensorflow/tfjs';
import { rotaryTables } from '../../reference';
import type { ProxyShape } from '../../shape';
import type { Step } from '../operations';
import { type Kernel, runKernel } from './device';
import { elementwise, runElementwise } from './elementwise';

/**
 * Causal attention with rotary embedding: two programs forward and one backward, with a thread for every
 * position of every head. Attention weights are never stored: the backward pass recomputes them from each
 * position's total.
 */
export function createAttention({ heads, width, context }: ProxyShape) {
  const size = width / heads;
  const half = size / 2;
  const key = `attention ${heads} ${width} ${context}`;
  const { cosines, sines } = rotaryTables(context, size);
  // context x size: cosines of the first half of the dimensions, which repeat, and then sines.
  const angles = tf.tensor2d(
    cosines.map((cosine, at) => (at % size < half ? cosine : sines[at - half])),
    [context, size],
  );

  /** Queries and keys rotated, queries divided by the root of their size; values unchanged. */
  const turn = elementwise(
    { name: `${key} turn`, reads: ['joint', 'angles'], writes: ['result'] },
    `
  let column = at % ${3 * width};
  if (column >= ${2 * width}) { result[at] = joint[at]; return; }
  let row = ((at / ${3 * width}) % ${context}) * ${size};
  let i = column % ${size};
  let cosine = angles[row + i % ${half}];
  let sine = angles[row + ${half} + i % ${half}];
  var value = 0.0;
  if (i < ${half}) { value = joint[at] * cosine - joint[at + ${half}] * sine; }
  else { value = joint[at] * cosine + joint[at - ${half}] * sine; }
  result[at] = value * select(1.0, ${1 / Math.sqrt(size)}, column < ${width});`,
  );
  const perPosition = (body: string) => `
fn dot3(a: i32, b: ptr<function, array<f32, ${size}>>) -> f32 {
  var sum = 0.0;
  for (var i = 0; i < ${size}; i++) { sum += turned[a + i] * (*b)[i]; }
  return sum;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tokens = i32(arrayLength(&turned) / groups.z) / ${3 * width};
  let head = i32(id.y);
  if (i32(id.x) >= tokens) { return; }
  let token = i32(id.z) * tokens + i32(id.x);
  let begin = token - i32(id.x) % ${context};
  let left = head * ${size};
  let own = token * ${3 * width} + left;
${body}
}`;
  const forward: Kernel = {
    name: `${key} forward`,
    reads: ['turned'],
    writes: ['result', 'totals'],
    // Online softmax (Milakov and Gimelshein 2018): sums are rescaled when the maximum rises.
    code: perPosition(`
  var query: array<f32, ${size}>;
  var mixed: array<f32, ${size}>;
  for (var i = 0; i < ${size}; i++) { query[i] = turned[own + i]; }
  var top = -1e30;
  var total = 0.0;
  for (var other = begin; other <= token; other++) {
    let there = other * ${3 * width} + left;
    let score = dot3(there + ${width}, &query);
    let next = max(top, score);
    let scale = exp(top - next);
    let weight = exp(score - next);
    top = next;
    total = total * scale + weight;
    for (var i = 0; i < ${size}; i++) {
      mixed[i] = mixed[i] * scale + weight * turned[there + ${2 * width} + i];
    }
  }
  for (var i = 0; i < ${size}; i++) { result[token * ${width} + left + i] = mixed[i] / total; }
  totals[token * ${heads} + head] = top + log(total);`),
  };
  const back: Kernel = {
    name: `${key} back`,
    reads: ['turned', 'mixed', 'totals', 'dOut', 'angles'],
    writes: ['result'],
    // Each position first as query, then as key.
    code: perPosition(`
  let outside = token * ${width} + left;
  let end = begin + ${context};
  var query: array<f32, ${size}>;
  var key: array<f32, ${size}>;
  var value: array<f32, ${size}>;
  var slope: array<f32, ${size}>;
  var dQuery: array<f32, ${size}>;
  var dKey: array<f32, ${size}>;
  var dValue: array<f32, ${size}>;
  var mean = 0.0;
  for (var i = 0; i < ${size}; i++) {
    query[i] = turned[own + i];
    key[i] = turned[own + ${width} + i];
    value[i] = turned[own + ${2 * width} + i];
    slope[i] = dOut[outside + i];
    mean += slope[i] * mixed[outside + i];
  }
  let total = totals[token * ${heads} + head];
  for (var other = begin; other <= token; other++) {
    let there = other * ${3 * width} + left;
    let weight = exp(dot3(there + ${width}, &query) - total);
    let dScore = weight * (dot3(there + ${2 * width}, &slope) - mean);
    for (var i = 0; i < ${size}; i++) { dQuery[i] += dScore * turned[there + ${width} + i]; }
  }
  for (var other = token; other < end; other++) {
    let there = other * ${3 * width} + left;
    let beyond = other * ${width} + left;
    let weight = exp(dot3(there, &key) - totals[other * ${heads} + head]);
    var dWeight = 0.0;
    for (var i = 0; i < ${size}; i++) {
      let d = dOut[beyond + i];
      dWeight += d * (value[i] - mixed[beyond + i]);
      dValue[i] += weight * d;
    }
    for (var i = 0; i < ${size}; i++) { dKey[i] += weight * dWeight * turned[there + i]; }
  }
  let row = (token - begin) * ${size};
  for (var i = 0; i < ${half}; i++) {
    let cosine = angles[row + i];
    let sine = angles[row + ${half} + i];
    let j = i + ${half};
    result[own + i] = (dQuery[i] * cosine + dQuery[j] * sine) * ${1 / Math.sqrt(size)};
    result[own + j] = (dQuery[j] * cosine - dQuery[i] * sine) * ${1 / Math.sqrt(size)};
    result[own + ${width} + i] = dKey[i] * cosine + dKey[j] * sine;
    result[own + ${width} + j] = dKey[j] * cosine - dKey[i] * sine;
  }
  for (var i = 0; i < ${size}; i++) { result[own + ${2 * width} + i] = dValue[i]; }`),
  };

  function attend(joint: tf.Tensor3D): Step {
    const [count, tokens] = joint.shape;
    const each = tokens * 3 * width;
    const [turned] = runElementwise(turn, [joint, angles], [joint.shape], { count, each });
    const groups = [Math.ceil(tokens / 64), heads, count] as const;
    const shapes = [
      [count, tokens, width],
      [count, tokens, heads],
    ];
    const [mixed, totals] = runKernel(forward, [turned], shapes, groups);
    return {
      out: mixed as tf.Tensor3D,
      back: (dOut) => {
        const inputs = [turned, mixed, totals, dOut, angles];
        return runKernel(back, inputs, [joint.shape], groups)[0] as tf.Tensor3D;
      },
    };
  }
  return { attend, dispose: () => angles.dispose() };
}
