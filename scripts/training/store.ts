import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import * as v from 'valibot';
import type { CheckpointStore, FinishedRun } from '../../lib/training/checkpoints';
import { UsageError } from '../cli/arguments';

/** Files of a training's folder. */
export const planFile = 'plan.json';
export const runsFile = 'runs.jsonl';

/** Age from which a half-written file is one of a killed process, in ms: writing takes seconds. */
const deadAge = 24 * 3600e3;

/**
 * Opens a folder for a new training, or to resume one. A scheduler may start a job again before the first one has
 * ended, on another machine as well, and after a kill it must go on by itself. So nothing locks a folder: whatever
 * another process may have written or be writing stays, and what both have trained stands in it twice, the same.
 *
 * @param plan everything that determines the result, as JSON
 * @throws UsageError when the folder holds a training with another plan
 */
export function openTrainingFolder(folder: string, plan: string): CheckpointStore {
  mkdirSync(folder, { recursive: true });
  const planPath = join(folder, planFile);
  const runsPath = join(folder, runsFile);
  const checkpointPath = (group: string) =>
    join(folder, `checkpoint-${encodeURIComponent(group)}.bin`);
  if (!holdsPlan(folder, plan)) writeWhole(planPath, plan);
  for (const file of readdirSync(folder)) {
    const path = join(folder, file);
    if (file.endsWith('.part') && isOld(path)) rmSync(path, { force: true });
  }
  return {
    finished: async () => readRuns(runsPath),
    finish: async (group, runs) => {
      const lines = runs.map((run) => `${JSON.stringify(run)}\n`).join('');
      // A line that a kill has cut would run into the next one.
      appendFileSync(runsPath, isCut(runsPath) ? `\n${lines}` : lines);
      // A kill before this line leaves a state that is never read again.
      rmSync(checkpointPath(group), { force: true });
    },
    groups: async () =>
      readdirSync(folder).flatMap((file) => {
        const [, group] = /^checkpoint-(.+)\.bin$/.exec(file) ?? [];
        return group === undefined ? [] : [decodeURIComponent(group)];
      }),
    load: async (group) => {
      try {
        return deserialize(readFileSync(checkpointPath(group)));
      } catch {
        // No checkpoint, or a truncated one: the group starts again, with the same result.
        return null;
      }
    },
    save: async (group, state) => writeWhole(checkpointPath(group), serialize(state)),
    remove: async (group) => rmSync(checkpointPath(group), { force: true }),
  };
}

/**
 * Whether a folder holds a training with this plan, and not none.
 *
 * @throws UsageError when it holds one with another plan
 */
export function holdsPlan(folder: string, plan: string): boolean {
  const path = join(folder, planFile);
  if (!existsSync(path)) return false;
  if (readFileSync(path, 'utf8') === plan) return true;
  throw new UsageError(`${folder} holds a training with other settings: name another --out`);
}

function isOld(path: string): boolean {
  const { mtimeMs = Number.POSITIVE_INFINITY } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return Date.now() - mtimeMs > deadAge;
}

/** Whether the last line of a file has no end. */
function isCut(path: string): boolean {
  if (!existsSync(path)) return false;
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 10;
  } finally {
    closeSync(file);
  }
}

/** Writes a file atomically: it is complete or absent, whenever the process is killed. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  // Processes of one folder each write a part of their own.
  const part = `${path}.${randomUUID()}.part`;
  writeFileSync(part, content);
  renameSync(part, path);
}

const step = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const loss = v.pipe(v.number(), v.finite());
const points = 10_000;
const finishedRun = v.object({
  id: v.pipe(v.string(), v.maxLength(200)),
  evaluations: v.pipe(
    v.array(v.object({ step, losses: v.pipe(v.array(loss), v.maxLength(200)) })),
    v.maxLength(points),
  ),
  curve: v.pipe(v.array(v.object({ step, loss })), v.maxLength(points)),
});

/** A finished run from its line; null for what is none. */
export function parseRun(line: string): FinishedRun | null {
  try {
    const result = v.safeParse(finishedRun, JSON.parse(line));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** The runs of the complete lines, each once; what a kill has cut is trained again. */
function readRuns(path: string): FinishedRun[] {
  if (!existsSync(path)) return [];
  // What follows the last end of a line is cut, as `merge` reads it.
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const runs = lines.flatMap((line) => parseRun(line) ?? []);
  return [...new Map(runs.map((run) => [run.id, run])).values()];
}
