'use client';

import { createContext, use, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { CorporaMethods } from '../../lib/analysis/methods';
import { browserPlatform } from '../../lib/browser/platform';
import { openSavedTrainings } from '../../lib/browser/saved-trainings';
import { createCorporaClient } from '../../lib/browser/workers';
import type { Client } from '../../lib/rpc/client';
import { isUnderWay, type JobNews, type JobStage } from '../../lib/session/view-store';
import { createTrainingControl, type TrainingControl } from '../../lib/training/control';
import {
  createTrainingStore,
  isActive,
  type TrainingPlatform,
  type TrainingPurpose,
  type TrainingSettings,
  type TrainingState,
  type TrainingStore,
} from '../../lib/training/state';
import { type Stores, useStores } from '../shell/stores';

/** Names of what is trained: `proxy` and `proxies`, or `model` and `models`. */
interface TrainingNoun {
  readonly one: string;
  readonly many: string;
}

/** A training of the page: its state and its actions. */
export interface TrainingSession {
  readonly store: TrainingStore;
  readonly control: TrainingControl;
  readonly noun: TrainingNoun;
}

export const TrainingContext = createContext<TrainingSession | null>(null);

function useTrainingSession(): TrainingSession {
  const session = use(TrainingContext);
  if (!session) throw new Error('a training is used outside of its context');
  return session;
}

export function useTrainingControl(): TrainingControl {
  return useTrainingSession().control;
}

export function useTrainingNoun(): TrainingNoun {
  return useTrainingSession().noun;
}

export function useTraining<Value>(select: (state: TrainingState) => Value): Value {
  return useStore(useTrainingSession().store, select);
}

/**
 * The state of a training, in a word or two for its tab.
 *
 * @param idle shown when there is no training to resume
 * @param ended shown when it is done, given the number of proxies
 */
export function useTrainingSummary(idle: string, ended: (total: number) => string): string {
  const status = useTraining((state) => state.status);
  const done = useTraining((state) => state.progress?.done ?? 0);
  const total = useTraining((state) => state.progress?.total ?? 0);
  const saved = useTraining((state) => state.saved);
  switch (status) {
    case 'preparing':
    case 'starting':
      return 'starting';
    case 'running':
      return `${done} of ${total}`;
    case 'paused':
      return `paused at ${done}`;
    case 'done':
      return ended(total);
    case 'failed':
      return 'failed';
    default:
      if (!saved) return idle;
      return saved.finished < saved.job.proxies.length ? 'unfinished' : ended(saved.finished);
  }
}

/** What distinguishes the trainings of the page. */
interface TrainingKind {
  readonly noun: TrainingNoun;
  /** Name of the database that stores them. */
  readonly library: string;
  readonly settings: Partial<TrainingSettings>;
  /** Built-in text that it starts with; null = none yet. */
  readonly corpora: string | null;
  /** The purpose of its models. */
  readonly purpose: (stores: Pick<Stores, 'study' | 'analysis'>) => TrainingPurpose;
}

/** A training with its stores and workers. */
interface TrainingParts extends TrainingSession {
  readonly platform: TrainingPlatform;
  readonly corpora: Client<CorporaMethods>;
}

/**
 * A training of the page with its stores and workers, disposed of with the calling component.
 *
 * @param kind must be the same object at every render
 * @returns null on the server and during hydration
 */
export function useTrainingParts(kind: TrainingKind): TrainingParts | null {
  const { study, analysis } = useStores();
  const [parts, setParts] = useState<TrainingParts | null>(null);
  useEffect(() => {
    const corpora = createCorporaClient();
    const store = createTrainingStore();
    store.setState({ settings: { ...store.getState().settings, ...kind.settings } });
    const platform = browserPlatform(() => corpora, openSavedTrainings(kind.library));
    const control = createTrainingControl(store, platform, kind.purpose({ study, analysis }));
    setParts({ store, control, platform, corpora, noun: kind.noun });
    void control.findSaved();
    if (kind.corpora !== null) void control.open(kind.corpora);
    return () => {
      control.close();
      corpora.close();
    };
  }, [study, analysis, kind]);
  return parts;
}

/**
 * Measures in passing how fast this machine trains, whenever that is not known for the settings: only while the
 * page is visible, since browsers slow hidden ones down.
 */
export function useMeasuredBriefly(): void {
  const control = useTrainingControl();
  const isWanted = useTraining(
    ({ preflight, status, corpora, mixtures }) =>
      preflight.status === 'idle' &&
      !isActive(status) &&
      corpora.status === 'ready' &&
      mixtures !== null,
  );
  const isVisible = useVisible();
  useEffect(() => {
    if (!isWanted || !isVisible) return;
    // What is being typed or clicked comes first.
    const timer = setTimeout(() => void control.measureBriefly(), restBeforeMeasuring);
    return () => clearTimeout(timer);
  }, [control, isWanted, isVisible]);
}

/** Milliseconds between a change of the settings and a measurement. */
const restBeforeMeasuring = 150;

function useVisible(): boolean {
  return useSyncExternalStore(
    (notify) => {
      document.addEventListener('visibilitychange', notify);
      return () => document.removeEventListener('visibilitychange', notify);
    },
    () => document.visibilityState === 'visible',
    () => false,
  );
}

/**
 * Shows a training in the bar of the page, wherever the reader is, and has the browser ask before one is left
 * that could not be saved.
 */
export function useJobNews(stage: JobStage): void {
  const { view } = useStores();
  const control = useTrainingControl();
  const { many } = useTrainingNoun();
  const status = useTraining((state) => state.status);
  const job = useTraining((state) => state.job);
  const progress = useTraining((state) => state.progress);
  const saved = useTraining((state) => state.saved);
  const failure = useTraining((state) => state.failure);
  const isUnsaved = useTraining((state) => state.isUnsaved);
  const phase = status === 'idle' && saved ? 'saved' : phases[status];
  const news = useMemo((): JobNews | null => {
    if (phase === null) return null;
    if (phase === 'saved') {
      const { finished, isInOtherTab, job: kept } = saved ?? { finished: 0, isInOtherTab: true };
      const total = kept?.proxies.length ?? 0;
      if (isInOtherTab || finished >= total) return null;
      const act = () => void control.resumeSaved();
      const share = finished / total;
      return {
        phase,
        job: kept?.id ?? '',
        many,
        done: finished,
        total,
        share,
        left: Number.NaN,
        act,
        problem: failure,
      };
    }
    const acts = { starting: null, running: control.pause, paused: control.resume };
    return {
      phase,
      job: phase === 'starting' ? '' : (job?.id ?? ''),
      many,
      done: progress?.done ?? 0,
      total: progress?.total ?? 0,
      share: progress?.share ?? 0,
      left: progress?.left ?? Number.NaN,
      act: phase === 'done' || phase === 'failed' ? null : acts[phase],
      problem: '',
    };
  }, [control, phase, many, job, progress, saved, failure]);
  useEffect(() => {
    view.setState(({ jobs }) => ({ jobs: { ...jobs, [stage]: news } }));
  }, [view, stage, news]);
  useEffect(
    () => () => view.setState(({ jobs }) => ({ jobs: { ...jobs, [stage]: null } })),
    [view, stage],
  );
  const isLostByLeaving = isUnsaved && isUnderWay(news);
  useEffect(() => {
    if (!isLostByLeaving) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isLostByLeaving]);
}

/** What the bar says of a status; null = nothing: nobody needs to hear of what was just cancelled. */
const phases = {
  idle: null,
  preparing: 'starting',
  starting: 'starting',
  running: 'running',
  paused: 'paused',
  done: 'done',
  cancelled: null,
  failed: 'failed',
} as const;
