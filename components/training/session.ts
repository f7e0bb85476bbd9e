'use client';

import { createContext, use } from 'react';
import { useStore } from 'zustand';
import type { TrainingControl } from '../../lib/store/training-control';
import type { TrainingState, TrainingStore } from '../../lib/store/training-store';

/** A training of the page: what is known of it, and what can be done. */
export interface TrainingSession {
  readonly store: TrainingStore;
  readonly control: TrainingControl;
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

export function useTraining<Value>(select: (state: TrainingState) => Value): Value {
  return useStore(useTrainingSession().store, select);
}
