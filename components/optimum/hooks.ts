'use client';

import { useEffect, useMemo, useState } from 'react';
import { adviceFor } from '../../lib/analysis/advice';
import { activeModels } from '../../lib/analysis/analysis-store';
import type { Explorations } from '../../lib/analysis/explore-client';
import { fitOptions } from '../../lib/analysis/keys';
import { askedOf, problemOf } from '../../lib/analysis/plan';
import type { Task } from '../../lib/analysis/task';
import type { Truth } from '../../lib/analysis/truth';
import type { AtOptimum, PinPrices } from '../../lib/model/limits';
import { loadCode } from '../../lib/model/load-code';
/** Extra data of the optimum’s panel: ranges, whether it is outdated, the true optimum. */
import { boundsOf, violatedBy } from '../../lib/optimum/constraints';
import { predictedAt } from '../../lib/optimum/finding';
import type { Stability } from '../../lib/optimum/stability';
import { revisionOf } from '../../lib/study/identity';
import { useTask } from '../shell/hooks';
import {
  useActiveFit,
  useAnalysis,
  useHidesAnswer,
  useOptimum,
  useSession,
  useStores,
  useStudyState,
  useView,
} from '../shell/stores';

/** Number of refits to resampled runs behind the ranges. */
const refits = 24;

/**
 * The spread of the optimum's weights over resampled runs, computed once the limits stop changing.
 * Trees are not refitted, which would take minutes; null for linear models.
 */
export function useStability(): Task<Stability | null> {
  const asked = useSettledOptimum();
  const key = asked && JSON.stringify(asked.inputs);
  const request = () => {
    if (!asked) throw new RangeError('nothing is asked for without a key');
    return { ...asked.request(), refits };
  };
  return useTask('stability', key, request, key ?? '', asked?.isSettled);
}

/**
 * How far predictions for the optimum are from the truth, per term of the objective, computed once the limits
 * stop changing; null where the regressor is not refitted.
 */
export function useOptimism(): Task<readonly AtOptimum[] | null> {
  const asked = useSettledOptimum();
  const key = asked && JSON.stringify(asked.inputs);
  const request = () => {
    if (!asked) throw new RangeError('nothing is asked for without a key');
    return asked.request();
  };
  return useTask('optimism', key, request, key ?? '', asked?.isSettled);
}

/**
 * What pinning a domain would cost, wherever it can be pinned, once the limits stop changing; without a value until
 * it is known, where the models are not smooth, and for a domain that is pinned.
 *
 * @param domain null = none is asked for
 */
export function usePinPrices(domain: number | null): Task<PinPrices | null> {
  const asked = useSettledOptimum();
  const weights = useOptimum((state) => state.report?.optimum.weights);
  const { settings } = useSession();
  const isFree = domain !== null && settings.constraints.locked[domain] === null;
  const isAsked = asked && isFree && weights && settings.objective.seek === 'best';
  const key = isAsked ? JSON.stringify([...asked.inputs, domain]) : null;
  const request = () => {
    if (!isAsked) throw new RangeError('nothing is asked for without a key');
    return { ...asked.request(), domain, weights };
  };
  return useTask('pinPrices', key, request, key ?? '', asked?.isSettled);
}

/**
 * What {@link useOptimism} found; until it has, what it found for the last optimum of the same question; null
 * without either.
 */
export function useAtOptimum(): readonly AtOptimum[] | null {
  const { status, value } = useOptimism();
  const known = useLastCorrection();
  return status === 'done' ? value : known;
}

function useLastCorrection(): readonly AtOptimum[] | null {
  return useOptimum(({ correction, solved }) =>
    correction !== null && correction.question === solved?.question ? correction.at : null,
  );
}

/** The loss of the answer, wherever it is shown. */
interface AnswerFigure {
  /** Prediction for the first target, corrected for choosing the best of many. */
  readonly mean: number;
  /** Whether the correction is awaited, or is of other limits: the last digits may change. */
  readonly isRough: boolean;
  /** Half of the width of the band that holds a run on the mixture; null where there is none, or not yet. */
  readonly half: number | null;
}

/** The one figure of the optimum that all rooms show, with the one ± beside it; null without an optimum. */
export function useAnswerFigure(): AnswerFigure | null {
  const { settings } = useSession();
  const { report, solved, isRecalled } = useOptimum((state) => state);
  const band = useView((state) => state.band);
  const fit = useActiveFit().state;
  const { status, value } = useOptimism();
  const known = useLastCorrection();
  const isKept = useOptimum(({ correction }) => correction?.asked !== solved?.asked);
  if (!report) return null;
  const at = status === 'done' ? value : known;
  const isFirst = solved?.terms[0].target === settings.target;
  // Of a recalled answer the fit on view may be another.
  const isOwn = isFirst && !isRecalled;
  const bands = isOwn && fit?.status === 'done' && !fit.report.regimes ? fit.report.bands : null;
  const { mean, interval } = predictedAt(report.optimum.predicted, bands, band, at?.[0] ?? null);
  const isPassing = isRecalled || (solved?.isPreliminary ?? false);
  const isAwaited = at === null && (status === 'running' || isPassing);
  const isRough = isAwaited || (status !== 'done' && known !== null && isKept);
  return { mean, isRough, half: interval && !isAwaited ? interval[1] - mean : null };
}

/** Prediction for the optimum, of the first target, corrected once its optimism is known; null without one. */
export function usePredictedOptimum(): number | null {
  return useAnswerFigure()?.mean ?? null;
}

/** Judges the optimum again once it is known how far its predictions may be off. */
export function useRefinedAdvice(): void {
  const { analysis } = useStores();
  const session = useSession();
  const { status, value: at } = useOptimism();
  useEffect(() => {
    const { fits, optimum } = analysis.getState();
    const { report, solved, advice, correction } = optimum;
    const asked = askedOf(session);
    if (
      status === 'done' &&
      at &&
      solved &&
      (correction?.at !== at || correction.asked !== asked)
    ) {
      const { question } = solved;
      analysis.setState((state) => ({
        optimum: { ...state.optimum, correction: { question, asked, at } },
      }));
    }
    if (status !== 'done' || !at || !report || !solved || !advice) return;
    const { models, key } = activeModels(session, fits);
    if (!models || solved.isPreliminary) return;
    const { objective } = problemOf(session, key, models);
    const refined = adviceFor(session, fits, solved, objective, report, at);
    if (!refined || (refined.verb === advice.verb && refined.reason === advice.reason)) return;
    analysis.setState((state) => ({ optimum: { ...state.optimum, advice: refined } }));
  }, [analysis, session, status, at]);
}

interface SettledOptimum {
  /** Everything that refits of the optimum depend on. */
  readonly inputs: readonly unknown[];
  /** Whether it is asked now: what is known of the same question stays while it is not. */
  readonly isSettled: boolean;
  readonly request: () => Omit<Explorations['stability']['request'], 'refits'>;
}

/** The optimum on view as a question for refits; null where there are none. */
function useSettledOptimum(): SettledOptimum | null {
  const session = useSession();
  const isMoving = useStudyState((state) => state.gesture !== null);
  const fits = useAnalysis((state) => state.fits);
  const status = useOptimum((state) => state.status);
  // Where mixtures are not told apart there is no choice to correct for.
  const isAdvised = useOptimum((state) => state.advice?.verb !== 'none');
  const { settings, study } = session;
  const { models, key, regressor, isPreliminary } = activeModels(session, fits);
  const isSmooth = models?.every(({ kind }) => kind !== 'trees' && kind !== 'onnx') ?? false;
  const isPaper = settings.engine === 'paper' || settings.engine === 'simulation';
  const isAsked = isAdvised && isSmooth && !isPreliminary && !isPaper;
  const inputs = [key, settings.objective, settings.constraints, Array.from(study.prior.weights)];
  if (!isAsked) return null;
  return {
    inputs,
    isSettled: !isMoving && status === 'ready',
    request: () => ({
      revision: revisionOf(study),
      regressor,
      options: fitOptions(settings),
      objective: problemOf(session, key, models ?? []).objective,
      bounds: boundsOf(settings.constraints, study),
    }),
  };
}

/**
 * Whether the optimum shown was found with former runs of the study, until the fit to the current
 * ones is done.
 */
export function useFormer(): boolean {
  const { study } = useSession();
  return useOptimum(
    ({ report, solved }) => report !== null && solved?.revision !== revisionOf(study),
  );
}

/**
 * Whether the optimum shown breaks limits that changed since it was found and the fit for a new one
 * is still pending. With a fit available, a new optimum takes a moment, and the former one may
 * stay.
 */
export function useOutdated(): boolean {
  const { study, settings } = useSession();
  return useOptimum(
    ({ status, report }) =>
      status === 'waiting' &&
      report !== null &&
      violatedBy(report.optimum.weights, boundsOf(settings.constraints, study)).length > 0,
  );
}

type FindTruth = typeof import('../../lib/analysis/truth').findTruth;

interface TruthState {
  /** null without a known law, until it is loaded, and while a lesson hides the answer. */
  readonly truth: Truth | null;
  /** Loads its code again; null unless loading failed. */
  readonly retry: (() => void) | null;
}

/**
 * The true best mixture within the current limits, for a study whose law is known. The code that
 * finds it is loaded for such studies only.
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
    let isCurrent = true;
    loadCode(() => import('../../lib/analysis/truth')).then(
      ({ findTruth }) => isCurrent && setFind(() => findTruth),
      () => isCurrent && setMissing(true),
    );
    return () => {
      isCurrent = false;
    };
  }, [isNeeded]);
  const truth = useMemo(() => (isKnown && find ? find(session) : null), [isKnown, find, session]);
  return { truth, retry: isKnown && isMissing ? () => setMissing(false) : null };
}
