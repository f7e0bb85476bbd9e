import * as v from 'valibot';
import { type Job, runJob } from '../job';
import { fromRows, type Matrix, rowOf } from '../matrix';
import type { LawModel } from '../regression/types';
import type { OpenedStudy } from './from-runs';
import { importedText, partImported, readImported } from './imported-models';
import { checkSession } from './session-checks';
import { sessionError } from './session-error';
import {
  type LawFile,
  type SessionFile,
  sessionFormat,
  sessionSchema,
  sessionVersion,
  type TableFile,
} from './session-schema';
import { upgraded } from './session-upgrade';
import { defaultSettings } from './settings';
import type { RunTable, Study } from './types';

const rowsPerSlice = 1_000;

/**
 * Writes a study and its settings as `.regmix.json` (docs/study-format.md): numbers in the fewest digits
 * that read back to the same double, losses that were not measured as null, one run a line.
 */
export function* writeSession({ study, settings }: OpenedStudy): Job<string> {
  const { id, name, source, domains, targets, training, testSets, prior, human, truth } = study;
  const tables: string[] = [];
  for (const table of [training, ...testSets]) tables.push(yield* writeTable(table));
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
    // Without its model the file would open with nothing to predict by.
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
"training": ${trainingText},
"testSets": [${testTexts.join(',\n')}],
"prior": {"kind": "${prior.kind}", "weights": ${numbersText(prior.weights)}},
"human": ${human ? `{"name": ${JSON.stringify(human.name)}, "weights": ${numbersText(human.weights)}}` : 'null'}${modelTexts.length > 0 ? `,\n"imported": [\n${modelTexts.join(',\n')}\n]` : ''}${truth ? `,\n"truth": ${JSON.stringify(truth.map(lawToFile))}` : ''}
},
"settings": ${settingsText}
}
`;
}

/** What {@link writeSession} writes, in one go. */
export function sessionToJson(session: OpenedStudy): string {
  return runJob(writeSession(session));
}

/**
 * Reads what {@link writeSession} wrote, of this version or an older one. The id is as in the file, and so is
 * what the source says of built-in studies and trainings: whoever opens a stranger's file takes both away
 * (`ofStranger`).
 *
 * @param value the file's text, or what its JSON stands for
 * @throws StageError at the first place that is not as docs/study-format.md says
 */
export function parseSession(value: unknown): OpenedStudy {
  const current = upgraded(typeof value === 'string' ? parseJson(value) : value);
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

function fromFile({ study: { imported, truth, ...study }, settings }: SessionFile): OpenedStudy {
  const { prior, human, training, testSets } = study;
  const { weights, families, ...objective } = settings.objective;
  const named = <Value>(values: readonly (Value | null)[]) =>
    Object.fromEntries(
      values.flatMap((value, index) => (value === null ? [] : [[study.targets[index].id, value]])),
    );
  return {
    study: {
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
    },
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

/** JSON has no NaN, and JavaScript writes the negative zero without its sign. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  return Object.is(value, -0) ? '-0' : String(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const found = error instanceof Error ? error.message : 'something else';
    throw sessionError('the top level', found, 'JSON');
  }
}
