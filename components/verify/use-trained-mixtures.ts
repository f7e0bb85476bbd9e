'use client';

import { useEffect, useMemo } from 'react';
import { trainedMixtures } from '../../lib/challenge/trained';
import { useSession, useStores } from '../explorer/stores';
import { useTraining } from '../training/session';
import { useVerify } from './session';

/** Tells the leaderboard what larger models have reached. */
export function useTrainedMixtures(): void {
  const { challenge } = useStores();
  const { domains } = useSession().study;
  const job = useTraining((state) => state.job);
  const points = useVerify((state) => state.points);
  const trained = useMemo(
    () => (job ? trainedMixtures(job, points, domains) : []),
    [job, points, domains],
  );
  useEffect(() => {
    challenge.setState({ trained });
  }, [challenge, trained]);
}
