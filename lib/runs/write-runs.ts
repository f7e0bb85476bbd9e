import { rowOf } from '../matrix';
import type { Domain, RunTable, Target } from '../study/types';
import { guessDirection, guessUnit, splitMeasure } from './measures';
import { writeCsv } from './write-csv';

/**
 * Writes runs as RegMix's pair of files: `index,train_<domain>,...` and
 * `index,metric/<target>_val_loss,...` (data/*.csv of its repository). Weights are those that the
 * runs were recorded with. Read back, the files give the same runs to the last bit.
 *
 * A target that is no validation loss keeps its unit and direction through its ending: `_bpb`,
 * `_acc`, `_score`, `_loss`.
 */
export function writeRuns(
  table: RunTable,
  domains: readonly Domain[],
  targets: readonly Target[],
): { mixtures: string; losses: string } {
  const weights = table.recorded ?? table.mixtures;
  const rows = (values: typeof weights) => table.ids.map((id, row) => [id, ...rowOf(values, row)]);
  return {
    mixtures: writeCsv(['index', ...domains.map(({ id }) => `train_${id}`)], rows(weights)),
    losses: writeCsv(['index', ...targets.map(header)], rows(table.losses)),
  };
}

function header(target: Target): string {
  const plain = `metric/${target.id}`;
  const says =
    !splitMeasure(target.id).measure?.onDomain &&
    guessDirection(plain) === target.direction &&
    guessUnit(plain) === target.unit;
  return says ? plain : `${plain}${ending(target)}`;
}

function ending({ unit, direction }: Target): string {
  if (direction === 'higher') return unit === 'accuracy' ? '_acc' : '_score';
  if (unit === 'nats per token') return '_val_loss';
  return unit === 'bits per byte' ? '_bpb' : '_loss';
}
