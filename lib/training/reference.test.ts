import { describe, expect, it } from 'vitest';
import { referenceGradient } from './reference';
import { initialParameters, layoutOf, type ProxyShape, vocabulary } from './shape';

const shape: ProxyShape = { layers: 2, heads: 2, width: 8, hidden: 6, context: 5 };
const layout = layoutOf(shape);
const batch = Int32Array.from({ length: 3 * 6 }, (_, place) =>
  place % 6 === 0 ? 256 : (place * 37) % 11,
);

describe('the reference', () => {
  it('starts near the entropy of guessing', () => {
    const { loss } = referenceGradient(shape, initialParameters(layout, 1), batch);
    expect(loss).toBeGreaterThan(Math.log(vocabulary) - 1);
    expect(loss).toBeLessThan(Math.log(vocabulary) + 1);
  });

  it('has the gradient of finite differences, in every block', () => {
    const parameters = Float64Array.from(initialParameters(layout, 2));
    const { gradient } = referenceGradient(shape, parameters, batch);
    for (const { name, offset, rows, columns } of layout.blocks) {
      // The largest of the block and a few others.
      const all = gradient.subarray(offset, offset + rows * columns);
      const largest = all.reduce(
        (best, value, at) => (Math.abs(value) > Math.abs(all[best]) ? at : best),
        0,
      );
      expect(Math.abs(all[largest]), name).toBeGreaterThan(1e-6);
      for (const at of [largest, 0, 7 % all.length, (rows * columns) >> 1]) {
        const moved = (by: number) => {
          const copy = parameters.slice();
          copy[offset + at] += by;
          return referenceGradient(shape, copy, batch).loss;
        };
        const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        expect(Math.abs(slope - all[at]), `${name} ${at}`).toBeLessThan(
          1e-8 + 1e-5 * Math.abs(slope),
        );
      }
    }
  });

  it('looks back only: a later token changes no earlier loss', () => {
    const parameters = initialParameters(layout, 3);
    const one = Int32Array.of(256, 1, 2, 3, 4, 5);
    const changed = Int32Array.of(256, 1, 2, 3, 4, 9);
    const short = { ...shape, context: 4 };
    const [a, b] = [one, changed].map((tokens) =>
      referenceGradient(short, parameters, tokens.subarray(0, 5)),
    );
    expect(a.loss).toBe(b.loss);
    const [c, d] = [one, changed].map((tokens) => referenceGradient(shape, parameters, tokens));
    expect(c.loss).not.toBe(d.loss);
  });
});
