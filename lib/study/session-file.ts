/** A session as `.regmix.json` and back: old versions upgraded, every part checked. */
import * as v from 'valibot';
import { type Job, runJob } from '../model/job';
import { parseJson } from '../model/json';
import { withoutInvisible } from '../model/labels';
import { fromRows, type Matrix, rowOf } from '../model/matrix';
import type { LawModel } from '../model/regressor';
import { defaultSettings } from '../model/settings';
import type { RunTable, Study } from '../model/study';
import { allRuns, leaveOut } from '../runs/left-out';
import { minimumTrainingRows } from '../runs/recognition';
import type { OpenedStudy } from './from-runs';
import { importedText, partImported, readImported } from './imported-models';
import {
  type LawFile,
  type SessionFile,
  sessionError,
  sessionFormat,
  sessionSchema,
  sessionVersion,
  type TableFile,
} from './session-schema';

const rowsPerSlice = 1_000;

/**
 * Writes a study and its settings as `.regmix.json` (docs/study-format.md): numbers in the fewest digits
 * that read back to the same double, losses that were not measured as null, one run a line.
 */
export function* writeSession({ study, settings }: OpenedStudy): Job<string> {
  const { id, name, source, domains, targets, testSets, prior, human, truth, leftOut } = study;
  const tables: string[] = [];
  for (const table of [allRuns(study), ...testSets]) tables.push(yield* writeTable(table));
  const [trainingText, ...testTexts] = tables;
  const { kept } = partImported(study);
  const modelTexts: string[] = [];
  for (const model of kept) {
    modelTexts.push(importedText(model));
    yield { done: modelTexts.length, total: kept.length, unit: 'models' };
  }
  const { weights, families, ...objective } = settings.objective;
  const named = <Value>(record: Readonly<Record<string, Value>>) =>
    targets.map((target) => (Object.hasOwn(record, target.id) ? record[target.id] : null));
  const settingsText = JSON.stringify({
    ...settings,
    // The file must not select an imported model that it does not contain.
    regressor:
      settings.regressor === 'imported' && !kept.some(({ target }) => target === settings.target)
        ? defaultSettings(study).regressor
        : settings.regressor,
    objective: { ...objective, weights: named(weights), families: named(families) },
  });
  return `{
"format": "${sessionFormat}",
"version": ${sessionVersion},
"study": {
"id": ${JSON.stringify(id)},
"name": ${JSON.stringify(name)},
"source": ${JSON.stringify(source)},
"domains": ${JSON.stringify(domains)},
"targets": ${JSON.stringify(targets)},
"training": ${trainingText},${leftOut ? `\n"leftOut": ${JSON.stringify(leftOut.ids)},` : ''}
"testSets": [${testTexts.join(',\n')}],
"prior": {"kind": "${prior.kind}", "weights": ${numbersText(prior.weights)}},
"human": ${human ? `{"name": ${JSON.stringify(human.name)}, "weights": ${numbersText(human.weights)}}` : 'null'}${modelTexts.length > 0 ? `,\n"imported": [\n${modelTexts.join(',\n')}\n]` : ''}${truth ? `,\n"truth": ${JSON.stringify(truth.map(lawToFile))}` : ''}
},
"settings": ${settingsText}
}
`;
}

/** The output of {@link writeSession} as one string. */
export function sessionToJson(session: OpenedStudy): string {
  return runJob(writeSession(session));
}

/**
 * Reads a file of this version or an older one. The id and the source's claims about built-in studies and
 * trainings are as in the file: callers that open an untrusted file must remove them (`withoutOrigin`).
 *
 * @param value the file's text, or what its JSON stands for
 * @throws StageError at the first place that differs from docs/study-format.md
 */
export function parseSession(value: unknown): OpenedStudy {
  const current = withVisibleLabels(upgraded(typeof value === 'string' ? jsonOf(value) : value));
  const result = v.safeParse(sessionSchema, current, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    const expected = issue.expected ?? 'something else';
    throw sessionError(v.getDotPath(issue) ?? 'the top level', issue.received, expected);
  }
  checkSession(result.output);
  return fromFile(result.output);
}

/** {@link parseSession} as a job for a worker. */
export function* readSession(text: string): Job<OpenedStudy> {
  yield { done: 0, total: 1, unit: 'files' };
  return parseSession(text);
}

function fromFile({ study: file, settings }: SessionFile): OpenedStudy {
  const { imported, truth, leftOut, ...study } = file;
  const { prior, human, training, testSets } = study;
  const { weights, families, ...objective } = settings.objective;
  const named = <Value>(values: readonly (Value | null)[]) =>
    Object.fromEntries(
      values.flatMap((value, index) => (value === null ? [] : [[study.targets[index].id, value]])),
    );
  const whole: Study = {
    version: 1,
    ...study,
    training: tableOf(training),
    testSets: testSets.map(tableOf),
    prior: { kind: prior.kind, weights: Float64Array.from(prior.weights) },
    human: human && { name: human.name, weights: Float64Array.from(human.weights) },
    ...(imported && {
      imported: imported.map((model, index) =>
        readImported(model, `study.imported[${index}]`, study.domains.length),
      ),
    }),
    ...(truth && { truth: truth.map((law) => law && lawFromFile(law)) }),
  };
  return {
    study: leaveOut(whole, leftOut ?? []),
    settings: {
      ...settings,
      objective: { ...objective, weights: named(weights), families: named(families) },
    },
  };
}

function tableOf({
  name,
  ids,
  mixtures,
  recorded,
  losses,
  trajectory,
  rounds,
}: TableFile): RunTable {
  return {
    name,
    ids,
    mixtures: fromRows(mixtures),
    ...(recorded && { recorded: fromRows(recorded) }),
    losses: lossesOf(losses),
    ...(trajectory && {
      trajectory: { steps: trajectory.steps, losses: trajectory.losses.map(lossesOf) },
    }),
    ...(rounds && { rounds: Int32Array.from(rounds) }),
  };
}

function lawToFile(law: NonNullable<Study['truth']>[number]): LawFile | null {
  return law && { ...law, amounts: [...law.amounts], powers: [...law.powers] };
}

function lawFromFile(law: LawFile): LawModel {
  const { amounts, powers } = law;
  return { ...law, amounts: Float64Array.from(amounts), powers: Float64Array.from(powers) };
}

/** null = not measured. */
function lossesOf(rows: TableFile['losses']): Matrix {
  return fromRows(rows.map((row) => row.map((loss) => loss ?? Number.NaN)));
}

function* writeTable(table: RunTable): Job<string> {
  const { name, ids, mixtures, recorded, losses, trajectory, rounds } = table;
  const parts = [`"name": ${JSON.stringify(name)}`, `"ids": ${JSON.stringify(ids)}`];
  for (const [key, matrix] of Object.entries({ mixtures, recorded, losses })) {
    if (matrix) parts.push(`"${key}": ${yield* writeMatrix(matrix)}`);
  }
  if (trajectory && trajectory.steps.length > 0) {
    const moments: string[] = [];
    for (const matrix of trajectory.losses) moments.push(yield* writeMatrix(matrix));
    const steps = `"steps": [${trajectory.steps.join(',')}]`;
    parts.push(`"trajectory": {\n${steps},\n"losses": [\n${moments.join(',\n')}\n]\n}`);
  }
  if (rounds) parts.push(`"rounds": [${rounds.join(',')}]`);
  return `{\n${parts.join(',\n')}\n}`;
}

function* writeMatrix(matrix: Matrix): Job<string> {
  const rows: string[] = [];
  for (let row = 0; row < matrix.rows; row++) {
    rows.push(numbersText(rowOf(matrix, row)));
    if (row % rowsPerSlice === 0) yield { done: row, total: matrix.rows, unit: 'rows' };
  }
  return `[\n${rows.join(',\n')}\n]`;
}

function numbersText(values: Float64Array): string {
  return `[${Array.from(values, numberText).join(',')}]`;
}

/** JSON has no NaN, and JavaScript writes negative zero without its sign. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  return Object.is(value, -0) ? '-0' : String(value);
}

/**
 * Most lists and objects, and most values, of a file. Empty ones take 20 times the memory of their text, so that
 * its length alone would not bound it.
 */
const maxLists = 6_000_000;
const maxValues = 40_000_000;

function refuseUnbounded(text: string): void {
  let lists = 0;
  let values = 0;
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place);
    // `[`, `{` and `,`; those in names count too, which are few.
    if (code === 91 || code === 123) lists++;
    else if (code === 44) values++;
  }
  if (lists <= maxLists && values <= maxValues) return;
  const [found, most] = lists > maxLists ? [lists, maxLists] : [values, maxValues];
  const what = lists > maxLists ? 'lists' : 'values';
  const [written, allowed] = [found, most].map((count) => count.toLocaleString('en'));
  throw sessionError('the top level', `${written} ${what}`, `at most ${allowed}`);
}

function jsonOf(text: string): unknown {
  refuseUnbounded(text);
  try {
    return parseJson(text);
  } catch (error) {
    const found = error instanceof Error ? error.message : 'something else';
    throw sessionError('the top level', found, 'JSON');
  }
}

/** Maximum deviation of the sum of weights from 1: rounding errors. */
const slack = 1e-6;
/** Weights as recorded may be rounded further, as in a CSV. */
const recordedSlack = 0.03 + 1e-9;

/**
 * Checks consistency between parts of a file: lengths, sums, unique names and references.
 *
 * @throws StageError at the first inconsistency
 */
function checkSession({ study, settings }: SessionFile): void {
  const { domains, targets, training, leftOut, testSets, prior, human, imported, truth } = study;
  checkUnique(
    'study.domains',
    domains.map(({ id }) => id),
  );
  const targetIds = targets.map(({ id }) => id);
  checkUnique('study.targets', targetIds);
  checkUnique(
    'names of study.testSets',
    testSets.map(({ name }) => name),
  );
  const sizes = [domains.length, targets.length] as const;
  checkTable('study.training', training, ...sizes);
  if (leftOut) checkLeftOut(leftOut, training.ids);
  testSets.forEach((set, index) => {
    checkTable(`study.testSets[${index}]`, set, ...sizes);
  });
  checkMixture('study.prior.weights', prior.weights, domains.length);
  if (human) checkMixture('study.human.weights', human.weights, domains.length);
  imported?.forEach(({ target }, index) => {
    checkTarget(`study.imported[${index}].target`, target, targetIds);
  });
  checkUnique('targets of study.imported', imported?.map(({ target }) => target) ?? []);
  if (truth) checkLength('study.truth', truth, targets.length, 'target');
  truth?.forEach((law, target) => {
    for (const key of ['amounts', 'powers'] as const) {
      if (law) checkLength(`study.truth[${target}].${key}`, law[key], domains.length, 'domain');
    }
  });

  const { target, objective, yours, attempts, constraints, regressor } = settings;
  checkTarget('settings.target', target, targetIds);
  if (regressor === 'imported' && !imported?.some((model) => model.target === target)) {
    throw sessionError(
      'settings.regressor',
      '"imported"',
      `a model for ${JSON.stringify(target)} in study.imported, or another regressor`,
    );
  }
  checkLength('settings.objective.weights', objective.weights, targets.length, 'target');
  checkLength('settings.objective.families', objective.families, targets.length, 'target');
  if (yours) checkMixture('settings.yours', yours, domains.length);
  attempts?.forEach(({ weights }, index) => {
    checkMixture(`settings.attempts[${index}].weights`, weights, domains.length);
  });
  checkUnique('ids of settings.attempts', attempts?.map(({ id }) => String(id)) ?? []);
  for (const key of ['availableTokens', 'epochs', 'max', 'min', 'locked'] as const) {
    checkLength(`settings.constraints.${key}`, constraints[key], domains.length, 'domain');
  }
}

function checkLeftOut(leftOut: readonly string[], ids: readonly string[]): void {
  checkUnique('study.leftOut', leftOut);
  const known = new Set(ids);
  const unknown = leftOut.find((id) => !known.has(id));
  if (unknown !== undefined) {
    throw sessionError('study.leftOut', JSON.stringify(unknown), 'ids of runs in study.training');
  }
  const most = ids.length - minimumTrainingRows;
  if (leftOut.length > most) {
    throw sessionError('study.leftOut', `${leftOut.length} runs`, `at most ${most} of this study`);
  }
}

function checkTable(path: string, table: TableFile, domains: number, targets: number): void {
  const { ids, mixtures, recorded, losses, trajectory, rounds } = table;
  checkUnique(`${path}.ids`, ids);
  if (trajectory) {
    const { steps } = trajectory;
    checkLength(`${path}.trajectory.losses`, trajectory.losses, steps.length, 'step');
    const late = steps.findIndex((step, at) => at > 0 && step <= steps[at - 1]);
    if (late > 0) {
      throw sessionError(
        `${path}.trajectory.steps[${late}]`,
        String(steps[late]),
        'more than the one before',
      );
    }
    trajectory.losses.forEach((rows, moment) => {
      const here = `${path}.trajectory.losses[${moment}]`;
      checkLength(here, rows, ids.length, 'run');
      rows.forEach((row, run) => {
        checkLength(`${here}[${run}]`, row, targets, 'target');
      });
    });
  }
  for (const [key, rows] of Object.entries({ mixtures, recorded, losses, rounds })) {
    if (rows) checkLength(`${path}.${key}`, rows, ids.length, 'run');
  }
  mixtures.forEach((row, run) => {
    checkMixture(`${path}.mixtures[${run}]`, row, domains);
  });
  recorded?.forEach((row, run) => {
    checkMixture(`${path}.recorded[${run}]`, row, domains, recordedSlack);
  });
  losses.forEach((row, run) => {
    checkLength(`${path}.losses[${run}]`, row, targets, 'target');
  });
}

function checkMixture(path: string, weights: readonly number[], domains: number, off = slack) {
  checkLength(path, weights, domains, 'domain');
  let sum = 0;
  for (const weight of weights) sum += weight;
  if (!(Math.abs(sum - 1) <= off)) {
    throw sessionError(path, `weights that sum to ${Number(sum.toPrecision(9))}`, 'a sum of 1');
  }
}

function checkLength(path: string, items: readonly unknown[], count: number, one: string): void {
  if (items.length === count) return;
  throw sessionError(path, `${items.length} entries`, `one per ${one}, ${count} in all`);
}

function checkTarget(path: string, target: string, targets: readonly string[]): void {
  if (targets.includes(target)) return;
  throw sessionError(path, JSON.stringify(target), 'the id of a target of the study');
}

function checkUnique(path: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw sessionError(path, `${JSON.stringify(name)} twice`, 'each once');
    seen.add(name);
  }
}

/** Upgrades a file of one version to the next; its input is unchecked. */
export type Upgrade = (
  file: Readonly<Record<string, unknown>>,
) => Readonly<Record<string, unknown>>;

/**
 * Upgrades from older versions, by the version that they start from. A new version adds a step from the
 * previous one; existing steps are never removed.
 */
const upgrades: ReadonlyMap<number, Upgrade> = new Map([
  [1, withOrigin],
  [2, beyondTried],
]);

/** Ids of version 1 for studies that were exactly the built-in ones. */
const builtInIds = ['simulated', 'languages', 'published', 'published-scales', 'software'];
/** Ids of version 1 that named the training and the number of finished proxies. */
const trainedId = /^(.+) at \d+$/s;

/** In version 1 the id encoded the origin of the runs; since version 2 the source does. */
function withOrigin(file: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { study } = file;
  if (!isRecord(study) || !isRecord(study.source) || typeof study.id !== 'string') return file;
  const { id, source } = study;
  const training = source.kind === 'trained' ? trainedId.exec(id)?.[1] : undefined;
  const origin = builtInIds.includes(id) ? { builtIn: id } : training ? { training } : {};
  return { ...file, study: { ...study, source: { ...source, ...origin } } };
}

/** Objects and lists around the deepest label of a file: `study.source.addresses[0].url`. */
const deepestLabel = 4;

/** What holds numbers only, and much of them. */
const numeric = ['mixtures', 'recorded', 'losses', 'trajectory', 'model', 'truth'];

/**
 * A file without the characters in its labels that show nothing. Files of every version can have some, such as
 * the joiners in emoji, from before all of them were refused.
 */
function withVisibleLabels(
  file: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const mended = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return withoutInvisible(value);
    if (depth === deepestLabel) return value;
    if (Array.isArray(value)) return value.map((entry) => mended(entry, depth + 1));
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).map(([key, entry]) => [
      key,
      numeric.includes(key) ? entry : mended(entry, depth + 1),
    ]);
    return Object.fromEntries(entries);
  };
  return { ...file, study: mended(file.study, 0), settings: mended(file.settings, 0) };
}

/**
 * Until version 2 no limit held weights to what was tried: files of then open with it lifted. Domains that no
 * run has are the exception: they could have any weight then, and have none now (see `boundsOf`).
 */
function beyondTried(file: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { settings } = file;
  if (!isRecord(settings) || !isRecord(settings.constraints)) return file;
  const constraints = { ...settings.constraints, beyondTried: true };
  return { ...file, settings: { ...settings, constraints } };
}

/**
 * Upgrades a file to the current version; its contents are checked afterwards.
 *
 * @throws StageError when it is not a study's file, or of an unknown version
 */
export function upgraded(
  value: unknown,
  steps: ReadonlyMap<number, Upgrade> = upgrades,
  current: number = sessionVersion,
): Readonly<Record<string, unknown>> {
  if (!isRecord(value) || value.format !== sessionFormat) {
    const found = isRecord(value) ? JSON.stringify(value.format) : nameOf(value);
    throw sessionError('format', found ?? 'nothing', `"${sessionFormat}"`);
  }
  let file = value;
  const { version } = value;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version > current) {
    const found = JSON.stringify(version) ?? 'nothing';
    throw sessionError('version', found, `a whole number up to ${current}`);
  }
  for (let at = version; at < current; at++) {
    const step = steps.get(at);
    if (!step) throw sessionError('version', String(version), `a version up to ${current}`);
    file = { ...step(file), version: at + 1 };
  }
  return file;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
