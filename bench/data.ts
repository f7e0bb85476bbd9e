import { meanOfRuns } from '../lib/mixture/prior';
import { sampleDirichlet } from '../lib/mixture/sampling';
import { runJob } from '../lib/model/job';
import type { Matrix } from '../lib/model/matrix';
import type { Sample } from '../lib/model/regressor';
import { boost } from '../lib/regression/gbdt/boosting';
import { publishedFolder, readPublishedRuns } from '../lib/regression/published.fixture';
import { measuredRows, sampleOf, targetSample } from '../lib/regression/sample';
import { syntheticSample } from '../lib/regression/synthetic.fixture';
import { once } from './benchmark';

/** The data that the figures were measured on. */
export const dataKind = publishedFolder === null ? 'synthetic' : 'published';

/** 512 runs of 17 domains: the published ones with their Pile-CC loss, else a table of that shape. */
export const training = once((): Sample => {
  if (publishedFolder === null) return syntheticSample(512, 17);
  const runs = readPublishedRuns(publishedFolder);
  const target = runs.targets.findIndex(({ id }) => id === 'pile_cc');
  const rows = targetSample(runs.training, target, false);
  return sampleOf(rows, measuredRows(rows));
});

/** The number of trees in the published notebook for Pile-CC. */
export const trees = once(() => runJob(boost(training(), { rounds: 613, minRowsPerLeaf: 20 })));

/** 100,000 mixtures, drawn as in the notebook but around the mean of the runs. */
export const pool = once(
  (): Matrix => runJob(sampleDirichlet(meanOfRuns(training().features).weights, 100_000, 42)),
);
