'use client';

import { useEffect } from 'react';
import { unfinishedVerificationFlag } from '../../lib/browser/flags';
import { useStores } from '../explorer/stores';
import { useTraining } from '../training/session';
import { useTrainingWord } from '../training/use-training-word';

/** Tells the rail how the verification stands, and the next visit that there is one. */
export function useVerifyState(): void {
  const { view } = useStores();
  const status = useTraining((state) => state.status);
  const word = useTrainingWord('train larger', () => 'verdict');
  useEffect(() => {
    view.setState({ verification: word });
  }, [view, word]);
  useEffect(() => {
    if (status !== 'idle') unfinishedVerificationFlag.set('yes');
  }, [status]);
}
