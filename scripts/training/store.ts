import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
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

/**
 * Opens a folder for a new training, or to resume one.
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
  if (existsSync(planPath)) {
    if (readFileSync(planPath, 'utf8') !== plan) {
      throw new UsageError(`${folder} holds a training with other settings: name another --out`);
    }
  } else writeWhole(planPath, plan);
  // What a killed process left half written.
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.part')) rmSync(join(folder, file), { force: true });
  }
  return {
    finished: async () => readRuns(runsPath),
    finish: async (group, runs) => {
      appendFileSync(runsPath, runs.map((run) => `${JSON.stringify(run)}\n`).join(''));
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

/** Writes a file atomically: it is complete or absent, whenever the process is killed. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  // A scheduler may start a job again before the first one has ended: each writes a part of its own.
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

/** The complete lines; a line truncated by a kill is trained again. */
function readRuns(path: string): FinishedRun[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const runs: FinishedRun[] = [];
  let whole = '';
  for (const line of text.split('\n')) {
    const run = parseRun(line);
    if (!run) continue;
    runs.push(run);
    whole += `${line}\n`;
  }
  // A truncated line would run into the next one.
  if (whole !== text) writeWhole(path, whole);
  return runs;
}
