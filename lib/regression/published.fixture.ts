import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedDataFolder } from '../../scripts/published-data';
import { runJob } from '../model/job';
import type { RunTable, Target } from '../model/study';
import { buildStudyRuns } from '../runs/build';
import { readTable } from '../runs/read-table';
import { recognise } from '../runs/recognise';

/** The published runs as tests need them. */
export interface PublishedRuns {
  readonly domains: readonly string[];
  readonly targets: readonly Target[];
  readonly training: RunTable;
  readonly test: RunTable;
  /** What native LightGBM predicts for the test rows' Pile-CC loss after so many rounds. */
  oracle(rounds: 1 | 1000): Float64Array;
}

/** Folder of the published runs, or null after saying loudly that tests are skipped. */
export const publishedFolder = publishedDataFolder();
if (publishedFolder === null) {
  console.warn('The published runs are missing (REGMIX_DATA): tests on their figures are SKIPPED.');
}

export function readPublishedRuns(folder: string): PublishedRuns {
  const names = [
    'train_mixture_1m.csv',
    'train_pile_loss_1m.csv',
    'test_mixture_1m.csv',
    'test_pile_loss_1m.csv',
  ];
  const tables = names.map((name) =>
    runJob(readTable({ name, text: readFileSync(join(folder, name), 'utf8') })),
  );
  const runs = runJob(buildStudyRuns(tables, recognise(tables), { acceptUnpaired: false }));
  if (!runs.training) throw new Error('the published files were not taken for training runs');
  return {
    domains: runs.domains.map(({ id }) => id),
    targets: runs.targets,
    training: runs.training,
    test: runs.testSets[0],
    oracle(rounds) {
      const name = `lightgbm_pile_cc_test_1m_${rounds}_${rounds === 1 ? 'round' : 'rounds'}.txt`;
      const text = readFileSync(join(folder, '..', 'oracle', name), 'utf8');
      return Float64Array.from(text.trim().split('\n'), Number);
    },
  };
}
