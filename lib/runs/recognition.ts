/** What was understood of a set of files, what the reader of the page may correct in it, and the runs that come out. */
import type { Domain, RunTable, Target } from '../model/study';

/**
 * What a column is for. `round` is the round of proxies that a run belongs to; `ignored` columns are
 * metadata: names, seeds, notes.
 */
export type ColumnRole = 'id' | 'domain' | 'target' | 'round' | 'ignored';

/** What a file holds: weights, target values, both, or neither. */
export type FileKind = 'mixtures' | 'losses' | 'wide' | 'unknown';

/**
 * Which part a run set plays: `training` makes a new study, `round` joins the training runs of the
 * study that is open as their next round, `unused` is left out.
 */
export type SetRole = 'training' | 'round' | 'test' | 'unused';

/** What becomes of the sets as a whole: a new study, test sets of the open one, or its next round. */
export type Purpose = 'study' | 'tests' | 'round';

/** One column as it was understood. */
export interface RecognisedColumn {
  /** As in the file. */
  readonly header: string;
  readonly role: ColumnRole;
  /** Which way is better; only read when `role` is `target`. */
  readonly direction: Target['direction'];
  /** The first cells, for a preview. */
  readonly samples: readonly string[];
}

/** One file as it was understood. */
export interface RecognisedFile {
  readonly name: string;
  readonly rows: number;
  /**
   * In file order; at most one has the role `id` and one `round`. Without an id, runs are numbered by
   * their row.
   */
  readonly columns: readonly RecognisedColumn[];
}

/** Runs that belong together: one file of mixtures and one of losses, or the same wide file twice. */
export interface RunSet {
  /** Unique in the recognition: `training`, `1M test`. */
  readonly name: string;
  readonly role: SetRole;
  /** Index of the file that holds the weights. */
  readonly mixtures: number;
  /** Index of the file that holds the target values; equal to `mixtures` for a wide file. */
  readonly losses: number;
}

/** Domains and targets that a new set must fit, when it joins a study that is already there. */
export interface StudyColumns {
  readonly domains: readonly Domain[];
  readonly targets: readonly Target[];
}

/**
 * What some files were taken for, to be shown and corrected before it becomes a study. Plain data:
 * it crosses to the page and comes back edited.
 */
export interface Recognition {
  /** In the order in which the files were given. */
  readonly files: readonly RecognisedFile[];
  readonly sets: readonly RunSet[];
}

/** What a file holds, by the roles of its columns. */
export function fileKind(file: RecognisedFile): FileKind {
  const has = (role: ColumnRole) => file.columns.some((column) => column.role === role);
  if (has('domain')) return has('target') ? 'wide' : 'mixtures';
  return has('target') ? 'losses' : 'unknown';
}

function withColumn(
  recognition: Recognition,
  file: number,
  edit: (column: RecognisedColumn, index: number) => RecognisedColumn,
): Recognition {
  const files = recognition.files.map((entry, index) =>
    index === file ? { ...entry, columns: entry.columns.map(edit) } : entry,
  );
  return { ...recognition, files };
}

/** The same recognition with another role for one column; a new column of ids or rounds replaces the old one. */
export function withColumnRole(
  recognition: Recognition,
  file: number,
  column: number,
  role: ColumnRole,
): Recognition {
  return withColumn(recognition, file, (entry, index) => {
    if (index === column) return { ...entry, role };
    const replaced = (role === 'id' || role === 'round') && entry.role === role;
    return replaced ? { ...entry, role: 'ignored' } : entry;
  });
}

/** The same recognition with another direction for one target column. */
export function withDirection(
  recognition: Recognition,
  file: number,
  column: number,
  direction: Target['direction'],
): Recognition {
  return withColumn(recognition, file, (entry, index) =>
    index === column ? { ...entry, direction } : entry,
  );
}

/**
 * The same recognition with one set changed: its name, its role, or its files. Only one set trains,
 * be it a new study or the next round: one that comes to makes the former one a test set.
 */
export function withSet(
  recognition: Recognition,
  set: number,
  change: Partial<RunSet>,
): Recognition {
  const sets = recognition.sets.map((entry, index): RunSet => {
    if (index === set) return { ...entry, ...change };
    return change.role && trains(change.role) && trains(entry.role)
      ? { ...entry, role: 'test' }
      : entry;
  });
  return { ...recognition, sets };
}

function trains(role: SetRole): boolean {
  return role === 'training' || role === 'round';
}

/** What the sets will become, by their roles. */
export function purposeOf({ sets }: Recognition): Purpose {
  if (sets.some(({ role }) => role === 'training')) return 'study';
  return sets.some(({ role }) => role === 'round') ? 'round' : 'tests';
}

/**
 * The same recognition with its sets put to another purpose. The set that trained goes on to do so,
 * otherwise the one with the most runs; the rest are test sets, and unused sets stay unused.
 */
export function withPurpose(recognition: Recognition, purpose: Purpose): Recognition {
  const { sets, files } = recognition;
  const used = sets.filter(({ role }) => role !== 'unused');
  const [largest] = [...used].sort((a, b) => files[b.mixtures].rows - files[a.mixtures].rows);
  const leading = used.find(({ role }) => trains(role)) ?? largest;
  const role: SetRole = purpose === 'study' ? 'training' : purpose === 'round' ? 'round' : 'test';
  return {
    ...recognition,
    sets: sets.map((set): RunSet => {
      if (set.role === 'unused') return set;
      return { ...set, role: set === leading ? role : 'test' };
    }),
  };
}

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
