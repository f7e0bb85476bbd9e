'use client';

import { createContext, use, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { CorporaMethods } from '../../lib/analysis/methods';
import { browserPlatform } from '../../lib/browser/platform';
import { openSavedTrainings } from '../../lib/browser/saved-trainings';
import { createCorporaClient } from '../../lib/browser/workers';
import type { Client } from '../../lib/rpc/client';
import type { StudyStore } from '../../lib/session/study-store';
import { createTrainingControl, type TrainingControl } from '../../lib/training/control';
import {
  createTrainingStore,
  type TrainingPlatform,
  type TrainingPurpose,
  type TrainingSettings,
  type TrainingState,
  type TrainingStore,
} from '../../lib/training/state';
import { useStores } from '../shell/stores';

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
 * The state of a training, in a word or two for the rail.
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
      return saved ? 'unfinished' : idle;
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
  readonly purpose: (study: StudyStore) => TrainingPurpose;
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
  const { study } = useStores();
  const [parts, setParts] = useState<TrainingParts | null>(null);
  useEffect(() => {
    const corpora = createCorporaClient();
    const store = createTrainingStore();
    store.setState({ settings: { ...store.getState().settings, ...kind.settings } });
    const platform = browserPlatform(() => corpora, openSavedTrainings(kind.library));
    const control = createTrainingControl(store, platform, kind.purpose(study));
    setParts({ store, control, platform, corpora, noun: kind.noun });
    void control.findSaved();
    if (kind.corpora !== null) void control.open(kind.corpora);
    return () => {
      control.close();
      corpora.close();
    };
  }, [study, kind]);
  return parts;
}
