'use client';

import { useEffect, useState } from 'react';
import { createCorporaClient } from '../../lib/browser/workers';
import type { Client } from '../../lib/rpc/client';
import type { CorporaMethods } from '../../lib/rpc/methods';
import { createTrainingControl } from '../../lib/store/training-control';
import type { TrainingPlatform } from '../../lib/store/training-platform';
import type { TrainingPurpose } from '../../lib/store/training-purpose';
import { createTrainingStore, type TrainingSettings } from '../../lib/store/training-store';
import { useStores } from '../explorer/stores';
import { openLibrary } from './library';
import { browserPlatform } from './platform';
import type { TrainingNoun, TrainingSession } from './session';

/** What tells the trainings of the page apart. */
interface TrainingKind {
  readonly noun: TrainingNoun;
  /** Name of the database that keeps them. */
  readonly library: string;
  readonly settings: Partial<TrainingSettings>;
  /** Built-in text that it begins with; null = none yet. */
  readonly corpora: string | null;
  /** null = proxies whose runs become the study. */
  readonly purpose: TrainingPurpose | null;
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
    store.setState(({ settings }) => ({ settings: { ...settings, ...kind.settings } }));
    const platform = browserPlatform(() => corpora, openLibrary(kind.library));
    const control = createTrainingControl(store, study, platform, kind.purpose);
    setParts({ store, control, platform, corpora, noun: kind.noun });
    void control.lookForKept();
    if (kind.corpora !== null) void control.open(kind.corpora);
    return () => {
      control.close();
      corpora.close();
    };
  }, [study, kind]);
  return parts;
}
