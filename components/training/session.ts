'use client';

import { createContext, use } from 'react';
import { useStore } from 'zustand';
import type { TrainingControl } from '../../lib/training/control';
import type { TrainingState, TrainingStore } from '../../lib/training/state';

/** What is trained: `proxy` and `proxies`, or `model` and `models`. */
export interface TrainingNoun {
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
