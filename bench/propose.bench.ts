import { meanOfRuns } from '../lib/mixture/prior';
import { runJob } from '../lib/model/job';
import type { Objective } from '../lib/model/limits';
import type { Sample } from '../lib/model/regressor';
import { proposalRefits, proposeForStudy } from '../lib/proposals/propose-study';
import { bootstrapModels } from '../lib/regression/refits';
import { findRegressor } from '../lib/regression/regressors';
import { syntheticSample } from '../lib/regression/synthetic.fixture';
import { type Benchmark, milliseconds, once } from './benchmark';
import { training } from './data';

/** Proposing 32 mixtures by the default regressor, given its refits: the page has them for whiskers. */
function proposing(name: string, sample: () => Sample): Benchmark {
  const regressor = findRegressor('law+gp');
  const fitted = once(() => {
    const model = runJob(regressor.fit(sample(), { seed: 1 }));
    const drawn = bootstrapModels(regressor, sample(), model, { seed: 1 }, proposalRefits);
    return { model, refits: runJob(drawn).map((refit) => [refit]) };
  });
  return {
    name,
    unit: 'ms',
    run: () => {
      const { model, refits } = fitted();
      const { features, values } = sample();
      const prior = meanOfRuns(features).weights;
      const domains = prior.length;
      const objective: Objective = {
        kind: 'weighted',
        terms: [{ target: 'loss', model, direction: 'lower', weight: 1, scale: 1 }],
        kl: 0,
        prior,
        unique: null,
        seek: 'best',
      };
      const request = {
        targets: [{ id: 'loss', name: 'Loss', unit: '', direction: 'lower' }],
        training: {
          name: 'training',
          ids: Array.from(values, (_, row) => String(row)),
          mixtures: features,
          losses: { rows: values.length, columns: 1, values },
        },
        objective,
        bounds: {
          lower: new Float64Array(domains),
          upper: prior.map((share) => Math.min(1, 4 * share)),
          source: Array.from(prior, () => 'max' as const),
        },
        count: 32,
        seed: 1,
      } as const;
      return milliseconds(() => runJob(proposeForStudy({ ...request, refits })));
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
