/**
 * Judges every regressor on every pair of CSVs in a folder, on runs that its fits have not seen: `npm run
 * evidence -- FOLDER`. Nothing is written; the folder is only read.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { reasonOf } from '../lib/model/errors';
import { formatNumber, formatPercent, plural } from '../lib/model/format';
import { runJob } from '../lib/model/job';
import { bandLevels, type RegressorId } from '../lib/model/regressor';
import type { Study } from '../lib/model/study';
import { catalogue, regressorInfo } from '../lib/regression/catalogue';
import { type Evidence, evidenceOf } from '../lib/regression/evidence';
import { targetSample } from '../lib/regression/sample';
import { buildStudyRuns } from '../lib/runs/build';
import { readTable } from '../lib/runs/read-table';
import { recognise } from '../lib/runs/recognise';
import type { CsvTable } from '../lib/runs/table';
import { openRuns } from '../lib/study/from-runs';
import { alignColumns, type Notify, quantity, readOptions, UsageError } from './cli/arguments';

const usage = `npm run evidence -- FOLDER [--regressors ID,...] [--targets N] [--seed N] [--json]

Judges every regressor on every table of runs in FOLDER and the folders below: CSV pairs of mixtures
and losses, and wide CSVs. Each run is predicted by a fit to the other four fifths (runs of one
mixture stay together). Printed per table, as means over its targets:

  rho       Spearman's rho of predicted and measured
  error     RMSE as a share of the spread of the runs: 1 is no better than their mean
  tail      rho on the best fifth of the runs, by a fit without any of them
  80 90 95  share of the runs within the bands of these levels

* marks the best of each column, for bands the one nearest to its level. --targets takes the first N
targets of every table.`;

const options = {
  regressors: { type: 'string' },
  targets: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** One table of runs with what was found for it. */
interface TableEvidence {
  /** Its files, from the folder. */
  readonly table: string;
  readonly runs: number;
  readonly domains: number;
  readonly evidence: readonly Evidence[];
  /** Why a regressor or a target is missing, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Judges the tables of a folder.
 *
 * @param notify writes a line of progress or of what was left out
 * @returns what is printed
 * @throws UsageError for bad options, a folder that cannot be read, or one without a table of runs
 */
export async function runEvidence(argv: readonly string[], notify: Notify): Promise<string> {
  const [folder, ...rest] = argv;
  if (folder === undefined || argv.includes('--help')) return usage;
  const given = readOptions(rest, options);
  const seed = quantity(given.seed ?? '1', '--seed', { low: 0, high: 2 ** 31 - 1, whole: true });
  const most = quantity(given.targets ?? '1000000', '--targets', {
    low: 1,
    high: 1e6,
    whole: true,
  });
  const ids = regressorsOf(given.regressors);
  const tables: TableEvidence[] = [];
  for (const { table, study } of studiesIn(folder, notify)) {
    tables.push(judge(table, study, ids, { seed, most }, notify));
  }
  if (tables.length === 0) throw new UsageError(`${folder}: found no table of runs`);
  if (given.json) return JSON.stringify({ seed, tables });
  return [...tables.map((each) => blockOf(each, ids)), winnersOf(tables, ids)].join('\n\n');
}

function regressorsOf(list: string | undefined): readonly RegressorId[] {
  if (list !== undefined) return list.split(',').map((id) => regressorInfo(id.trim()).id);
  // A regressor that stops on a test set has no unseen runs to be judged on.
  return catalogue.filter(({ stopsOnTestSet }) => !stopsOnTestSet).map(({ id }) => id);
}

/** Every table of runs in a folder and those below it, in order of path. */
function* studiesIn(
  root: string,
  notify: Notify,
): Generator<{ readonly table: string; readonly study: Study }> {
  for (const folder of foldersIn(root)) {
    const names = csvNamesIn(folder);
    const tables: CsvTable[] = [];
    for (const name of names) {
      const path = join(folder, name);
      try {
        tables.push(runJob(readTable({ name, text: readFileSync(path, 'utf8') })));
      } catch (error) {
        notify(`${relative(root, path)} left out: ${reasonOf(error)}`);
      }
    }
    const recognition = recognise(tables);
    for (const { mixtures, losses } of recognition.sets) {
      const files = [...new Set([mixtures, losses])];
      const at = (file: number) => files.indexOf(file);
      const table = files
        .map((file) => join(relative(root, folder), tables[file].name))
        .join(' + ');
      try {
        const runs = runJob(
          buildStudyRuns(
            files.map((file) => tables[file]),
            {
              files: files.map((file) => recognition.files[file]),
              notes: recognition.notes,
              sets: [
                { name: 'training', role: 'training', mixtures: at(mixtures), losses: at(losses) },
              ],
            },
            { acceptUnpaired: true },
          ),
        );
        const source = { kind: 'files', detail: '' } as const;
        yield { table, study: openRuns(runs, { id: table, name: table, source }).study };
      } catch (error) {
        notify(`${table} left out: ${reasonOf(error)}`);
      }
    }
  }
}

function foldersIn(root: string): string[] {
  try {
    const below = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
    return [root, ...below.flatMap((name) => foldersIn(join(root, name)))];
  } catch (error) {
    throw new UsageError(`${root} cannot be read: ${reasonOf(error)}`);
  }
}

function csvNamesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.csv$/i.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

function judge(
  table: string,
  { targets, training, domains }: Study,
  ids: readonly RegressorId[],
  { seed, most }: { readonly seed: number; readonly most: number },
  notify: Notify,
): TableEvidence {
  const evidence: Evidence[] = [];
  const notes: string[] = [];
  const judged = targets.slice(0, most);
  for (const [place, { id, direction }] of judged.entries()) {
    notify(`${table}: ${id}, target ${place + 1} of ${judged.length}`);
    for (const regressor of ids) {
      const { usesRecordedWeights } = regressorInfo(regressor);
      const rows = targetSample(training, place, usesRecordedWeights);
      try {
        evidence.push(runJob(evidenceOf(id, regressor, rows, { seed, direction })));
      } catch (error) {
        notes.push(`${regressor} on ${id}: ${reasonOf(error)}`);
      }
    }
  }
  return { table, runs: training.ids.length, domains: domains.length, evidence, notes };
}

/** One figure of the table: where it comes from, and which value is best. */
interface Figure {
  readonly heading: string;
  value(evidence: Evidence): number | null;
  /** Lower is better. */
  distance(mean: number): number;
  text(mean: number): string;
}

const figures: readonly Figure[] = [
  {
    heading: 'rho',
    value: ({ spearman }) => spearman,
    distance: (mean) => -mean,
    text: (mean) => formatNumber(mean, 4),
  },
  {
    heading: 'error',
    value: ({ error }) => error,
    distance: (mean) => mean,
    text: (mean) => formatNumber(mean, 3),
  },
  {
    heading: 'tail',
    value: ({ tail }) => tail,
    distance: (mean) => -mean,
    text: (mean) => formatNumber(mean, 3),
  },
  ...bandLevels.map((level) => ({
    heading: `${level}%`,
    value: ({ coverage }: Evidence) => coverage[level],
    distance: (mean: number) => Math.abs(mean - level / 100),
    text: (mean: number) => formatPercent(mean, 1),
  })),
];

/** Mean of a figure over the targets; null where a regressor has none. */
function meanOf(evidence: readonly Evidence[], figure: Figure): number | null {
  const values = evidence
    .map((each) => figure.value(each))
    .filter((value): value is number => value !== null && Number.isFinite(value));
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

function ofRegressor({ evidence }: TableEvidence, id: RegressorId): readonly Evidence[] {
  return evidence.filter(({ regressor }) => regressor === id);
}

/** The regressors with the best mean of a figure; several where they are equal as printed. */
function bestOf(table: TableEvidence, ids: readonly RegressorId[], figure: Figure): RegressorId[] {
  const means = ids.map((id) => meanOf(ofRegressor(table, id), figure));
  const distances = means.map((mean) =>
    mean === null ? Number.POSITIVE_INFINITY : figure.distance(mean),
  );
  const least = Math.min(...distances);
  const best = means[distances.indexOf(least)];
  if (best === null || best === undefined) return [];
  return ids.filter((_, place) => {
    const mean = means[place];
    return mean !== null && figure.text(mean) === figure.text(best);
  });
}

function blockOf(table: TableEvidence, ids: readonly RegressorId[]): string {
  const best = figures.map((figure) => bestOf(table, ids, figure));
  const rows = ids.map((id) => [
    id,
    ...figures.map((figure, place) => {
      const mean = meanOf(ofRegressor(table, id), figure);
      if (mean === null) return '– ';
      return `${figure.text(mean)}${best[place].includes(id) ? '*' : ' '}`;
    }),
  ]);
  const targets = new Set(table.evidence.map(({ target }) => target)).size;
  return [
    `${table.table}: ${[plural(table.runs, 'run'), plural(table.domains, 'domain'), plural(targets, 'target')].join(', ')}`,
    ...alignColumns([['', ...figures.map(({ heading }) => `${heading} `)], ...rows]),
    ...table.notes,
  ].join('\n');
}

/** How often each regressor is best, over tables. */
function winnersOf(tables: readonly TableEvidence[], ids: readonly RegressorId[]): string {
  const winners = tables.map((table) => figures.map((figure) => bestOf(table, ids, figure)));
  const rows = ids.map((id) => [
    id,
    ...figures.map((_, place) => String(winners.filter((best) => best[place].includes(id)).length)),
  ]);
  return [
    `Best in how many of ${plural(tables.length, 'table')}`,
    ...alignColumns([['', ...figures.map(({ heading }) => heading)], ...rows]),
  ].join('\n');
}

if (import.meta.filename === process.argv[1]) {
  runEvidence(process.argv.slice(2), (line) => process.stderr.write(`${line}\n`)).then(
    (text) => process.stdout.write(`${text}\n`),
    (error: unknown) => {
      process.stderr.write(`evidence: ${reasonOf(error)}\n`);
      process.exitCode = 2;
    },
  );
}
