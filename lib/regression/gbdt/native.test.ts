import { describe, expect, it } from 'vitest';
import { runJob } from '../../job';
import { rowOf, zeros } from '../../matrix';
import type { Sample } from '../types';
import { boost } from './boosting';
import { walkTrees } from './walk-trees';

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

/** What LightGBM 4.7.0 predicts (learning rate 0.01, one thread, otherwise defaults) for rows 0..5. */
const native = [
  {
    rows: 32,
    domains: 9,
    steps: 1024,
    minRowsPerLeaf: 1,
    rounds: 600,
    predicted: [
      3.9157138123898805, 7.907250654292296, 6.634927355563838, 6.302720429938749,
      4.691370708593173, 0.7497014386020643,
    ],
  },
  {
    rows: 64,
    domains: 8,
    steps: 16,
    minRowsPerLeaf: 3,
    rounds: 400,
    predicted: [
      4.6238354433691535, 7.735229267659855, 5.67416358111591, 7.481593213843716, 4.460343672582263,
      3.7120045159397006,
    ],
  },
  {
    rows: 200,
    domains: 12,
    steps: 8,
    minRowsPerLeaf: 8,
    rounds: 300,
    predicted: [
      8.295956681541037, 8.573919680098955, 6.27081373214361, 5.413305027319008, 4.484143378693286,
      2.9305778116128827,
    ],
  },
  {
    rows: 1500,
    domains: 3,
    steps: 2048,
    minRowsPerLeaf: 20,
    rounds: 200,
    predicted: [
      4.265187880317053, 1.3852145647227514, 0.758716617042973, 1.4248811179761351,
      1.7394683871483587, 3.4528856773160825,
    ],
  },
];

describe('trees beside native LightGBM', () => {
  it.each(native)('agree on $rows runs of $domains domains', (expected) => {
    const { rows, domains, steps, minRowsPerLeaf, rounds, predicted } = expected;
    const sample = table(rows, domains, steps);
    const model = runJob(boost(sample, { rounds, minRowsPerLeaf }));
    predicted.forEach((value, row) => {
      expect(Math.abs(walkTrees(model, rowOf(sample.features, row)) - value)).toBeLessThan(1e-12);
    });
  });
});
