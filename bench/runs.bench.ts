import { type Job, runJob } from '../lib/model/job';
import { type Matrix, rowOf } from '../lib/model/matrix';
import { syntheticSample } from '../lib/regression/synthetic.fixture';
import { buildStudyRuns } from '../lib/runs/build';
import { readTable } from '../lib/runs/read-table';
import { recognise } from '../lib/runs/recognise';
import { writeCsv } from '../lib/runs/write-csv';
import { type Benchmark, milliseconds, once } from './benchmark';
import { training } from './data';

/** RegMix's pair of files: mixtures and losses, joined on `index`. */
function filesOf({ features, values }: { features: Matrix; values: Float64Array }) {
  const names = Array.from({ length: features.columns }, (_, domain) => `train_domain_${domain}`);
  const rows = Array.from(values.keys());
  const mixtures = writeCsv(
    ['index', ...names],
    rows.map((row) => [row + 1, ...rowOf(features, row)]),
  );
  const losses = writeCsv(
    ['index', 'metric/domain_0_val_loss'],
    rows.map((row) => [row + 1, values[row]]),
  );
  return [
    { name: 'train_mixture.csv', text: mixtures },
    { name: 'train_loss.csv', text: losses },
  ];
}

const small = once(() => filesOf(training()));
const large = once(() => filesOf(syntheticSample(20_000, 200)));

function* openFiles(files: ReturnType<typeof filesOf>): Job<unknown> {
  const tables = [];
  for (const file of files) tables.push(yield* readTable(file));
  return yield* buildStudyRuns(tables, recognise(tables), { acceptUnpaired: false });
}

/**
 * The longest time between two progress reports, which bounds how long a cancelled job continues.
 */
function longestSlice(job: Job<unknown>): number {
  let longest = 0;
  let done = false;
  while (!done) {
    longest = Math.max(
      longest,
      milliseconds(() => {
        done = job.next().done === true;
      }),
    );
  }
  return longest;
}

export const benchmarks: Benchmark[] = [
  {
    name: 'runs: open 512 runs of 17 domains',
    unit: 'ms',
    run: () => {
      const files = small();
      return milliseconds(() => runJob(openFiles(files)));
    },
  },
  {
    name: 'runs: open 20,000 runs of 200 domains',
    unit: 'ms',
    run: () => {
      const files = large();
      return milliseconds(() => runJob(openFiles(files)));
    },
  },
  {
    name: 'runs: longest slice of opening 20,000 runs of 200 domains',
    unit: 'ms',
    run: () => longestSlice(openFiles(large())),
  },
];
