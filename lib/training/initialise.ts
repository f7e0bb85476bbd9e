import { createRandomStream } from '../random/numpy';
import type { ParameterLayout } from './shape';

/**
 * The parameters that a proxy starts with: a function of its seed alone, so that proxies of one seed
 * differ by what they read only.
 *
 * @returns `layout.count` numbers
 */
export function initialParameters(layout: ParameterLayout, seed: number): Float32Array {
  const stream = createRandomStream(seed);
  const out = new Float32Array(layout.count);
  for (const { rows, columns, offset, deviation } of layout.blocks) {
    const end = offset + rows * columns;
    if (deviation === null) out.fill(1, offset, end);
    else for (let at = offset; at < end; at++) out[at] = deviation * stream.normal();
  }
  return out;
}
