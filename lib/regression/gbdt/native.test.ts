import { describe, expect, it } from 'vitest';
import { runJob } from '../../model/job';
import { rowOf, zeros } from '../../model/matrix';
import type { Sample } from '../../model/regressor';
import { walkTrees } from '../predict';
import { boost } from './boosting';

/**
 * Tables of exact binary fractions that every platform computes alike, full of equal weights and
 * equal splits: which of two equal splits is taken shows the order in which sums were added.
 */
function table(rows: number, domains: number, steps: number): Sample {
  let state = rows * 31 + domains;
  const next = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
  const features = zeros(rows, domains);
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let domain = 0; domain < domains; domain++) {
      const weight = next(3) === 0 ? 0 : next(steps) / steps;
      features.values[row * domains + domain] = weight;
      values[row] += weight * ((domain * 7) % 5);
    }
    values[row] += next(64) / 64;
  }
  return { features, values };
}

/**
 * What LightGBM 4.7.0 predicts (learning rate 0.01, one thread, otherwise defaults) for the rows of
 * another table of the same kind, `table(8, domains, steps)`.
 */
const native = [
  {
    rows: 32,
    domains: 9,
    steps: 1024,
    minRowsPerLeaf: 1,
    rounds: 600,
    predicted: [
      5.896084104751927, 3.9157138123898805, 7.212560775968611, 0.8789343862514933,
      3.1696486621955486, 4.464123186315411, 8.787885872228056, 6.634927355563838,
    ],
  },
  {
    rows: 64,
    domains: 8,
    steps: 16,
    minRowsPerLeaf: 3,
    rounds: 400,
    predicted: [
      5.707547445894251, 3.569954957729188, 7.667990588181109, 4.065725357488042, 6.164826252727287,
      8.831737045057586, 5.077406891656613, 4.971717103983931,
    ],
  },
  {
    rows: 200,
    domains: 12,
    steps: 8,
    minRowsPerLeaf: 8,
    rounds: 300,
    predicted: [
      8.243813189531474, 6.368553742561564, 8.848205624316542, 5.481552441849406, 7.763234282073178,
      8.90003877343103, 5.777104507491994, 8.62334482349218,
    ],
  },
  {
    rows: 1500,
    domains: 3,
    steps: 2048,
    minRowsPerLeaf: 20,
    rounds: 200,
    predicted: [
      1.2044222426517937, 4.272836406565572, 3.6819815854914912, 2.4243381078653714,
      4.550277743163957, 4.38641567847242, 2.6594140774294446, 4.522893491898485,
    ],
  },
  {
    rows: 48,
    domains: 6,
    steps: 4,
    minRowsPerLeaf: 2,
    rounds: 300,
    predicted: [
      1.3390960888550976, 0.7724126934837404, 1.7966510514006464, 4.806609713522872,
      1.8752995718512593, 1.7123371108981238, 6.039237799486144, 2.8041124350661026,
    ],
  },
];

describe('trees compared with native LightGBM', () => {
  it.each(native)('agree on $rows runs of $domains domains', (expected) => {
    const { rows, domains, steps, minRowsPerLeaf, rounds, predicted } = expected;
    const sample = table(rows, domains, steps);
    const model = runJob(boost(sample, { rounds, minRowsPerLeaf }));
    const unseen = table(8, domains, steps).features;
    predicted.forEach((value, row) => {
      expect(Math.abs(walkTrees(model, rowOf(unseen, row)) - value)).toBeLessThan(1e-9);
    });
  });
});
