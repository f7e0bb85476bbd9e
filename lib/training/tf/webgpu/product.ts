/** Matrix products on WebGPU. */
import type * as tf from '@tensorflow/tfjs';
import type { ParameterBlock } from '../../shape';
import { type Kernel, runKernel } from './device';

/**
 * A matrix per proxy inside an array: its element (row, column) of a proxy lies at `proxy * stride + offset +
 * row * rowStride + column * columnStride`. Numbers, or WGSL where they depend on the array's length:
 * `tokens` is the number of tokens of a proxy.
 */
interface MatrixPlace {
  readonly stride: number | string;
  readonly offset: number;
  readonly rowStride: number | string;
  readonly columnStride: number | string;
}

interface ProductPlan {
  readonly rows: number | 'tokens';
  readonly inner: number | 'tokens';
  readonly columns: number;
  readonly a: MatrixPlace;
  readonly b: MatrixPlace;
  readonly out: MatrixPlace;
  /** Numbers per token in `a`, whose length determines the number of tokens. */
  readonly perToken: number;
}

/** Rows and columns of the part of a product that one workgroup makes, 4 x 4 by each of its 64 threads. */
const tile = 32;
/** Numbers of a row or column that are loaded at a time. */
const depth = 16;

/** The product of two matrices of every proxy: each workgroup holds a tile, each thread 16 numbers in registers. */
function productKernel(plan: ProductPlan): Kernel {
  const { rows, inner, columns, a, b, out, perToken } = plan;
  const at = (place: MatrixPlace, row: string, column: string) =>
    `proxy * ${place.stride} + ${place.offset} + (${row}) * ${place.rowStride} + (${column}) * ${place.columnStride}`;
  /** Splits `each`, 0 to tile x depth, so that neighbouring threads read neighbouring numbers where they can. */
  const split = (isInnerNext: boolean) =>
    isInnerNext
      ? `let deep = each % ${depth}; let line = each / ${depth};`
      : `let line = each % ${tile}; let deep = each / ${tile};`;
  return {
    name: `product ${JSON.stringify(plan)}`,
    reads: ['a', 'b'],
    writes: ['result'],
    code: `
var<workgroup> partA: array<f32, ${depth * (tile + 1)}>;
var<workgroup> partB: array<f32, ${depth * (tile + 1)}>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let proxy = i32(group.z);
  let tokens = i32(arrayLength(&a)) / (${perToken} * i32(groups.z));
  let firstRow = i32(group.y) * ${tile};
  let firstColumn = i32(group.x) * ${tile};
  let highest = ${rows};
  let deepest = ${inner};
  let own = vec2i(i32(thread) / 8, i32(thread) % 8) * 4;
  var sums: array<vec4f, 4>;
  for (var start = 0; start < deepest; start += ${depth}) {
    for (var each = i32(thread); each < ${tile * depth}; each += 64) {
      ${split(a.columnStride === 1)}
      let row = firstRow + line;
      let place = start + deep;
      var value = 0.0;
      if (row < highest && place < deepest) { value = a[${at(a, 'row', 'place')}]; }
      partA[deep * ${tile + 1} + line] = value;
    }
    for (var each = i32(thread); each < ${tile * depth}; each += 64) {
      ${split(b.rowStride === 1)}
      let column = firstColumn + line;
      let place = start + deep;
      var value = 0.0;
      if (column < ${columns} && place < deepest) { value = b[${at(b, 'place', 'column')}]; }
      partB[deep * ${tile + 1} + line] = value;
    }
    workgroupBarrier();
    for (var deep = 0; deep < ${depth}; deep++) {
      let left = deep * ${tile + 1} + own.x;
      let top = deep * ${tile + 1} + own.y;
      let across = vec4f(partB[top], partB[top + 1], partB[top + 2], partB[top + 3]);
      sums[0] += partA[left] * across;
      sums[1] += partA[left + 1] * across;
      sums[2] += partA[left + 2] * across;
      sums[3] += partA[left + 3] * across;
    }
    workgroupBarrier();
  }
  for (var down = 0; down < 4; down++) {
    let row = firstRow + own.x + down;
    for (var across = 0; across < 4; across++) {
      let column = firstColumn + own.y + across;
      if (row < highest && column < ${columns}) {
        result[${at(out, 'row', 'column')}] = sums[down][across];
      }
    }
  }
}`,
  };
}

/** Runs a product of so many rows; see `runKernel`. */
function runProduct(
  kernel: Kernel,
  a: tf.Tensor,
  b: tf.Tensor,
  out: tf.Tensor | readonly number[],
  { count, rows, columns }: { count: number; rows: number; columns: number },
): tf.Tensor {
  const groups = [Math.ceil(columns / tile), Math.ceil(rows / tile), count] as const;
  return runKernel(kernel, [a, b], [out], groups)[0];
}

/** Activations times a block of the flat parameters, and the two products of the backward pass. */
export function createLinear({ offset, rows, columns }: ParameterBlock, parameters: number) {
  const straight = (width: number): MatrixPlace => ({
    stride: `tokens * ${width}`,
    offset: 0,
    rowStride: width,
    columnStride: 1,
  });
  const turned = (place: MatrixPlace): MatrixPlace => ({
    ...place,
    rowStride: place.columnStride,
    columnStride: place.rowStride,
  });
  const block: MatrixPlace = { stride: parameters, offset, rowStride: columns, columnStride: 1 };
  const forward = productKernel({
    rows: 'tokens',
    inner: rows,
    columns,
    a: straight(rows),
    b: block,
    out: straight(columns),
    perToken: rows,
  });
  const toInput = productKernel({
    rows: 'tokens',
    inner: columns,
    columns: rows,
    a: straight(columns),
    b: turned(block),
    out: straight(rows),
    perToken: columns,
  });
  const toBlock = productKernel({
    rows,
    inner: 'tokens',
    columns,
    a: turned(straight(rows)),
    b: straight(columns),
    out: block,
    perToken: rows,
  });
  return {
    forward(x: tf.Tensor3D, flat: tf.Tensor2D) {
      const [count, tokens] = x.shape;
      const size = { count, rows: tokens, columns };
      return runProduct(forward, x, flat, [count, tokens, columns], size) as tf.Tensor3D;
    },
    back(x: tf.Tensor3D, flat: tf.Tensor2D, dOut: tf.Tensor3D, gradient: tf.Tensor2D) {
      const [count, tokens] = x.shape;
      runProduct(toBlock, x, dOut, gradient, { count, rows, columns });
      const size = { count, rows: tokens, columns: rows };
      return runProduct(toInput, dOut, flat, x.shape, size) as tf.Tensor3D;
    },
  };
}
