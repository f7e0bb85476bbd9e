import { meanOfRuns } from '../lib/mixture/prior';
import { sampleDirichlet } from '../lib/mixture/sampling';
import { runJob } from '../lib/model/job';
import { predictTrees, walkTrees } from '../lib/regression/predict';
import { type Benchmark, milliseconds } from './benchmark';
import { pool, training, trees } from './data';

function walkAll(): Float64Array {
  const { rows, columns, values } = pool();
  const model = trees();
  return Float64Array.from({ length: rows }, (_, row) => walkTrees(model, values, row * columns));
}

export const benchmarks: Benchmark[] = [
  {
    name: 'mixtures: draw 100,000 x 17 as numpy does',
    unit: 'ms',
    run: () => {
      const prior = meanOfRuns(training().features).weights;
      return milliseconds(() => runJob(sampleDirichlet(prior, 100_000, 42)));
    },
  },
  {
    name: 'mixtures: score 100,000 by 613 trees',
    unit: 'ms',
    run: () => {
      const mixtures = pool();
      const model = trees();
      return milliseconds(() => runJob(predictTrees(model, mixtures)));
    },
  },
  {
    name: 'mixtures: score 100,000 by 613 trees, against walking each tree',
    unit: 'times',
    run: () => {
      const mixtures = pool();
      const model = trees();
      const walked = milliseconds(walkAll);
      return walked / milliseconds(() => runJob(predictTrees(model, mixtures)));
    },
  },
];
