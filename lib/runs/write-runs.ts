/** Runs, trajectories and mixtures as CSV. */
import { rowOf } from '../model/matrix';
import type { Domain, RunTable, Target } from '../model/study';
import { guessUnit, namedDirection, splitMeasure } from './measures';
import { writeCsv } from './write-csv';

/**
 * Writes runs as RegMix's pair of files: `index,train_<domain>,...` and
 * `index,metric/<target>_val_loss,...` (data/*.csv of its repository). Weights are those that the
 * runs were recorded with; runs of several rounds have a last column `round` beside them. Read back,
 * the files give the same runs to the last bit.
 *
 * The suffix of a target that is not a validation loss encodes its unit and direction: `_bpb`, `_acc`,
 * `_score`, `_loss`.
 */
export function writeRuns(
  table: RunTable,
  domains: readonly Domain[],
  targets: readonly Target[],
): { mixtures: string; losses: string } {
  return {
    mixtures: writeMixtures({ ...table, mixtures: table.recorded ?? table.mixtures }, domains),
    losses: writeCsv(
      ['index', ...targets.map(header)],
      table.ids.map((id, row) => [id, ...rowOf(table.losses, row)]),
    ),
  };
}

/**
 * Writes intermediate losses as `index,step,<target>,...`, with the headers of {@link writeRuns}: a row for
 * every run and step. Without rows where only the final losses are known.
 */
export function writeTrajectory(
  { ids, trajectory }: Pick<RunTable, 'ids' | 'trajectory'>,
  targets: readonly Target[],
): string {
  const { steps, losses } = trajectory ?? { steps: [], losses: [] };
  return writeCsv(
    ['index', 'step', ...targets.map(header)],
    ids.flatMap((id, row) => steps.map((step, at) => [id, step, ...rowOf(losses[at], row)])),
  );
}

/** Writes mixtures alone as RegMix's `index,train_<domain>,...`, with a last column `round` if known. */
export function writeMixtures(
  { ids, mixtures, rounds }: Pick<RunTable, 'ids' | 'mixtures' | 'rounds'>,
  domains: readonly Domain[],
): string {
  return writeCsv(
    ['index', ...domains.map(({ id }) => `train_${id}`), ...(rounds ? ['round'] : [])],
    ids.map((id, row) => [id, ...rowOf(mixtures, row), ...(rounds ? [rounds[row]] : [])]),
  );
}

/**
 * Writes runs as olmix's pair of files, `ratios.csv` and `metrics.csv`: both with `run`, `name` and `index`
 * in front, then a column per domain or target. Read back, the files give the same runs to the last bit.
 */
export function writeOlmixRuns(
  table: RunTable,
  domains: readonly Domain[],
  targets: readonly Target[],
): { ratios: string; metrics: string } {
  const mixtures = table.recorded ?? table.mixtures;
  const { rounds } = table;
  const about = (row: number) => [table.ids[row], table.ids[row], row];
  return {
    ratios: writeCsv(
      ['run', 'name', 'index', ...domains.map(({ id }) => id), ...(rounds ? ['round'] : [])],
      table.ids.map((_, row) => [
        ...about(row),
        ...rowOf(mixtures, row),
        ...(rounds ? [rounds[row]] : []),
      ]),
    ),
    metrics: writeCsv(
      ['run', 'name', 'index', ...targets.map(header)],
      table.ids.map((_, row) => [...about(row), ...rowOf(table.losses, row)]),
    ),
  };
}

function header(target: Target): string {
  const plain = `metric/${target.id}`;
  const says =
    !splitMeasure(target.id).measure?.onDomain &&
    namedDirection(plain) === target.direction &&
    guessUnit(plain) === target.unit;
  if (says) return plain;
  const written = `${plain}${ending(target)}`;
  // A loss word before it outweighs `score`, as in `brier_score`.
  return namedDirection(written) === target.direction ? written : `${plain}_reward`;
}

function ending({ unit, direction }: Target): string {
  if (direction === 'higher') return unit === 'accuracy' ? '_acc' : '_score';
  if (unit === 'nats per token') return '_val_loss';
  return unit === 'bits per byte' ? '_bpb' : '_loss';
}
