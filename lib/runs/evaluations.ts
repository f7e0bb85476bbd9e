/**
 * Result files of lm-evaluation-harness (EleutherAI): `results` holds for each task its values, named
 * `metric,filter`, beside the model and its configuration. One file is one run.
 */

import { quoted, RunsError } from './errors';
import { type Json, type JsonObject, JsonScanner } from './json-scanner';
import { isNotMeasured, parseNumber } from './numbers';
import { heldRecords, type RecordSource, readingNote } from './records';

/** The scores of one model. */
export interface Evaluation {
  readonly file: string;
  /** The path or name of the model, `''` where the file does not say it. */
  readonly model: string;
  /** Scores by `task/metric`, or `task/metric,filter` with a filter. */
  readonly scores: ReadonlyMap<string, string>;
}

/** What stands beside `results` in such a file, in any version. */
const companions = [
  'versions',
  'config',
  'configs',
  'n-shot',
  'n_shot',
  'higher_is_better',
  'group_subtasks',
];
/** Of a task, but no score. */
const descriptions = /^(?:alias|name|sample_(?:len|count)|samples|num_fewshot)(?:,|$)/;
const isError = /_stderr(?:,|$)/;

/** The evaluation that a text holds, null when it is something else or no JSON. */
export function readEvaluation(file: string, text: string): Evaluation | null {
  if (!/^\s*\{/.test(text.slice(0, 1000)) || !text.includes('"results"')) return null;
  const scanner = new JsonScanner(file, text);
  try {
    const document = scanner.value();
    return scanner.peek() === '' ? evaluationOf(file, document) : null;
  } catch (error) {
    // Whoever reads it as a table says what is wrong with it.
    if (error instanceof RunsError) return null;
    throw error;
  }
}

/** The evaluation that a document is, null when it is something else. */
export function evaluationOf(file: string, document: Json): Evaluation | null {
  if (!(document instanceof Map) || !companions.some((name) => document.has(name))) return null;
  const results = document.get('results');
  if (!(results instanceof Map) || results.size === 0) return null;
  const scores = new Map<string, string>();
  for (const [task, values] of results) {
    if (!(values instanceof Map)) return null;
    for (const [name, value] of values) {
      if (typeof value !== 'string' || isError.test(name) || descriptions.test(name)) continue;
      if (Number.isNaN(parseNumber(value)) && !isNotMeasured(value)) continue;
      scores.set(`${task}/${name.replace(/,none$/, '')}`, value);
    }
  }
  return scores.size === 0 ? null : { file, model: modelOf(document), scores };
}

function modelOf(document: JsonObject): string {
  const named = document.get('model_name');
  if (typeof named === 'string' && named !== '') return named;
  const config = document.get('config');
  const settings = config instanceof Map ? (config.get('model_args') ?? '') : '';
  const path =
    settings instanceof Map
      ? (settings.get('pretrained') ?? settings.get('path') ?? '')
      : /(?:^|,)\s*(?:pretrained|path)=([^,]+)/.exec(String(settings))?.[1];
  if (typeof path === 'string' && path !== '') return path.trim();
  const source = config instanceof Map ? config.get('model') : '';
  return typeof source === 'string' && source.includes('/') ? source : '';
}

/**
 * One table of several evaluations: a run each, a column for every score.
 * @param evaluations at least one, of files with different names
 */
export function evaluationRecords(evaluations: readonly Evaluation[]): RecordSource {
  const names = [...new Set(evaluations.flatMap(({ scores }) => [...scores.keys()]))];
  const ids = idsOf(evaluations);
  const records = evaluations.map(({ scores }, run) => [
    ids[run],
    ...names.map((name) => scores.get(name) ?? ''),
  ]);
  const [{ file: first }] = evaluations;
  const file = evaluations.length === 1 ? first : `${evaluations.length} result files`;
  const note = `${file}: results of lm-evaluation-harness, runs named ${quoted(ids[0])} and so on; standard errors left out.`;
  const notes = [readingNote(file, evaluations.length, note)];
  return heldRecords(file, ['run', ...names], records, notes);
}

/** Parts of paths that say nothing of a run: formats, steps, `final`. */
const generic =
  /^(?:hf|huggingface|models?|final|last|latest|best|(?:checkpoint|ckpt|step|iter|epoch|global_step)[-_]?\d*)$/i;

/** An id for each evaluation, by what differs: the end of the model's path, its path, or the file's name. */
function idsOf(evaluations: readonly Evaluation[]): string[] {
  const stems = evaluations.map(({ file }) => file.replace(/\.(?:json|gz)\b/gi, ''));
  const paths = evaluations.map(({ model }) => model.replace(/[\\/]+$/, ''));
  const ends = paths.map((path) => {
    const parts = path.split(/[\\/]/);
    while (parts.length > 1 && generic.test(parts[parts.length - 1])) parts.pop();
    return parts[parts.length - 1];
  });
  const differ = (ids: readonly string[]) =>
    ids.every((id) => id !== '') && new Set(ids).size === ids.length;
  return [ends, paths].find(differ) ?? stems;
}
