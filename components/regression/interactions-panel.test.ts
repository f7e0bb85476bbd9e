import { describe, expect, it } from 'vitest';
import { fromRows } from '../../lib/model/matrix';
import { strongestPair } from './interactions-panel';

const study = {
  domains: [
    { id: 'web', name: 'Web' },
    { id: 'books', name: 'Books' },
  ],
  targets: [
    { id: 'web', name: 'Web loss', unit: '', direction: 'lower' as const },
    { id: 'qa', name: 'QA accuracy', unit: '', direction: 'higher' as const },
  ],
};

describe('the closest tie', () => {
  it('is none of a target with its own domain', () => {
    const rho = fromRows([
      [-0.98, 0.3],
      [0.42, Number.NaN],
    ]);
    expect(strongestPair(rho, study)).toBe(
      'Strongest correlation beyond targets’ own domains: more Books goes with higher Web loss (rho 0.42).',
    );
  });

  it('may be any where no target has a domain of its own, and is none without ranks', () => {
    const alone = { ...study, targets: [study.targets[1]] };
    expect(strongestPair(fromRows([[-0.2], [0.1]]), alone)).toMatch(
      /^Strongest correlation: more Web/,
    );
    expect(strongestPair(fromRows([[Number.NaN], [0]]), alone)).toBeNull();
    expect(
      strongestPair(
        fromRows([
          [-1, 0],
          [0, 0],
        ]),
        study,
      ),
    ).toBeNull();
  });
});
