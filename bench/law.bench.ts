import { runJob } from '../lib/model/job';
import type { Sample } from '../lib/model/regressor';
import { effectiveData } from '../lib/regression/law/fit';
import { predictModel } from '../lib/regression/predict';
import { publishedFolder, readPublishedRuns } from '../lib/regression/published.fixture';
import { measuredRows, sampleOf, targetSample } from '../lib/regression/sample';
import { syntheticSample } from '../lib/regression/synthetic.fixture';
import { type Benchmark, milliseconds, once } from './benchmark';
import { pool, training } from './data';

/** Every published target, or as many synthetic ones. */
const everyTarget = once((): Sample[] => {
  if (publishedFolder === null) {
    return Array.from({ length: 13 }, (_, seed) => syntheticSample(512, 17, { seed }));
  }
  const { targets, training: table } = readPublishedRuns(publishedFolder);
  return targets.map((_, target) => {
    const rows = targetSample(table, target, false);
    return sampleOf(rows, measuredRows(rows));
  });
});
const domains20 = once(() => syntheticSample(512, 20));
const domains200 = once(() => syntheticSample(512, 200));
const fitted = once(() => runJob(effectiveData.fit(training(), { seed: 1 })).law);

const timed = (sample: Sample) =>
  milliseconds(() => runJob(effectiveData.fit(sample, { seed: 1 })));

export const benchmarks: Benchmark[] = [
  { name: 'law: fit one target, 512 x 17', unit: 'ms', run: () => timed(training()) },
  {
    name: 'law: fit all 13 targets, 512 x 17',
    unit: 'ms',
    run: () => everyTarget().reduce((sum, sample) => sum + timed(sample), 0),
  },
  { name: 'law: fit one target, 512 x 20', unit: 'ms', run: () => timed(domains20()) },
  { name: 'law: fit one target, 512 x 200', unit: 'ms', run: () => timed(domains200()) },
  {
    name: 'law: leave-one-out, 512 x 17',
    unit: 'ms',
    run: () => {
      const law = fitted();
      return milliseconds(() => runJob(effectiveData.leaveOneOut(training(), law, { seed: 1 })));
    },
  },
  {
    name: 'law: predict 100,000 mixtures of 17',
    unit: 'ms',
    run: () => {
      const law = fitted();
      const mixtures = pool();
      return milliseconds(() => runJob(predictModel(law, mixtures)));
    },
  },
];
