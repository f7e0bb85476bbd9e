import { runJob } from '../lib/model/job';
import type { RegressorId, Sample } from '../lib/model/regressor';
import { assessStudy, type StudyRows } from '../lib/regression/assess';
import { findRegressor } from '../lib/regression/regressors';
import { syntheticSample } from '../lib/regression/synthetic.fixture';
import { type Benchmark, milliseconds, once } from './benchmark';
import { training } from './data';

const domains20 = once(() => syntheticSample(512, 20));
const domains200 = once(() => syntheticSample(512, 200));

/** The runs as a study of one target. */
const study = once((): StudyRows => {
  const { features, values } = training();
  const ids = Array.from(values, (_, row) => String(row));
  const losses = { rows: values.length, columns: 1, values };
  return {
    targets: [{ id: 'loss', name: 'loss', unit: 'nats per token', direction: 'lower' }],
    training: { name: 'training', ids, mixtures: features, losses },
    testSets: [],
  };
});

const timed = (id: RegressorId, sample: Sample) =>
  milliseconds(() => runJob(findRegressor(id).fit(sample, { seed: 1 })));

export const benchmarks: Benchmark[] = [
  { name: 'process: fit one target, 512 x 17', unit: 'ms', run: () => timed('gp', training()) },
  { name: 'process: fit one target, 512 x 20', unit: 'ms', run: () => timed('gp', domains20()) },
  { name: 'process: fit one target, 512 x 200', unit: 'ms', run: () => timed('gp', domains200()) },
  {
    name: 'corrected law: fit one target, 512 x 17',
    unit: 'ms',
    run: () => timed('law+gp', training()),
  },
  {
    name: 'corrected law: accurate mode, with folds and bands, 512 x 17',
    unit: 'ms',
    run: () => milliseconds(() => runJob(assessStudy(study(), 'loss', 'law+gp', { seed: 1 }))),
  },
];
