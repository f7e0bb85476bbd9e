import type { Domain, RunTable, Target } from '../study/types';
import type { StudyColumns } from './recognition';

/** Something the user should know about files that were nevertheless read. */
export interface Note {
  readonly kind:
    | 'renormalised'
    | 'unmeasured'
    | 'empty-target'
    | 'missing-target'
    | 'unknown-target'
    | 'dropped'
    | 'numbered'
    | 'unused-file';
  /** Set or file it is about. */
  readonly subject: string;
  /** Rows, cells, runs or columns, as the kind says. */
  readonly count: number;
  /** The whole of it as one sentence. */
  readonly text: string;
}

/** Fewest runs that a study can be fitted to. */
export const minimumTrainingRows = 8;

/** How a study is built from its files. */
export interface BuildOptions {
  /** Whether to go on without the runs that only one file of a pair has. */
  readonly acceptUnpaired: boolean;
  /** The study that the files join as test sets or as a round; without it the files make a new one. */
  readonly base?: StudyColumns;
}

/** Runs of a study, checked and joined. */
export interface StudyRuns {
  readonly domains: readonly Domain[];
  readonly targets: readonly Target[];
  /** null when the files join a study. */
  readonly training: RunTable | null;
  /** Training runs that join a study as its next round; null when there are none. */
  readonly nextRound: RunTable | null;
  readonly testSets: readonly RunTable[];
  readonly notes: readonly Note[];
}
