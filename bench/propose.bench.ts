import { meanOfRuns } from '../lib/mixture/prior';
import { runJob } from '../lib/model/job';
import type { Sample } from '../lib/model/regressor';
import { proposeMixtures } from '../lib/proposals/propose';
import { fitGaussianProcess } from '../lib/regression/gp/fit';
import { createPosterior } from '../lib/regression/gp/posterior';
import { syntheticSample } from '../lib/regression/synthetic.fixture';
import { type Benchmark, milliseconds, once } from './benchmark';
import { training } from './data';

/** Proposing 32 mixtures by the process of a sample, without its fit. */
function proposing(name: string, sample: () => Sample): Benchmark {
  const process = once(() => runJob(fitGaussianProcess(sample(), { seed: 1 })));
  return {
    name,
    unit: 'ms',
    run: () => {
      const model = process();
      const runs = sample();
      const prior = meanOfRuns(runs.features).weights;
      const domains = prior.length;
      const request = {
        direction: 'lower',
        runs,
        bounds: { lower: new Float64Array(domains), upper: new Float64Array(domains).fill(1) },
        prior,
        optimum: prior,
        count: 32,
        seed: 1,
      } as const;
      return milliseconds(() => {
        const posterior = runJob(createPosterior(model));
        return runJob(proposeMixtures({ ...request, posterior }));
      });
    },
  };
}

export const benchmarks: Benchmark[] = [
  proposing('propose: 32 mixtures, 512 x 17', training),
  proposing(
    'propose: 32 mixtures, 512 x 200',
    once(() => syntheticSample(512, 200)),
  ),
];
