import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { runJob } from '../model/job';
import { rowOf, selectRows } from '../model/matrix';
import { createRandomStream } from '../model/random';
import { pearson } from '../model/statistics';
import { noiseFloor } from './trust';

/** 300 mixtures, each trained three times: a truth of standard deviation about 0.15 and noise on it. */
function repeatedRuns(noise: number, seed: number) {
  const mixtures = runJob(sampleDirichlet(new Float64Array(4).fill(1), 300, seed));
  const order = Int32Array.from({ length: 900 }, (_, row) => row % 300);
  const random = createRandomStream(seed + 1);
  const truth = Float64Array.from(order, (row) => rowOf(mixtures, row)[0]);
  return {
    truth,
    features: selectRows(mixtures, order),
    values: truth.map((value) => value + noise * random.normal()),
  };
}

describe('the noise floor of simulated seeds', () => {
  it.each([0.02, 0.1, 0.5])('is their noise, and what the truth itself reaches: sd %f', (noise) => {
    const { truth, features, values } = repeatedRuns(noise, 5);
    const floor = noiseFloor({ features, values });
    expect(floor).toMatchObject({ groups: 300, runs: 900 });
    // 600 degrees of freedom: a standard deviation is known to 1 in 35, three times that at most.
    expect(Math.abs((floor?.sd ?? 0) / noise - 1)).toBeLessThan(0.09);
    expect(Math.abs((floor?.ceiling ?? 0) - pearson(truth, values))).toBeLessThan(0.05);
  });

  it('leaves out what was not measured, down to nothing', () => {
    const { features, values } = repeatedRuns(0.1, 6);
    const once = values.map((value, row) => (row < 300 ? value : Number.NaN));
    expect(noiseFloor({ features, values: once })).toBeNull();
    once[300] = values[300];
    expect(noiseFloor({ features, values: once })?.runs).toBe(2);
  });

  it('leaves no ceiling where all that varies is noise', () => {
    const { features } = repeatedRuns(0.1, 7);
    const random = createRandomStream(8);
    const values = Float64Array.from({ length: 900 }, () => random.normal());
    expect(noiseFloor({ features, values })?.ceiling).toBeLessThan(0.25);
    const constant = new Float64Array(900).fill(2);
    expect(noiseFloor({ features, values: constant })).toMatchObject({ sd: 0, ceiling: 0 });
  });
});
