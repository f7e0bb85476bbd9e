import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StageError } from '../../lib/model/errors';
import { runJob } from '../../lib/model/job';
import { columnOf } from '../../lib/model/matrix';
import type { Assessment, RegressorId } from '../../lib/model/regressor';
import type { Study, Target, Trajectory } from '../../lib/model/study';
import { catalogue, regressorInfo } from '../../lib/regression/catalogue';
import { type FarRun, farRuns } from '../../lib/regression/outliers';
import { buildStudyRuns } from '../../lib/runs/build';
import { leaveOut } from '../../lib/runs/left-out';
import { type OpenedFile, openFile, readFiles } from '../../lib/runs/read-files';
import { readTrajectory } from '../../lib/runs/read-trajectory';
import { recognise } from '../../lib/runs/recognise';
import type { RunSet } from '../../lib/runs/recognition';
import type { CsvTable } from '../../lib/runs/table';
import { builtInTrajectories } from '../../lib/study/built-in-trajectories';
import { openRuns } from '../../lib/study/from-runs';
import { pair, required, UsageError } from './arguments';

/** Options for the runs to read, shared by every command. */
export const studyOptions = {
  mixtures: { type: 'string' },
  losses: { type: 'string' },
  test: { type: 'string', multiple: true },
  'accept-unpaired': { type: 'boolean' },
  'leave-out': { type: 'string', multiple: true },
  regressor: { type: 'string' },
  target: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export interface StudyArguments {
  readonly mixtures?: string;
  readonly losses?: string;
  readonly test?: readonly string[];
  readonly 'accept-unpaired'?: boolean;
  readonly 'leave-out'?: readonly string[];
}

/**
 * A file as the page opens it.
 * @throws UsageError when it cannot be read
 * @throws RunsError when it is neither text nor a table
 */
export async function readText(path: string): Promise<OpenedFile> {
  const bytes = await readFile(path).catch(() => {
    throw new UsageError(`${path} cannot be read`);
  });
  const arrayBuffer = async () => new Uint8Array(bytes).buffer;
  return openFile({ name: basename(path), size: bytes.length, arrayBuffer });
}

/**
 * The study of the named files.
 *
 * @throws UsageError when options are missing or a file cannot be read
 * @throws RunsError when a file is refused
 */
export async function readStudy(options: StudyArguments): Promise<Study> {
  const pairs = [
    {
      name: 'training',
      mixtures: required(options.mixtures, '--mixtures'),
      losses: required(options.losses, '--losses'),
    },
    ...(options.test ?? []).map((text) => {
      const [name, files] = pair(text, '--test');
      const [mixtures, losses, ...more] = files.split(',');
      if (!mixtures || !losses || more.length > 0) {
        throw new UsageError(`--test: found “${text}”, expected NAME=MIXTURES,LOSSES`);
      }
      return { name, mixtures, losses };
    }),
  ];
  const tables: CsvTable[] = [];
  const paths: string[] = [];
  const indexOf = async (path: string): Promise<number> => {
    const known = paths.indexOf(path);
    if (known >= 0) return known;
    tables.push(...runJob(readFiles([await readText(path)])));
    return paths.push(path) - 1;
  };
  const sets: RunSet[] = [];
  for (const [index, { name, mixtures, losses }] of pairs.entries()) {
    sets.push({
      name,
      role: index === 0 ? 'training' : 'test',
      mixtures: await indexOf(mixtures),
      losses: await indexOf(losses),
    });
  }
  const recognition = { ...recognise(tables), sets };
  const acceptUnpaired = options['accept-unpaired'] ?? false;
  const runs = runJob(buildStudyRuns(tables, recognition, { acceptUnpaired }));
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

/** The target by its id, its name or the end of either. @throws StageError listing the known ones */
export function findTarget(study: Study, requested: string): Target {
  const plain = requested
    .toLowerCase()
    .replace(/^metric\//, '')
    .replace(/_val_loss$/, '');
  const exact = study.targets.find(
    ({ id, name }) => id.toLowerCase() === plain || name.toLowerCase() === requested.toLowerCase(),
  );
  const ending = study.targets.filter(({ id }) => plain.endsWith(`_${id.toLowerCase()}`));
  const found = exact ?? (ending.length === 1 ? ending[0] : undefined);
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
