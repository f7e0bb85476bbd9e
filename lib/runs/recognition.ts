/** The recognition of a set of files, corrections by the user, and the resulting runs. */
import { formatList, plural } from '../model/format';
import type { Domain, RunTable, Target } from '../model/study';

/**
 * What a column is for. `round` is the round of proxies that a run belongs to, `step` how far its training was
 * when a row was written: the last counts; `ignored` columns are metadata: names, seeds, notes.
 */
export type ColumnRole = 'id' | 'domain' | 'target' | 'round' | 'step' | 'ignored';

/** What a file holds: weights, target values, both, or neither. */
export type FileKind = 'mixtures' | 'losses' | 'wide' | 'unknown';

/**
 * The role of a run set: `training` makes a new study, `round` joins the training runs of the open study as
 * their next round, `unused` is left out.
 */
export type SetRole = 'training' | 'round' | 'test' | 'unused';

/** The purpose of all sets together: a new study, test sets of the open one, or its next round. */
export type Purpose = 'study' | 'tests' | 'round';

/** What a direction was decided by: the user, the column's name, its values, or other targets that are known. */
export type DirectionSource = 'user' | 'name' | 'range' | 'agreement' | 'nothing';

/** Columns that could be the weights of a file: they sum to the same total in its rows. */
export interface WeightGroup {
  /** What their names share, `phase_0_*` or `*_weight`, or else the names. */
  readonly name: string;
  /** Indices of the columns, in file order. */
  readonly columns: readonly number[];
}

/** One recognised column. */
export interface RecognisedColumn {
  /** As in the file. */
  readonly header: string;
  readonly role: ColumnRole;
  /** Which way is better; only read when `role` is `target`. */
  readonly direction: Target['direction'];
  /** What the direction was decided by; `nothing` where it is only assumed, to be asked about. */
  readonly directionBy: DirectionSource;
  /** The first cells, for a preview. */
  readonly samples: readonly string[];
}

/** One recognised file. */
export interface RecognisedFile {
  readonly name: string;
  readonly rows: number;
  /**
   * In file order; at most one has the role `id`, one `round` and one `step`. Without an id, runs are
   * numbered by their row.
   */
  readonly columns: readonly RecognisedColumn[];
  /**
   * Two or more where several groups of columns could each be the weights, as in training by phases; else
   * empty. The user takes one.
   */
  readonly groups: readonly WeightGroup[];
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

/** Domains and targets that a new set must match when it joins an existing study. */
export interface StudyColumns {
  readonly domains: readonly Domain[];
  readonly targets: readonly Target[];
}

/**
 * The recognition of files, to be shown and corrected before it becomes a study. Plain data: it is sent to
 * the page and returned edited.
 */
export interface Recognition {
  /** In the order in which the files were given. */
  readonly files: readonly RecognisedFile[];
  readonly sets: readonly RunSet[];
  /** What was done to the files while they were read, before any choice of the user. */
  readonly notes: readonly Note[];
}

/** What a file holds, by the roles of its columns. */
export function fileKind(file: {
  readonly columns: readonly Pick<RecognisedColumn, 'role'>[];
}): FileKind {
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

/**
 * The same recognition with another role for one column; a new column of ids or rounds replaces the old one.
 * Where there was no set of runs and the roles now make one, it is there.
 */
export function withColumnRole(
  recognition: Recognition,
  file: number,
  column: number,
  role: ColumnRole,
): Recognition {
  const changed = withColumn(recognition, file, (entry, index) => {
    if (index === column) return { ...entry, role };
    const isOnly = role === 'id' || role === 'round' || role === 'step';
    const replaced = isOnly && entry.role === role;
    return replaced ? { ...entry, role: 'ignored' } : entry;
  });
  return withFirstSet(changed);
}

/**
 * The group of columns that is taken for the weights: null where one of several is still to be chosen, -1 where
 * there is no choice or other columns are taken.
 */
export function chosenGroup({ groups, columns }: RecognisedFile): number | null {
  if (groups.length < 2) return -1;
  if (columns.every(({ role }) => role !== 'domain')) return null;
  return groups.findIndex((group) => group.columns.every((at) => columns[at].role === 'domain'));
}

/** Where there is no set: a training set of a file that holds both, or of the only file of each kind. */
function withFirstSet(recognition: Recognition): Recognition {
  const { files, sets } = recognition;
  if (sets.length > 0) return recognition;
  const kinds = files.map(fileKind);
  const only = (kind: FileKind) =>
    kinds.indexOf(kind) === kinds.lastIndexOf(kind) ? kinds.indexOf(kind) : -1;
  const wide = kinds.indexOf('wide');
  const [mixtures, losses] = wide >= 0 ? [wide, wide] : [only('mixtures'), only('losses')];
  if (mixtures < 0 || losses < 0) return recognition;
  return { ...recognition, sets: [{ name: 'training', role: 'training', mixtures, losses }] };
}

/**
 * What was found and what is missing before these files can be used, in a sentence or two; null when nothing
 * is. A second file is named by what it must hold.
 */
export function missingPart({ files, sets }: Recognition): string | null {
  const undecided = sets.find(
    ({ role, mixtures }) => role !== 'unused' && chosenGroup(files[mixtures]) === null,
  );
  if (undecided)
    return `Choose which columns of ${files[undecided.mixtures].name} are the weights.`;
  const kinds = files.map(fileKind);
  if (sets.length > 0) {
    const used = sets.filter(({ role }) => role !== 'unused');
    if (used.length === 0) return 'No set of runs is used. Choose a use for one of them.';
    const light = used.find(({ mixtures }) => !hasWeights(kinds[mixtures]));
    if (light)
      return `${files[light.mixtures].name} has no weights for the set “${light.name}”. Choose another file for them, or mark its columns.`;
    const mute = used.find(({ losses }) => !hasTargets(kinds[losses]));
    if (mute)
      return `${files[mute.losses].name} has no target values for the set “${mute.name}”. Choose another file for them, or mark its columns.`;
    return null;
  }
  const of = (kind: FileKind) => files.filter((_, index) => kinds[index] === kind);
  const [mixtures, losses] = [of('mixtures'), of('losses')];
  if (mixtures.length > 0 && losses.length > 0) {
    return `It is not clear which mixtures belong to which target values. Open ${mixtures[0].name} and one file of target values with the same run ids.`;
  }
  if (mixtures.length > 0) {
    return `${holding(mixtures, 'the weights')}; add a file with their losses or scores.`;
  }
  if (losses.length > 0) {
    return `${holding(losses, 'the target values')}; add a file with their domain weights.`;
  }
  return 'Neither weights nor target values were found. Mark the columns by hand. A table of tokens or limits per domain is read in Answer (Token limits).';
}

function hasWeights(kind: FileKind): boolean {
  return kind === 'wide' || kind === 'mixtures';
}

function hasTargets(kind: FileKind): boolean {
  return kind === 'wide' || kind === 'losses';
}

/** `mixtures.csv has the weights of 512 runs`. */
function holding(files: readonly RecognisedFile[], what: string): string {
  const verb = files.length === 1 ? 'has' : 'have';
  const runs = files.reduce((sum, { rows }) => sum + rows, 0);
  return `${formatList(files.map(({ name }) => name))} ${verb} ${what} of ${plural(runs, 'run')}`;
}

/**
 * The used sets in a line, `512 train + 256 test, 17 domains, 13 targets`; empty where there are none, and
 * while their weights are still to be chosen.
 */
export function summaryOf(recognition: Recognition): string {
  const { files, sets } = recognition;
  const used = sets.filter(({ role }) => role !== 'unused');
  const [first] = used.filter(({ role }) => trains(role)).concat(used);
  if (!first || missingPart(recognition) !== null) return '';
  const runsOf = (chosen: readonly RunSet[]) =>
    chosen.reduce((sum, { mixtures }) => sum + files[mixtures].rows, 0);
  const tests = used.filter(({ role }) => role === 'test');
  const trained = runsOf(used.filter(({ role }) => trains(role)));
  const count = (file: number, role: ColumnRole) =>
    files[file].columns.filter((column) => column.role === role).length;
  const inSets = tests.length > 1 ? ` in ${plural(tests.length, 'set')}` : '';
  const runs =
    tests.length === 0
      ? plural(trained, 'run')
      : trained === 0
        ? `${plural(runsOf(tests), 'test run')}${inSets}`
        : `${trained.toLocaleString('en')} train + ${runsOf(tests).toLocaleString('en')} test${inSets}`;
  const domains = plural(count(first.mixtures, 'domain'), 'domain');
  return `${runs}, ${domains}, ${plural(count(first.losses, 'target'), 'target')}`;
}

/**
 * The file whose targets are those of the new study, so that the directions of its columns count: the target
 * values of the training set; null where the files join a study, which has its own.
 */
export function namingFile({ sets }: Recognition): number | null {
  return sets.find(({ role }) => role === 'training')?.losses ?? null;
}

/** Columns of targets of a new study of which nothing says which way is better: to be asked about. */
export function doubtfulTargets(recognition: Recognition): readonly RecognisedColumn[] {
  const file = namingFile(recognition);
  if (file === null) return [];
  return recognition.files[file].columns.filter(
    ({ role, directionBy }) => role === 'target' && directionBy === 'nothing',
  );
}

/** What a direction was decided by, after it: `higher is better, by its name`. */
export const decidedBy: Readonly<Record<DirectionSource, string>> = {
  user: 'as you chose',
  name: 'by its name',
  range: 'by its values',
  agreement: 'by its agreement with other targets',
  nothing: 'assumed',
};

/**
 * The same recognition with one group of columns as the weights of a file, and no others. A file that no set has
 * its weights from gets a set, for training where none trains.
 * @param group one of the file's `groups`, or any columns by the user's choice
 */
export function withGroup(
  recognition: Recognition,
  file: number,
  { columns }: Pick<WeightGroup, 'columns'>,
): Recognition {
  const { files, sets } = recognition;
  const others = new Set(files[file].groups.flatMap((each) => each.columns));
  const changed = withColumn(recognition, file, (entry, index) => {
    if (columns.includes(index)) return { ...entry, role: 'domain' };
    const isWeight = entry.role === 'domain' || others.has(index);
    return isWeight ? { ...entry, role: 'ignored' } : entry;
  });
  if (sets.some(({ mixtures }) => mixtures === file)) return changed;
  const measured = changed.files.map((entry) =>
    entry.columns.some(({ role }) => role === 'target'),
  );
  const losses = measured[file] ? file : measured.indexOf(true);
  if (losses < 0) return changed;
  const role = sets.some((set) => trains(set.role)) ? 'test' : 'training';
  const taken = sets.filter(({ name }) => name.startsWith(role)).length;
  const name = taken === 0 ? role : `${role} ${taken + 1}`;
  return { ...changed, sets: [...sets, { name, role, mixtures: file, losses }] };
}

/** The same recognition with another direction for one target column. */
export function withDirection(
  recognition: Recognition,
  file: number,
  column: number,
  direction: Target['direction'],
): Recognition {
  return withColumn(recognition, file, (entry, index) =>
    index === column ? { ...entry, direction, directionBy: 'user' } : entry,
  );
}

/**
 * The same recognition with one set changed: its name, its role, or its files. Only one set is for training,
 * in a new study or as the next round: a new one turns the previous one into a test set.
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

/** The purpose of the sets, by their roles. */
export function purposeOf({ sets }: Recognition): Purpose {
  if (sets.some(({ role }) => role === 'training')) return 'study';
  return sets.some(({ role }) => role === 'round') ? 'round' : 'tests';
}

/**
 * The same recognition for another purpose. The set for training keeps its role, otherwise the one with the
 * most runs gets it; the rest are test sets, and unused sets stay unused.
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

/** Something the user should know about files that were read. */
export interface Note {
  readonly kind:
    | 'renormalised'
    | 'unmeasured'
    | 'empty-target'
    | 'missing-target'
    | 'unknown-target'
    | 'dropped'
    | 'failed'
    | 'summary'
    | 'steps'
    | 'repeated'
    | 'reshaped'
    | 'numbered'
    | 'ignored'
    | 'converted'
    | 'blank-weights'
    | 'unused-file'
    | 'reading';
  /** Set or file it is about. */
  readonly subject: string;
  /** Rows, cells, runs or columns, as the kind says. */
  readonly count: number;
  /** The note as one sentence. */
  readonly text: string;
}

/** What building would make of files; nothing where it would be refused. */
export interface Foreseen {
  readonly notes: readonly Note[];
  /** Ids of the domains, in order. */
  readonly domains: readonly string[];
}

/** Minimum number of training runs of a study. */
export const minimumTrainingRows = 8;

/** How a study is built from its files. */
export interface BuildOptions {
  /** Whether to continue without the runs that only one file of a pair has. */
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
