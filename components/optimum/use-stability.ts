'use client';

import { boundsOf } from '../../lib/optimum/constraints';
import type { Stability } from '../../lib/optimum/stability';
import { activeModels } from '../../lib/store/active-fit';
import { fitOptions } from '../../lib/store/keys';
import { problemOf } from '../../lib/store/plan';
import type { Task } from '../../lib/store/task';
import { revisionOf } from '../../lib/study/revision';
import { useAnalysis, useOptimum, useSession, useStudyState } from '../explorer/stores';
import { useTask } from '../explorer/use-task';

/** Refits to resampled runs behind the whiskers. */
const refits = 24;

/**
 * How far the optimum's weights would move with other runs, once the limits stand still. Trees are not
 * refitted: that would take minutes; null for linear models.
 */
export function useStability(): Task<Stability | null> {
  const session = useSession();
  const isMoving = useStudyState((state) => state.gesture !== null);
  const fits = useAnalysis((state) => state.fits);
  const status = useOptimum((state) => state.status);
  const { settings, study } = session;
  const { models, key, regressor, standsIn } = activeModels(session, fits);
  const isSmooth = models?.every(({ kind }) => kind !== 'trees' && kind !== 'onnx') ?? false;
  const isPaper = settings.engine === 'paper' || settings.engine === 'simulation';
  const wanted = isSmooth && !isMoving && !standsIn && !isPaper && status === 'ready';
  const inputs = [key, settings.objective, settings.constraints, Array.from(study.prior.weights)];
  return useTask('stability', wanted ? JSON.stringify(inputs) : null, () => ({
    revision: revisionOf(study),
    regressor,
    options: fitOptions(settings),
    objective: problemOf(session, key, models ?? []).objective,
    bounds: boundsOf(settings.constraints),
    refits,
  }));
}
