'use client';

import { useEffect, useMemo, useState } from 'react';
import { activeModels } from '../../lib/analysis/analysis-store';
import { fitOptions } from '../../lib/analysis/keys';
import { problemOf } from '../../lib/analysis/plan';
import type { Task } from '../../lib/analysis/task';
import type { Truth } from '../../lib/analysis/truth';
import { loadCode } from '../../lib/model/load-code';
/** What the optimum's panel looks up beside it: whiskers, whether it is outdated, the known truth. */
import { boundsOf, violatedBy } from '../../lib/optimum/constraints';
import type { Stability } from '../../lib/optimum/stability';
import { revisionOf } from '../../lib/study/identity';
import { useTask } from '../shell/hooks';
import {
  useAnalysis,
  useHidesAnswer,
  useOptimum,
  useSession,
  useStudyState,
} from '../shell/stores';

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
  const { models, key, regressor, isPreliminary } = activeModels(session, fits);
  const isSmooth = models?.every(({ kind }) => kind !== 'trees' && kind !== 'onnx') ?? false;
  const isPaper = settings.engine === 'paper' || settings.engine === 'simulation';
  const wanted = isSmooth && !isMoving && !isPreliminary && !isPaper && status === 'ready';
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

/** Whether the mixture on view was found from former runs of the study, until the fit to those of now is made. */
export function useFormer(): boolean {
  const { study } = useSession();
  return useOptimum(
    ({ report, solved }) => report !== null && solved?.revision !== revisionOf(study),
  );
}

/**
 * Whether the mixture on view breaks limits that were set since it was found, until the fit that a newer one
 * needs has given it. With a fit at hand a newer mixture takes a moment, and the former one may stay.
 */
export function useOutdated(): boolean {
  const { constraints } = useSession().settings;
  return useOptimum(
    ({ status, report }) =>
      status === 'waiting' &&
      report !== null &&
      violatedBy(report.optimum.weights, boundsOf(constraints)).length > 0,
  );
}

type FindTruth = typeof import('../../lib/analysis/truth').findTruth;

interface TruthState {
  /** null without a known law, until it is found, and while a lesson hides the answer. */
  readonly truth: Truth | null;
  /** Loads what finds it once more; null unless that could not be loaded. */
  readonly retry: (() => void) | null;
}

/**
 * The true best mixture within the limits as they stand, of a study whose law is known. What finds it is
 * loaded for such a study alone.
 */
export function useTruth(): TruthState {
  const session = useSession();
  const isHidden = useHidesAnswer();
  const [find, setFind] = useState<FindTruth | null>(null);
  const [isMissing, setMissing] = useState(false);
  const isKnown = session.study.truth !== undefined && !isHidden;
  const isNeeded = isKnown && find === null && !isMissing;
  useEffect(() => {
    if (!isNeeded) return;
    let isWanted = true;
    loadCode(() => import('../../lib/analysis/truth')).then(
      ({ findTruth }) => isWanted && setFind(() => findTruth),
      () => isWanted && setMissing(true),
    );
    return () => {
      isWanted = false;
    };
  }, [isNeeded]);
  const truth = useMemo(() => (isKnown && find ? find(session) : null), [isKnown, find, session]);
  return { truth, retry: isKnown && isMissing ? () => setMissing(false) : null };
}
