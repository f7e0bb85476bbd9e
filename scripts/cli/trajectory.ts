import { join } from 'node:path';
import { readTrajectory } from '../../lib/runs/read-trajectory';
import { builtInTrajectories } from '../../lib/study/built-in-trajectories';
import type { Study, Trajectory } from '../../lib/study/types';
import { readText } from './study';

/** Losses on the way of a study's runs: from a file, or from where a named study keeps them. */
export async function readTrajectoryOf(
  study: Study,
  name: string,
  path: string | undefined,
): Promise<Trajectory> {
  return readTrajectory(await readText(path ?? trajectoryPath(name)), study);
}

/** Where the losses on the way of a named study are: see `readStudyNamed`. */
function trajectoryPath(name: string): string {
  const builtIn = builtInTrajectories.get(name);
  return builtIn ? join('public', 'studies', name, builtIn.file) : join(name, 'trajectory.csv');
}
