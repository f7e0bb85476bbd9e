import { join } from 'node:path';
import { runJob } from '../../lib/job';
import { zeros } from '../../lib/matrix';
import { quoted } from '../../lib/runs/errors';
import { readTable } from '../../lib/runs/read-table';
import { builtInStudies } from '../../lib/study/built-in';
import type { Study } from '../../lib/study/types';
import { UsageError } from './arguments';
import { readText } from './study';

/** A study as it would have been had its proxies ended at a checkpoint. */
export interface StudyAtStep {
  readonly step: number;
  readonly study: Study;
}

/** Where the losses on the way of a named study are: see `readStudyNamed`. */
export function trajectoryPath(name: string): string {
  const builtIn = builtInStudies.find(({ id }) => id === name);
  return builtIn
    ? join('public', 'studies', builtIn.id, 'train_trajectory.csv')
    : join(name, 'trajectory.csv');
}

/**
 * The study with its losses at every checkpoint, by a CSV with the columns `index`, `step` and
 * `metric/<target>_bpb`, as `train` writes it. Runs without a row at a step have no losses there.
 *
 * @throws UsageError when a column is missing, or runs are not those of the study
 */
export async function readTrajectory(study: Study, path: string): Promise<StudyAtStep[]> {
  const file = await readText(path);
  const table = runJob(readTable(file));
  const columnNamed = (names: readonly string[]) => {
    const found = table.columns.find(({ header }) => names.includes(header));
    if (found) return found;
    throw new UsageError(`${file.name} has no column ${names.map(quoted).join(' or ')}`);
  };
  const index = columnNamed(['index', 'run']);
  const steps = columnNamed(['step']).numbers;
  const losses = study.targets.map(
    ({ id }) => columnNamed([`metric/${id}_bpb`, `metric/${id}_val_loss`, `metric/${id}`]).numbers,
  );
  const rowOfRun = new Map(study.training.ids.map((id, row) => [id, row]));
  const tables = new Map<number, Float64Array>();
  for (let row = 0; row < table.rows; row++) {
    const id = index.text?.[row] ?? String(index.numbers?.[row]);
    const step = steps?.[row] ?? Number.NaN;
    const run = rowOfRun.get(id);
    if (run === undefined || !(Number.isSafeInteger(step) && step >= 1)) {
      throw new UsageError(
        `${file.name}: found run ${quoted(id)} at step ${step}, expected a run of the study and a whole step`,
      );
    }
    const count = study.targets.length;
    const values =
      tables.get(step) ?? zeros(study.training.ids.length, count).values.fill(Number.NaN);
    tables.set(step, values);
    losses.forEach((column, target) => {
      values[run * count + target] = column?.[row] ?? Number.NaN;
    });
  }
  return [...tables]
    .sort(([a], [b]) => a - b)
    .map(([step, values]) => ({
      step,
      study: {
        ...study,
        id: `${study.id} at step ${step}`,
        testSets: [],
        training: { ...study.training, losses: { ...study.training.losses, values } },
      },
    }));
}
