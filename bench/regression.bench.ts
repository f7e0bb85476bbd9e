import { runJob } from '../lib/model/job';
import { bootstrapInterval } from '../lib/model/statistics';
import { assess } from '../lib/regression/assess';
import { boost, chooseRoundsByFolds } from '../lib/regression/gbdt/boosting';
import { fitOrdinaryLeastSquares, fitRidge } from '../lib/regression/linear';
import { syntheticSample } from '../lib/regression/synthetic.fixture';
import { type Benchmark, milliseconds, once } from './benchmark';
import { training } from './data';

const large = once(() => syntheticSample(100_000, 200));

export const benchmarks: Benchmark[] = [
  {
    name: 'trees: fit one target, 512 x 17, 1,000 rounds',
    unit: 'ms',
    run: () => milliseconds(() => runJob(boost(training(), { rounds: 1000, minRowsPerLeaf: 20 }))),
  },
  {
    name: 'trees: cross-validate one target, 5 x 1,000 rounds',
    unit: 'ms',
    run: () => milliseconds(() => runJob(chooseRoundsByFolds(training(), 20, 1))),
  },
  {
    name: 'trees: assess one target, with cross-validation and statistics',
    unit: 'ms',
    run: () =>
      milliseconds(() =>
        runJob(
          assess({
            regressor: 'gbdt',
            target: 'pile_cc',
            training: training(),
            tests: [],
            options: { seed: 1 },
          }),
        ),
      ),
  },
  {
    name: 'linear: least squares, 512 x 17',
    unit: 'ms',
    run: () => milliseconds(() => runJob(fitOrdinaryLeastSquares(training()))),
  },
  {
    name: 'linear: ridge with leave-one-out, 512 x 17',
    unit: 'ms',
    run: () => milliseconds(() => runJob(fitRidge(training(), null))),
  },
  {
    name: 'linear: least squares, 100,000 x 200',
    unit: 'ms',
    run: () => {
      const sample = large();
      return milliseconds(() => runJob(fitOrdinaryLeastSquares(sample)));
    },
  },
  {
    name: 'statistics: bootstrap interval of rho, 512 rows',
    unit: 'ms',
    run: () => {
      const { values } = training();
      return milliseconds(() => bootstrapInterval(values, values.map(Math.sin), 1));
    },
  },
];
