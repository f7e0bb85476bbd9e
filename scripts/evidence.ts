/**
 * Judges every regressor on every pair of CSVs in a folder, on runs that its fits have not seen: `npm run
 * evidence -- FOLDER`. Nothing is written; the folder is only read.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { reasonOf } from '../lib/model/errors';
import { formatList, formatNumber, formatPercent, plural } from '../lib/model/format';
import { runJob } from '../lib/model/job';
import { cleanId } from '../lib/model/labels';
import { bandLevels, type RegressorId } from '../lib/model/regressor';
import type { Study } from '../lib/model/study';
import { catalogue, regressorInfo } from '../lib/regression/catalogue';
import { type Evidence, evidenceOf } from '../lib/regression/evidence';
import { targetSample } from '../lib/regression/sample';
import { buildStudyRuns } from '../lib/runs/build';
import { readTable } from '../lib/runs/read-table';
import { recognise } from '../lib/runs/recognise';
import { fileKind, type RecognisedFile, type Recognition } from '../lib/runs/recognition';
import { type CsvTable, cellText } from '../lib/runs/table';
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
targets of every table. CSVs that are left out stand at the end, each with its reason.`;

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
  /** What was done to its runs, and why figures of a regressor are missing: a sentence each, said once. */
  readonly notes: readonly string[];
}

/** A CSV, or a pair of them, that gives no table. */
interface LeftOut {
  /** From the folder. */
  readonly file: string;
  readonly reason: string;
}

/** A table of runs to judge. */
interface FoundTable {
  readonly table: string;
  readonly study: Study;
  readonly notes: readonly string[];
}

/**
 * Judges the tables of a folder.
 *
 * @param notify writes a line of progress
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
  const leftOut: LeftOut[] = [];
  for (const found of studiesIn(folder, leftOut)) {
    tables.push(judge(found, ids, { seed, most }, notify));
  }
  const missing = leftOut.map(({ file, reason }) => `${file}: ${reason}`);
  if (tables.length === 0) {
    throw new UsageError([`${folder}: found no table of runs`, ...missing].join('\n'));
  }
  if (given.json) return JSON.stringify({ seed, tables, leftOut });
  return [
    ...tables.map((each) => blockOf(each, ids)),
    winnersOf(tables, ids),
    ...(missing.length > 0 ? [['Left out', ...missing].join('\n')] : []),
  ].join('\n\n');
}

function regressorsOf(list: string | undefined): readonly RegressorId[] {
  if (list !== undefined) return list.split(',').map((id) => regressorInfo(id.trim()).id);
  // A regressor that stops on a test set has no unseen runs to be judged on.
  return catalogue.filter(({ stopsOnTestSet }) => !stopsOnTestSet).map(({ id }) => id);
}

/**
 * Every table of runs in a folder and those below it, in order of path.
 *
 * @param leftOut gets every CSV that is in none of them
 */
function* studiesIn(root: string, leftOut: LeftOut[]): Generator<FoundTable> {
  for (const folder of foldersIn(root)) {
    const pathOf = (name: string) => join(relative(root, folder), name);
    const tables: CsvTable[] = [];
    for (const name of csvNamesIn(folder)) {
      try {
        tables.push(runJob(readTable({ name, text: readFileSync(join(folder, name), 'utf8') })));
      } catch (error) {
        // The path says the name already.
        const said = reasonOf(error);
        const reason = said.startsWith(name)
          ? said.slice(name.length).replace(/^[:,] */, '')
          : said;
        leftOut.push({ file: pathOf(name), reason });
      }
    }
    const recognition = recognise(tables);
    const ids = tables.map((each, file) => idsIn(each, recognition.files[file]));
    for (const { mixtures, losses } of recognition.sets) {
      const files = [...new Set([mixtures, losses])];
      const at = (file: number) => files.indexOf(file);
      const table = files.map((file) => pathOf(tables[file].name)).join(' + ');
      const others = betterPartners(recognition, ids, [mixtures, losses]);
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
        const { study } = openRuns(runs, { id: table, name: table, source });
        const notes = [...runs.notes.map(({ text }) => text), ...others];
        yield { table, study, notes };
      } catch (error) {
        leftOut.push({ file: table, reason: [reasonOf(error), ...others].join(' ') });
      }
    }
    const used = new Set(recognition.sets.flatMap(({ mixtures, losses }) => [mixtures, losses]));
    recognition.files.forEach((file, place) => {
      if (used.has(place)) return;
      leftOut.push({ file: pathOf(file.name), reason: partnerless[fileKind(file)] });
    });
  }
}

/** Why a file is in no table, by what it holds. */
const partnerless = {
  mixtures:
    'read as mixtures only: no columns of losses in it, and no file of losses beside it with its run ids or name.',
  losses:
    'read as losses only: no columns of weights in it, and no file of mixtures beside it with its run ids or name.',
  wide: 'its runs are in no table.',
  unknown: 'no weights that sum to 1, and no losses.',
} as const;

/** The run ids in a file; none where it has no column of them. */
function idsIn(table: CsvTable, { columns }: RecognisedFile): ReadonlySet<string> {
  const column = columns.findIndex(({ role }) => role === 'id');
  if (column < 0) return new Set();
  const cells = table.columns[column];
  return new Set(Array.from({ length: table.rows }, (_, row) => cleanId(cellText(cells, row))));
}

/**
 * The files that either file of a pair shares more run ids with than with the other: names may have paired
 * what does not belong together.
 *
 * @param ids of every file
 * @param pair the file of mixtures and that of losses
 */
function betterPartners(
  { files }: Recognition,
  ids: readonly ReadonlySet<string>[],
  pair: readonly [number, number],
): string[] {
  const shared = (a: number, b: number) =>
    [...ids[a]].reduce((count, id) => count + Number(ids[b].has(id)), 0);
  return pair.flatMap((file, side) => {
    const wanted = side === 0 ? 'losses' : 'mixtures';
    const better = files.flatMap((other, place) =>
      fileKind(other) === wanted && shared(file, place) > shared(...pair) ? [other.name] : [],
    );
    if (better.length === 0) return [];
    return [
      `${files[file].name} shares more run ids with ${formatList(better)}: name alike what belongs together.`,
    ];
  });
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
  { table, study: { targets, training, domains }, notes }: FoundTable,
  ids: readonly RegressorId[],
  { seed, most }: { readonly seed: number; readonly most: number },
  notify: Notify,
): TableEvidence {
  const evidence: Evidence[] = [];
  const failures: Failure[] = [];
  const judged = targets.slice(0, most);
  for (const [place, { id, direction }] of judged.entries()) {
    notify(`${table}: ${id}, target ${place + 1} of ${judged.length}`);
    for (const regressor of ids) {
      const { usesRecordedWeights } = regressorInfo(regressor);
      const rows = targetSample(training, place, usesRecordedWeights);
      try {
        evidence.push(runJob(evidenceOf(id, regressor, rows, { seed, direction })));
      } catch (error) {
        failures.push({ regressor, target: id, reason: reasonOf(error) });
      }
    }
  }
  const said = describeFailures(failures, judged.length);
  const runs = training.ids.length;
  return { table, runs, domains: domains.length, evidence, notes: [...notes, ...said] };
}

/** A regressor that could not be judged on a target. */
interface Failure {
  readonly regressor: RegressorId;
  readonly target: string;
  readonly reason: string;
}

/** One sentence for all that have the same reason on the same targets. @param targets how many were judged */
function describeFailures(failures: readonly Failure[], targets: number): string[] {
  const listed = (names: Iterable<string>) => [...new Set(names)].join(', ');
  const byReason = groupsOf(failures, ({ regressor, reason }) => `${regressor} ${reason}`);
  const said = byReason.map((group) => {
    const [{ regressor, reason }] = group;
    const isAll = targets > 1 && group.length === targets;
    const on = isAll ? 'every target' : listed(group.map(({ target }) => target));
    return { regressor, on, reason };
  });
  return groupsOf(said, ({ on, reason }) => `${on} ${reason}`).map((group) => {
    const [{ on, reason }] = group;
    return `${listed(group.map(({ regressor }) => regressor))} on ${on}: ${reason}`;
  });
}

/** Items with equal keys together, in the order in which keys first occur. */
function groupsOf<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
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
