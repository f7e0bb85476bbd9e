import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StageError } from '../../lib/model/errors';
import { runJob } from '../../lib/model/job';
import { columnOf } from '../../lib/model/matrix';
import type { Assessment, RegressorId } from '../../lib/model/regressor';
import type { Study, Target, Trajectory } from '../../lib/model/study';
import { catalogue, regressorInfo } from '../../lib/regression/catalogue';
import { type FarRun, farRuns } from '../../lib/regression/outliers';
import { matchTargets } from '../../lib/runs/identify';
import { leaveOut } from '../../lib/runs/left-out';
import { splitMeasure } from '../../lib/runs/measures';
import { type ByteFile, type OpenedFile, openFile } from '../../lib/runs/read-files';
import { readTrajectory } from '../../lib/runs/read-trajectory';
import { createRunsReader } from '../../lib/runs/reader';
import { fileKind, type RunSet } from '../../lib/runs/recognition';
import { builtInTrajectories } from '../../lib/study/built-in-trajectories';
import { openRuns } from '../../lib/study/from-runs';
import { type Notify, pair, required, UsageError } from './arguments';
import { type ColumnArguments, columnOptions, correctColumns, directionQuestions } from './columns';

/** Options for the runs to read, shared by every command. */
export const studyOptions = {
  ...columnOptions,
  mixtures: { type: 'string' },
  losses: { type: 'string', multiple: true },
  test: { type: 'string', multiple: true },
  'accept-unpaired': { type: 'boolean' },
  'leave-out': { type: 'string', multiple: true },
  regressor: { type: 'string' },
  target: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export interface StudyArguments extends ColumnArguments {
  readonly mixtures?: string;
  readonly losses?: readonly string[];
  readonly test?: readonly string[];
  readonly 'accept-unpaired'?: boolean;
  readonly 'leave-out'?: readonly string[];
}

/** A file on the disk, as the page is given one. @throws UsageError when it cannot be read */
async function fileAt(path: string): Promise<ByteFile> {
  const bytes = await readFile(path).catch(() => {
    throw new UsageError(`${path} cannot be read`);
  });
  const arrayBuffer = async () => new Uint8Array(bytes).buffer;
  return { name: basename(path), size: bytes.length, arrayBuffer };
}

/**
 * A file as the page opens it.
 * @throws UsageError when it cannot be read
 * @throws RunsError when it is neither text nor a table
 */
export async function readText(path: string): Promise<OpenedFile> {
  return openFile(await fileAt(path));
}

/**
 * The study of the named files; without losses, of one file that has both. They are read as the page reads them.
 *
 * @param notify gets a line for each thing that was done to the files, and for targets whose direction is assumed
 * @throws UsageError when options are missing or a file cannot be read
 * @throws RunsError when a file is refused
 */
export async function readStudy(options: StudyArguments, notify: Notify): Promise<Study> {
  const training = required(options.mixtures, '--mixtures');
  const results = options.losses ?? [];
  const pairs = [
    { name: 'training', mixtures: training, losses: results[0] ?? training },
    ...(options.test ?? []).map((text) => {
      const [name, files] = pair(text, '--test');
      // One file holds both, as --mixtures alone does.
      const [mixtures, losses = mixtures, ...more] = files.split(',');
      if (!mixtures || !losses || more.length > 0) {
        throw new UsageError(`--test: found “${text}”, expected NAME=MIXTURES,LOSSES or NAME=FILE`);
      }
      return { name, mixtures, losses };
    }),
  ];
  const paths = [...new Set(pairs.flatMap(({ mixtures, losses }) => [mixtures, losses]))];
  const names = new Set<string>();
  const files: ByteFile[] = [];
  for (const path of [...paths, ...results.slice(1)]) {
    const file = await fileAt(path);
    files.push(names.has(file.name) ? { ...file, name: path } : file);
    names.add(file.name);
  }
  const reader = createRunsReader();
  const recognised = runJob(await reader.read(files));
  // Result files of lm-evaluation-harness become one table, in the place of the first.
  if (recognised.files.length !== paths.length) {
    throw new UsageError(
      '--losses takes several files only where each is a result file of lm-evaluation-harness',
    );
  }
  const sets = pairs.map(
    ({ name, mixtures, losses }, index): RunSet => ({
      name,
      role: index === 0 ? 'training' : 'test',
      mixtures: paths.indexOf(mixtures),
      losses: paths.indexOf(losses),
    }),
  );
  const recognition = correctColumns({ ...recognised, sets }, options);
  if (results.length === 0 && fileKind(recognition.files[0]) === 'mixtures') {
    required(undefined, '--losses');
  }
  for (const { name, mixtures, losses } of sets) {
    if (mixtures !== losses || fileKind(recognition.files[mixtures]) !== 'mixtures') continue;
    throw new UsageError(`--test: ${name} has no losses, expected NAME=MIXTURES,LOSSES`);
  }
  for (const question of directionQuestions(recognition)) notify(question);
  const acceptUnpaired = options['accept-unpaired'] ?? false;
  const runs = runJob(reader.build({ recognition, options: { acceptUnpaired } }));
  for (const { text } of runs.notes) notify(text);
  const source = { kind: 'files', detail: '' } as const;
  const { study } = openRuns(runs, { id: 'command-line', name: 'command line', source });
  return leaveOut(study, readLeftOut(study, options['leave-out'] ?? []));
}

/** @throws UsageError when there is no such training run */
function readLeftOut({ training }: Study, given: readonly string[]): string[] {
  // An id that itself has a comma is given alone.
  const ids = given.flatMap((text) =>
    training.ids.includes(text) ? [text] : text.split(',').map((id) => id.trim()),
  );
  const unknown = ids.find((id) => !training.ids.includes(id));
  if (unknown === undefined) return ids;
  throw new UsageError(
    `--leave-out: there is no training run “${unknown}”, expected an id such as “${training.ids[0]}”`,
  );
}

/** The target by its id, its name, its column or the end of either. @throws StageError listing the known ones */
export function findTarget(study: Study, requested: string): Target {
  const plain = requested
    .toLowerCase()
    .replace(/^metric\//, '')
    .replace(/_val_loss$/, '');
  const loose = (text: string) => text.toLowerCase().replace(/[\s_-]+/g, '_');
  const named = (form: string) =>
    study.targets.find(({ id, name }) => [loose(id), loose(name)].includes(loose(form)));
  const { subject, measure } = splitMeasure(requested);
  const onDomain = measure?.onDomain ? named(subject) : undefined;
  const isSame = !measure?.unit || !onDomain?.unit || measure.unit === onDomain.unit;
  const exact = named(plain) ?? named(requested) ?? (isSame ? onDomain : undefined);
  const ending = study.targets.filter(({ id }) => plain.endsWith(`_${id.toLowerCase()}`));
  // A whole header, with what its file's columns share: `eval/paloma/c4_en/bpb`.
  const isPath = requested.includes('/');
  const [header] = isPath ? matchTargets([requested], study.targets) : [];
  const found = exact ?? (ending.length === 1 ? ending[0] : header);
  if (found) return found;
  const known = study.targets.map(({ id }) => id).join(', ');
  throw new StageError(
    'regression',
    `There is no target “${requested}”.`,
    `Choose one of ${known}.`,
  );
}

/** The training runs that fits found far from the rest of their target, each once, with its first sentence. */
export function findFarRuns(study: Study, fits: readonly Assessment[]): FarRun[] {
  const named = new Map<string, FarRun>();
  for (const fit of fits) {
    const place = study.targets.findIndex(({ id }) => id === fit.target);
    const values = columnOf(study.training.losses, place);
    for (const run of farRuns(study.training, study.targets[place], values, fit)) {
      if (!named.has(run.id)) named.set(run.id, run);
    }
  }
  return [...named.values()];
}

/** What is said of far runs, a line each. */
export function describeFarRuns(runs: readonly FarRun[]): string[] {
  return runs.map(({ text, isFitted }) => `${text} ${isFitted ? '' : 'It is not fitted.'}`.trim());
}

/** @throws StageError when there is no such regressor, or when it needs a test set and has none */
export function chooseRegressor(study: Study, wanted: string | undefined): RegressorId {
  const { id, stopsOnTestSet } = regressorInfo(wanted ?? catalogue[0].id);
  if (stopsOnTestSet && study.testSets.length === 0) {
    throw new UsageError(`--regressor ${id} stops early on a test set: give one with --test`);
  }
  return id;
}

/** Losses over training of a study's runs: from a file, or from a named study's own files. */
export async function readTrajectoryOf(
  study: Study,
  name: string,
  path: string | undefined,
): Promise<Trajectory> {
  return readTrajectory(await readText(path ?? trajectoryPath(name)), study);
}

/** File of a named study's losses over training: see `readStudyNamed`. */
function trajectoryPath(name: string): string {
  const builtIn = builtInTrajectories.get(name);
  return builtIn ? join('public', 'studies', name, builtIn.file) : join(name, 'trajectory.csv');
}
