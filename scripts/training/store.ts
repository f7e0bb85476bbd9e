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
import type { CheckpointStore, FinishedRun } from '../../lib/training/checkpoints';
import { UsageError } from '../cli/arguments';

/**
 * Opens a folder for a new training, or to resume one.
 *
 * @param plan everything that determines the result, as JSON
 * @throws UsageError when the folder holds a training with another plan
 */
export function openTrainingFolder(folder: string, plan: string): CheckpointStore {
  mkdirSync(folder, { recursive: true });
  const planPath = join(folder, 'plan.json');
  const runsPath = join(folder, 'runs.jsonl');
  const checkpointPath = (group: string) =>
    join(folder, `checkpoint-${encodeURIComponent(group)}.bin`);
  if (existsSync(planPath)) {
    if (readFileSync(planPath, 'utf8') !== plan) {
      throw new UsageError(`${folder} holds a training with other settings: name another --out`);
    }
  } else writeWhole(planPath, plan);
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
  const part = `${path}.part`;
  writeFileSync(part, content);
  renameSync(part, path);
}

/** The complete lines; a line truncated by a kill is trained again. */
function readRuns(path: string): FinishedRun[] {
  if (!existsSync(path)) return [];
  const runs: FinishedRun[] = [];
  let whole = '';
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    try {
      runs.push(JSON.parse(line));
      whole += `${line}\n`;
    } catch {
      // The truncated line would run into the next one.
    }
  }
  writeWhole(path, whole);
  return runs;
}
