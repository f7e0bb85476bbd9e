import { createRandomStream } from '../model/random';
import type { Direction, Sample } from '../model/regressor';

/** Runs of a made-up target whose signal may be weaker than its noise. */
export interface WeakTable {
  readonly sample: Sample;
  readonly direction: Direction;
}

/**
 * 15 to 60 runs over 3 to 12 domains, up to 70% of whose weights are zero; a loss or a score that domains raise
 * or lower at random, with noise of up to twice its spread over the runs. The same for the same seed.
 */
export function weakTable(seed: number): WeakTable {
  const random = createRandomStream(seed);
  const rows = 15 + Math.floor(46 * random.uniform());
  const domains = 3 + Math.floor(10 * random.uniform());
  const absent = 0.7 * random.uniform();
  const noise = 2 * random.uniform();
  const direction = random.uniform() < 0.5 ? 'lower' : 'higher';
  const power = 0.3 + 0.7 * random.uniform();
  const effects = Array.from({ length: domains }, () => random.normal());
  const values = new Float64Array(rows * domains);
  const clean = Float64Array.from({ length: rows }, (_, row) => {
    const drawn = effects.map(() =>
      random.uniform() < absent ? 0 : -Math.log(1 - random.uniform()),
    );
    if (Math.max(...drawn) === 0) drawn[Math.floor(domains * random.uniform())] = 1;
    const total = drawn.reduce((sum, weight) => sum + weight, 0);
    const mixture = drawn.map((weight) => weight / total);
    values.set(mixture, row * domains);
    return mixture.reduce((sum, weight, domain) => sum + effects[domain] * weight ** power, 0);
  });
  const mean = clean.reduce((sum, value) => sum + value / rows, 0);
  const spread = Math.sqrt(clean.reduce((sum, value) => sum + (value - mean) ** 2 / rows, 0)) || 1;
  const [middle, unit] = direction === 'lower' ? [3, 0.2] : [0.4, 0.05];
  return {
    sample: {
      features: { rows, columns: domains, values },
      values: clean.map(
        (value) => middle + unit * ((value - mean) / spread + noise * random.normal()),
      ),
    },
    direction,
  };
}
