import { plural } from '../model/format';
import type { Job } from '../model/job';
import { cleanLabel } from '../model/labels';
import type { RunTable } from '../model/study';
import { quoted, RunsError, UnpairedRunsError } from './errors';
import { type Identities, identify } from './identify';
import { type JoinedSet, joinSet } from './join-set';
import { readSet, refuseGroups, refuseScales, studyColumns } from './read-set';
import { weightsRefusal } from './recognise';
import {
  type BuildOptions,
  fileKind,
  minimumTrainingRows,
  type Note,
  type Recognition,
  type RunSet,
  type StudyColumns,
  type StudyRuns,
} from './recognition';
import { type CsvTable, rowNumber } from './table';

/**
 * Builds the runs of a study from its files: joins mixtures and losses on the run id in whatever
 * order their rows are, brings the columns of test sets into the order of the training set, and
 * checks every row. Nothing that is passed in is changed.
 * @param tables the files, in the order of `recognition.files`
 * @throws UnpairedRunsError when runs lack a partner and `options.acceptUnpaired` is false
 * @throws RunsError at anything else that is wrong with the files
 */
export function* buildStudyRuns(
  tables: readonly CsvTable[],
  recognition: Recognition,
  options: BuildOptions,
): Job<StudyRuns> {
  const base = options.base ?? null;
  if (recognition.files.length !== tables.length) {
    throw new RunsError(
      { file: '', found: plural(tables.length, 'file'), expected: `${recognition.files.length}` },
      'Add the files again.',
    );
  }
  refuseGroups(recognition);
  const refusal = weightsRefusal(tables, recognition);
  if (refusal) throw refusal;
  const sets = checkedSets(recognition, base);
  const notes = [...recognition.notes, ...unusedFiles(recognition, sets)];

  const alone = sets.flatMap(({ mixtures, losses }) =>
    mixtures === losses && fileKind(recognition.files[mixtures]) === 'losses'
      ? [recognition.files[mixtures]]
      : [],
  );
  refuseWithoutWeights(alone);

  const joined: JoinedSet[] = [];
  for (const set of sets) {
    const entry = yield* joinSet(tables, recognition, set, notes);
    if (set.role !== 'test') refuseScales(entry, recognition);
    joined.push(entry);
  }
  const unpaired = joined.flatMap((entry) => entry.unpaired);
  if (unpaired.length > 0 && !options.acceptUnpaired) throw new UnpairedRunsError(unpaired);
  for (const { file, missingIn, count } of unpaired) {
    const text = `${plural(count, 'run')} of ${file} left out: missing from ${missingIn}.`;
    notes.push({ kind: 'dropped', subject: file, count, text });
  }
  for (const { set, mixtures, mixtureRows } of joined) {
    if (set.role === 'training' && mixtureRows.length < minimumTrainingRows) {
      throw new RunsError(
        {
          file: mixtures.name,
          found: plural(mixtureRows.length, 'run'),
          expected: `at least ${minimumTrainingRows} to fit a regressor`,
        },
        'Train more proxies, or check that the right files are paired.',
      );
    }
  }

  const identities = identify(recognition, base);
  const columns = base ?? studyColumns(joined[0], identities, notes);
  const { domains, targets } = columns;
  let training: RunTable | null = null;
  let nextRound: RunTable | null = null;
  const testSets: RunTable[] = [];
  for (const entry of joined) {
    const table = yield* readSet(entry, identities, columns, notes);
    checkLosses(entry, table, targets, identities[entry.set.losses], notes);
    if (entry.set.role === 'training') training = table;
    else if (entry.set.role === 'round') nextRound = table;
    else testSets.push(table);
  }
  return { domains, targets, training, nextRound, testSets, notes };
}

/** Losses and scores are smaller in size: sums of squares of larger ones are not finite. */
const largestLoss = 1e100;

/**
 * Counts the runs on which nothing was measured.
 * @throws RunsError at a loss beyond {@link largestLoss} in size
 */
function checkLosses(
  { losses: file, lossRows }: JoinedSet,
  { ids, losses }: RunTable,
  targets: StudyColumns['targets'],
  identified: Identities,
  notes: Note[],
): void {
  const failed: string[] = [];
  for (const [run, id] of ids.entries()) {
    const values = losses.values.subarray(run * targets.length, (run + 1) * targets.length);
    const large = values.findIndex((value) => Math.abs(value) > largestLoss);
    if (large >= 0) {
      const header = [...identified.targets].find(([, { id }]) => id === targets[large].id)?.[0];
      throw new RunsError(
        {
          file: file.name,
          row: rowNumber(file, lossRows[run]),
          column: header ?? targets[large].id,
          found: String(values[large]),
          expected: `a number from -${largestLoss} to ${largestLoss}`,
        },
        'Empty the cell if the run diverged: it then counts as not measured.',
      );
    }
    if (values.every(Number.isNaN)) failed.push(id);
  }
  // A set that measures no target of the study says so itself.
  if (failed.length === 0 || failed.length === ids.length) return;
  const listed = failed.length > 5 ? `${failed.slice(0, 5).join(', ')}, …` : failed.join(', ');
  const text = `${plural(failed.length, 'run')} of ${file.name} ${failed.length === 1 ? 'has' : 'have'} no value for any target and ${failed.length === 1 ? 'is' : 'are'} not fitted (${listed}).`;
  notes.push({ kind: 'failed', subject: file.name, count: failed.length, text });
}

/** The sets that are used, the one that trains first. */
function checkedSets({ sets, files }: Recognition, base: StudyColumns | null): RunSet[] {
  const used = sets
    .filter(({ role }) => role !== 'unused')
    .map((set) => ({ ...set, name: cleanLabel(set.name) }));
  const training = used.filter(({ role }) => role === 'training');
  const rounds = used.filter(({ role }) => role === 'round');
  if (used.length === 0) {
    if (files.every((file) => fileKind(file) === 'losses')) refuseWithoutWeights(files);
    throw new RunsError(
      {
        file: files.map(({ name }) => name).join(', '),
        found: 'no mixtures with losses',
        expected: 'a file of mixtures and a file of losses, or one file with both',
      },
      'Say which columns are domains and which are targets, or add the missing file.',
    );
  }
  if (base === null ? training.length !== 1 : training.length > 0) {
    throw new RunsError(
      {
        file: '',
        found: plural(training.length, 'training set'),
        expected:
          base === null
            ? 'exactly one training set'
            : 'only test sets and one round of training runs, since they are added to a study',
      },
      base === null
        ? 'Use one set for training and the others as test sets.'
        : 'Use the others as test sets, or open them as a study of their own.',
    );
  }
  if (rounds.length > (base === null ? 0 : 1)) {
    throw new RunsError(
      {
        file: '',
        found: `${plural(rounds.length, 'set')} to add as the next round`,
        expected: base === null ? 'a study to add it to' : 'one at a time',
      },
      base === null ? 'Open the study first.' : 'Add the rounds one after another.',
    );
  }
  const names = new Set<string>();
  for (const { name } of used) {
    if (name.trim() === '' || names.has(name)) {
      throw new RunsError(
        {
          file: '',
          found: `the set name ${quoted(name)} ${names.has(name) ? 'twice' : ''}`.trim(),
          expected: 'a different name for each set',
        },
        'Rename the set.',
      );
    }
    names.add(name);
  }
  return [...training, ...rounds, ...used.filter(({ role }) => role === 'test')];
}

/** Says which file is missing where there are losses and no weights at all; nothing without losses. */
function refuseWithoutWeights(losses: Recognition['files']): void {
  if (losses.length === 0) return;
  const [{ name, rows, columns }] = losses;
  const id = columns.find(({ role }) => role === 'id')?.samples[0];
  const such = id === undefined ? '' : `, such as ${quoted(id)},`;
  throw new RunsError(
    {
      file: losses.map((file) => file.name).join(', '),
      found: `losses of ${plural(rows, 'run')} but no weights`,
      expected: `a second file of mixtures: the same run ids${such} and a column of weights for each domain`,
    },
    `Open the file of mixtures together with ${name}, or choose its weight columns.`,
  );
}

function unusedFiles({ files }: Recognition, sets: readonly RunSet[]): Note[] {
  const used = new Set(sets.flatMap(({ mixtures, losses }) => [mixtures, losses]));
  return files
    .filter((_, index) => !used.has(index))
    .map(({ name }): Note => {
      const text = `${name} is not used: it belongs to no set of runs.`;
      return { kind: 'unused-file', subject: name, count: 1, text };
    });
}
