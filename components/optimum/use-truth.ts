'use client';

import { useEffect, useMemo, useState } from 'react';
import type { Truth } from '../../lib/store/truth';
import { useHidesAnswer, useSession } from '../explorer/stores';

type FindTruth = typeof import('../../lib/store/truth').findTruth;

/**
 * The true best mixture within the limits as they stand, of a study whose law is known; null without one,
 * and while a lesson hides the answer. What finds it is loaded for such a study alone.
 */
export function useTruth(): Truth | null {
  const session = useSession();
  const isHidden = useHidesAnswer();
  const [find, setFind] = useState<FindTruth | null>(null);
  const isKnown = session.study.truth !== undefined && !isHidden;
  useEffect(() => {
    if (!isKnown) return;
    let isWanted = true;
    void import('../../lib/store/truth').then(({ findTruth }) => {
      if (isWanted) setFind(() => findTruth);
    });
    return () => {
      isWanted = false;
    };
  }, [isKnown]);
  return useMemo(() => (isKnown && find ? find(session) : null), [isKnown, find, session]);
}
