import { sampleDirichlet } from '../mixture/sampling';
import { runJob } from '../model/job';
import { rowOf } from '../model/matrix';
import { createRandomStream } from '../model/random';
import type { Sample } from '../model/regressor';

/**
 * Mixtures with a loss that each domain lowers with diminishing returns, and noise: data of the
 * published runs' shape for tests and benchmarks, the same for the same seed.
 *
 * @param noise standard deviation of the noise on the loss
 */
export function syntheticSample(
  rows: number,
  domains: number,
  { seed = 1, noise = 0.02 }: { seed?: number; noise?: number } = {},
): Sample {
  const concentration = new Float64Array(domains).fill(3 / domains);
  const features = runJob(sampleDirichlet(concentration, rows, seed));
  const stream = createRandomStream(seed + 1);
  const values = Float64Array.from({ length: rows }, (_, row) => {
    const helped = rowOf(features, row).reduce(
      (sum, weight, domain) => sum + weight ** 0.4 / (domain + 1),
      0,
    );
    return 3 + 1 / (0.3 + helped) + noise * stream.normal();
  });
  return { features, values };
}
