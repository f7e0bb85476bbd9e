import type * as tf from '@tensorflow/tfjs';
import type { ParameterBlock } from '../../shape';
import { type MatrixPlace, productKernel, runProduct } from './product';

/** Activations times a block of the flat parameters, and the two products of the way back. */
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
