/** The CSVs that a training writes of its finished proxies. */
import { join } from 'node:path';
import { unigramEntropy } from '../../lib/corpora/entropy';
import { fromRows } from '../../lib/model/matrix';
import { writeCsv } from '../../lib/runs/write-csv';
import { writeMixtures } from '../../lib/runs/write-runs';
import type { FinishedRun } from '../../lib/training/checkpoints';
import type { PlannedProxy } from '../../lib/training/engine';
import { writeWhole } from './store';

/** Names of the CSVs, within a folder. */
export const resultFiles = {
  mixtures: 'mixtures.csv',
  losses: 'losses.csv',
  trajectory: 'trajectory.csv',
  training: 'training.csv',
} as const;

export interface TrainedProxies {
  /** In the order of the rows. */
  readonly proxies: readonly PlannedProxy[];
  /** D ids. */
  readonly domains: readonly string[];
  /** Steps of the training. */
  readonly steps: number;
  readonly finished: readonly FinishedRun[];
  /** D distributions over tokens: see `tokenShares`. */
  readonly shares: readonly Float64Array[];
}

/**
 * Writes RegMix's pair of CSVs, the losses over training, both in bits per byte, and what the training itself
 * says.
 *
 * @returns their paths
 * @throws RangeError when a proxy is not finished, or was not evaluated at its end
 */
export function writeResults(
  out: string,
  { proxies, domains, steps, finished, shares }: TrainedProxies,
): Record<keyof typeof resultFiles, string> {
  const paths = {
    mixtures: join(out, resultFiles.mixtures),
    losses: join(out, resultFiles.losses),
    trajectory: join(out, resultFiles.trajectory),
    training: join(out, resultFiles.training),
  };
  const byId = new Map(finished.map((run) => [run.id, run]));
  const runs = proxies.map(({ id }) => {
    const run = byId.get(id);
    if (!run) throw new RangeError(`proxy ${id} is not finished`);
    return run;
  });
  const targets = domains.map((id) => `metric/${id}_bpb`);
  const last = runs.map(({ id, evaluations }) => {
    const found = evaluations.find(({ step }) => step === steps);
    if (!found) throw new RangeError(`proxy ${id} was not evaluated after step ${steps}`);
    return [id, ...inBits(found.losses)];
  });
  const table = {
    ids: proxies.map(({ id }) => id),
    mixtures: fromRows(proxies.map(({ mixture }) => mixture)),
  };
  const named = domains.map((id) => ({ id, name: id }));
  writeWhole(paths.mixtures, writeMixtures(table, named));
  writeWhole(paths.losses, writeCsv(['index', ...targets], last));
  const rows = runs.flatMap(({ id, evaluations }) =>
    evaluations.map(({ step, losses }) => [id, step, ...inBits(losses)]),
  );
  writeWhole(paths.trajectory, writeCsv(['index', 'step', ...targets], rows));
  const training = proxies.map(({ id, mixture }, place) => [
    id,
    rounded(lateLoss(runs[place])),
    rounded(unigramEntropy(shares, mixture)),
  ]);
  writeWhole(paths.training, writeCsv(['index', 'training_loss', 'unigram_entropy'], training));
  return paths;
}

/** Mean loss of a proxy on its own batches in the last tenth of its training, in nats per token. */
function lateLoss({ curve }: FinishedRun): number {
  const last = curve.slice(-Math.ceil(curve.length / 10));
  return last.reduce((sum, point) => sum + point.loss / last.length, 0);
}

function inBits(losses: readonly number[]): number[] {
  return losses.map((nats) => rounded(nats / Math.LN2));
}

function rounded(value: number): number {
  return Number(value.toFixed(5));
}
