'use client';

import { useEffect, useState } from 'react';
import { browserPlatform } from '../../lib/browser/platform';
import { openSavedTrainings } from '../../lib/browser/saved-trainings';
import { createCorporaClient } from '../../lib/browser/workers';
import type { Client } from '../../lib/rpc/client';
import type { CorporaMethods } from '../../lib/rpc/methods';
import type { StudyStore } from '../../lib/store/study-store';
import { createTrainingControl } from '../../lib/training/control';
import {
  createTrainingStore,
  type TrainingPlatform,
  type TrainingPurpose,
  type TrainingSettings,
} from '../../lib/training/state';
import { useStores } from '../explorer/stores';
import type { TrainingNoun, TrainingSession } from './session';

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
    void control.lookForSaved();
    if (kind.corpora !== null) void control.open(kind.corpora);
    return () => {
      control.close();
      corpora.close();
    };
  }, [study, kind]);
  return parts;
}
