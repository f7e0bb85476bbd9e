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

/** What is trained: `proxy` and `proxies`, or `model` and `models`. */
interface TrainingNoun {
  readonly one: string;
  readonly many: string;
}

/** A training of the page: what is known of it, and what can be done. */
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
 * How a training stands, in a word or two for the rail.
 *
 * @param idle said when there is nothing to go on with
 * @param ended said when it is done, of so many proxies
 */
export function useTrainingWord(idle: string, ended: (total: number) => string): string {
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

/** What tells the trainings of the page apart. */
interface TrainingKind {
  readonly noun: TrainingNoun;
  /** Name of the database that keeps them. */
  readonly library: string;
  readonly settings: Partial<TrainingSettings>;
  /** Built-in text that it begins with; null = none yet. */
  readonly corpora: string | null;
  /** What its models are for. */
  readonly purpose: (study: StudyStore) => TrainingPurpose;
}

/** A training and what it works with. */
interface TrainingParts extends TrainingSession {
  readonly platform: TrainingPlatform;
  readonly corpora: Client<CorporaMethods>;
}

/**
 * A training of the page with its stores and its workers, closed with the part that draws it.
 *
 * @param kind must stay the same object
 * @returns null until the page is in a browser
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
