import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromRows } from '../model/matrix';
import { meanOfRuns, sharesOf, uniformPrior } from './prior';

describe('priors', () => {
  it('can be uniform', () => {
    expect(Array.from(uniformPrior(4).weights)).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('can be the mean of the runs', () => {
    const runs = fromRows([
      [1, 0, 0],
      [0, 0.5, 0.5],
    ]);
    expect(Array.from(meanOfRuns(runs).weights)).toEqual([0.5, 0.25, 0.25]);
  });

  it('refuse what is not a share', () => {
    expect(sharesOf([1, -1])).toBeNull();
    expect(sharesOf([0, 0])).toBeNull();
    expect(sharesOf([1, Number.NaN])).toBeNull();
    expect(sharesOf([1, Number.POSITIVE_INFINITY])).toBeNull();
  });

  it('keep proportions and sum to 1', () => {
    const amounts = fc.array(fc.double({ min: 0.001, max: 1e12, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(amounts, (list) => {
        const shares = sharesOf(list);
        expect(shares).not.toBeNull();
        if (!shares) return;
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
        expect(shares[0] * list[list.length - 1]).toBeCloseTo(shares[list.length - 1] * list[0], 3);
      }),
    );
  });
});
