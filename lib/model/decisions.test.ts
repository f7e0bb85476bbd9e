import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairsRight, topRegret } from './statistics';

/** By the definition, pair by pair. */
function pairsByDefinition(predicted: Float64Array, measured: Float64Array): number {
  let right = 0;
  let pairs = 0;
  for (let a = 0; a < measured.length; a++) {
    for (let b = 0; b < a; b++) {
      const truth = Math.sign(measured[a] - measured[b]);
      if (truth === 0) continue;
      const guess = Math.sign(predicted[a] - predicted[b]);
      pairs++;
      right += guess === truth ? 1 : guess === 0 ? 0.5 : 0;
    }
  }
  return pairs === 0 ? Number.NaN : right / pairs;
}

/** Few distinct values, so that ties of every kind occur. */
const columns = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })), {
    maxLength: 40,
  })
  .map((rows) => [
    Float64Array.from(rows, ([value]) => value),
    Float64Array.from(rows, ([, value]) => value),
  ]);

describe('decision accuracy', () => {
  it('is what counting every pair gives, whatever is tied', () => {
    fc.assert(
      fc.property(columns, ([predicted, measured]) => {
        const expected = pairsByDefinition(predicted, measured);
        const found = pairsRight(predicted, measured);
        if (Number.isNaN(expected)) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('is 1 for the right order, 0 for the reverse, a half for no order', () => {
    const measured = Float64Array.of(3, 1, 2, 5, 4);
    expect(pairsRight(measured.map(Math.sqrt), measured)).toBe(1);
    expect(
      pairsRight(
        measured.map((value) => -value),
        measured,
      ),
    ).toBe(0);
    expect(pairsRight(new Float64Array(5), measured)).toBe(0.5);
  });
});

describe('top-1 regret', () => {
  const measured = Float64Array.of(3, 1, 2);
  it('is what the run predicted best has above the best one, in either direction', () => {
    expect(topRegret(Float64Array.of(9, 8, 7), measured, 'lower')).toBe(1);
    expect(topRegret(Float64Array.of(9, 8, 7), measured, 'higher')).toBe(0);
    expect(topRegret(Float64Array.of(1, 8, 7), measured, 'lower')).toBe(2);
    expect(topRegret(Float64Array.of(1, 8, 7), measured, 'higher')).toBe(2);
  });

  it('is never negative', () => {
    fc.assert(
      fc.property(columns, fc.boolean(), ([predicted, values], isLower) => {
        fc.pre(values.length > 0);
        const regret = topRegret(predicted, values, isLower ? 'lower' : 'higher');
        expect(regret).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
