'use client';

import { useMemo } from 'react';
import { useStore } from 'zustand';
import { activeModels } from '../../lib/analysis/analysis-store';
import { fitKey } from '../../lib/analysis/keys';
import { problemOf } from '../../lib/analysis/plan';
import type { Bounds, Objective } from '../../lib/model/limits';
import type { Target } from '../../lib/model/study';
import { boundsOf } from '../../lib/optimum/constraints';
import { bandAt } from '../../lib/regression/bands';
import { useAnalysis, useSession, useStores, useView } from '../shell/stores';

/** A target of the objective as the leaderboard shows it. */
export interface ScoredTarget extends Target {
  /** Half-width of the band around a prediction; NaN while unknown or with too few runs. */
  readonly halfAt: (predicted: number) => number;
  readonly weight: number;
}

/** What mixtures are scored with: the fits and limits that the optimum is found with. */
export interface Scoring {
  readonly objective: Objective;
  /** Per target, the value that regrets are measured from. */
  readonly least: readonly number[];
  /** Identifies the objective's fits. */
  readonly key: string;
  readonly targets: readonly ScoredTarget[];
  readonly bounds: Bounds;
  /** Whether the score is a combination rather than the prediction of the only target. */
  readonly isCombined: boolean;
}

const none: readonly number[] = [];

/** null while a fit is running or after one failed. */
export function useScoring(): Scoring | null {
  const session = useSession();
  const { study, settings } = session;
  const { analysis } = useStores();
  const fits = useAnalysis((state) => state.fits);
  const band = useView((state) => state.band);
  // Not the optimum, but the least value of each target alone: regrets are measured from it.
  const least = useStore(analysis, ({ optimum }) => optimum.report?.least);
  const { models, key, regressor } = activeModels(session, fits);
  const { objective: chosen, constraints } = settings;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the models
  const objective = useMemo(
    () => models && { ...problemOf(session, key, models).objective, seek: 'best' as const },
    [key, models !== null, study, chosen, constraints, settings.target],
  );
  const bounds = useMemo(() => boundsOf(constraints, study), [constraints, study]);
  if (!objective) return null;
  const targets = objective.terms.flatMap((term) => {
    const target = study.targets.find(({ id }) => id === term.target);
    const fit = fits.get(fitKey(study, term.target, regressor, settings));
    const bands = fit?.status === 'done' ? fit.report.bands : null;
    const halfAt = (predicted: number) => (bands && bandAt(bands, band, predicted)) ?? Number.NaN;
    return target ? [{ ...target, halfAt, weight: term.weight }] : [];
  });
  return {
    objective,
    least: least ?? none,
    key,
    targets,
    bounds,
    isCombined: objective.terms.length > 1 || objective.kl > 0,
  };
}
