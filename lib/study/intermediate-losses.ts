import { StageError } from '../model/errors';
import { runJob } from '../model/job';
import { readTable } from '../runs/read-table';

/** The losses of one target during training, as plain numbers that can be serialised. */
export interface IntermediateLosses {
  /** N run ids, in the order of the file. */
  readonly ids: readonly string[];
  /** K steps, ascending; the last one is the end. */
  readonly steps: readonly number[];
  /** K times N losses, in the target's unit. */
  readonly losses: readonly (readonly number[])[];
}

/**
 * Reads one target's losses out of a table with the columns `index`, `step` and `metric/<target>_bpb`, as
 * `regmix train` writes it.
 *
 * @throws StageError when a column is missing, or a run was not measured at a step at which others were
 */
export function readIntermediateLosses(text: string, target: string): IntermediateLosses {
  const table = runJob(readTable({ name: 'trajectory', text }));
  const numbersOf = (name: string): Float64Array => {
    const numbers = table.columns.find(({ header }) => header === name)?.numbers;
    if (numbers) return numbers;
    throw new StageError(
      'runs',
      `The trajectory has no numbers in column ${name}.`,
      'Add them, or choose another target.',
    );
  };
  const runs = numbersOf('index');
  const at = numbersOf('step');
  const losses = numbersOf(`metric/${target}_bpb`);
  const ids = [...new Set(runs)];
  const steps = [...new Set(at)].sort((a, b) => a - b);
  const byStep = steps.map((step) => {
    const known = new Map<number, number>();
    for (let row = 0; row < table.rows; row++) {
      if (at[row] === step) known.set(runs[row], losses[row]);
    }
    return ids.map((id) => known.get(id) ?? Number.NaN);
  });
  if (byStep.some((row) => row.some((loss) => !Number.isFinite(loss)))) {
    throw new StageError(
      'runs',
      'The trajectory lacks some runs at some steps.',
      'Give every run a row for every step.',
    );
  }
  return { ids: ids.map(String), steps, losses: byStep };
}
