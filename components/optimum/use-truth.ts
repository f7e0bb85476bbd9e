'use client';

import { useEffect, useMemo, useState } from 'react';
import { loadCode } from '../../lib/load-code';
import type { Truth } from '../../lib/store/truth';
import { useHidesAnswer, useSession } from '../explorer/stores';

type FindTruth = typeof import('../../lib/store/truth').findTruth;

interface TruthState {
  /** null without a known law, until it is found, and while a lesson hides the answer. */
  readonly truth: Truth | null;
  /** Loads what finds it once more; null unless that could not be loaded. */
  readonly retry: (() => void) | null;
}

/**
 * The true best mixture within the limits as they stand, of a study whose law is known. What finds it is
 * loaded for such a study alone.
 */
export function useTruth(): TruthState {
  const session = useSession();
  const isHidden = useHidesAnswer();
  const [find, setFind] = useState<FindTruth | null>(null);
  const [isMissing, setMissing] = useState(false);
  const isKnown = session.study.truth !== undefined && !isHidden;
  const isNeeded = isKnown && find === null && !isMissing;
  useEffect(() => {
    if (!isNeeded) return;
    let isWanted = true;
    loadCode(() => import('../../lib/store/truth')).then(
      ({ findTruth }) => isWanted && setFind(() => findTruth),
      () => isWanted && setMissing(true),
    );
    return () => {
      isWanted = false;
    };
  }, [isNeeded]);
  const truth = useMemo(() => (isKnown && find ? find(session) : null), [isKnown, find, session]);
  return { truth, retry: isKnown && isMissing ? () => setMissing(false) : null };
}
