'use client';

import { useEffect } from 'react';
import { unfinishedTrainingFlag } from '../../lib/browser/flags';
import { useStores } from '../explorer/stores';
import { useTraining } from './session';
import { useTrainingWord } from './use-training-word';

/** Tells the rail how the training stands, and the next visit that there is something to go on with. */
export function useTrainingState(): void {
  const { view } = useStores();
  const status = useTraining((state) => state.status);
  const word = useTrainingWord('train here', (total) => `${total} trained`);
  useEffect(() => {
    view.setState({ training: word });
  }, [view, word]);
  useEffect(() => {
    if (status !== 'idle') unfinishedTrainingFlag.set(status === 'done' ? null : 'yes');
  }, [status]);
}
