'use client';

import { useState } from 'react';
import { StageError } from '../../lib/errors';
import { readTrajectory } from '../../lib/runs/read-trajectory';
import { builtInTrajectories, checkpointsOf } from '../../lib/study/built-in-trajectories';
import { revisionOf } from '../../lib/study/revision';
import type { Study, Trajectory } from '../../lib/study/types';

/** Where the losses on the way of a study's runs can be had. */
interface TrajectorySource {
  /** Whether there are any. */
  readonly isKnown: boolean;
  /** Loads them where they come with the page; they are at hand otherwise. */
  readonly load: () => Promise<Trajectory>;
}

/** Losses on the way: of the study itself, or of the built-in one that it is, loaded when they are wanted. */
export function useTrajectory(study: Study): TrajectorySource {
  const [loaded, setLoaded] = useState<{
    readonly revision: string;
    readonly value: Trajectory;
  } | null>(null);
  const revision = revisionOf(study);
  const own = study.training.trajectory;
  const isOwn = own !== undefined && own.steps.length > 0;
  return {
    isKnown: checkpointsOf(study) > 0,
    load: async () => {
      if (isOwn) return own;
      if (loaded?.revision === revision) return loaded.value;
      const { builtIn = '' } = study.source;
      const name = builtInTrajectories.get(builtIn)?.file ?? '';
      const address = new URL(`studies/${builtIn}/${name}`, document.baseURI);
      const response = await fetch(address).catch(() => null);
      if (!response?.ok) {
        throw new StageError(
          'verify',
          'The losses on the way could not be loaded.',
          'Check that you are online, and try again.',
        );
      }
      const value = readTrajectory({ name, text: await response.text() }, study);
      setLoaded({ revision, value });
      return value;
    },
  };
}
