import type { Study } from '../model/study';

/** Losses on the way of a built-in study's training runs. */
interface BuiltInTrajectory {
  /** Beside the study's other files, loaded when it is asked for. */
  readonly file: string;
  /** Steps at which all runs were measured. */
  readonly checkpoints: number;
}

/** By the name of the built-in study; apart from the studies, which are far larger to load. */
export const builtInTrajectories: ReadonlyMap<string, BuiltInTrajectory> = new Map([
  ['languages', { file: 'train_trajectory.csv', checkpoints: 4 }],
  ['software', { file: 'train_trajectory.csv', checkpoints: 4 }],
]);

/** At how many checkpoints the training runs of a study were measured, the end among them; 0 = at the end alone. */
export function checkpointsOf({ source, training }: Study): number {
  const builtIn = builtInTrajectories.get(source.builtIn ?? '');
  return training.trajectory?.steps.length || (builtIn?.checkpoints ?? 0);
}
