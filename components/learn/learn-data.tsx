'use client';

import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { learnFlag } from '../../lib/browser/flags';
import { unlimited } from '../../lib/model/settings';
import {
  type LearnProgress,
  noProgress,
  parseProgress,
  progressToText,
} from '../../lib/session/learn-progress';
import type { StudyStore } from '../../lib/session/study-store';
import type { IntermediateLosses } from '../../lib/study/intermediate-losses';
import type { RecordedVerification } from '../../lib/verify/results';

/** The data that the steps show beside the study, read at build time. */
export interface LearnData {
  readonly way: IntermediateLosses;
  readonly verification: RecordedVerification;
}

interface LearnSession {
  readonly data: LearnData;
  readonly progress: StoreApi<LearnProgress>;
  /** Counts how often what the steps show was replaced as a whole: they then begin anew. */
  readonly beginnings: number;
  /** Forgets everything that the reader did. */
  readonly startOver: () => void;
}

const LearnContext = createContext<LearnSession | null>(null);

/** Keeps what the reader does, in this browser, and restores it on the next visit. */
export function LearnProvider({
  data,
  study,
  children,
}: {
  data: LearnData;
  study: StudyStore;
  children: ReactNode;
}) {
  const [progress] = useState(() => createStore<LearnProgress>(() => noProgress));
  const [beginnings, setBeginnings] = useState(0);
  useEffect(() => {
    const { domains } = study.getState().session.study;
    // The served page shows the beginning: what was kept follows the first render.
    const kept = parseProgress(learnFlag.get(), domains.length);
    if (kept !== noProgress) {
      // The step in the address was asked for by now.
      const { step } = progress.getState();
      progress.setState({ ...kept, step: step === noProgress.step ? kept.step : step }, true);
      study.follow((session) => ({
        ...session,
        settings: { ...session.settings, yours: kept.yours && [...kept.yours] },
      }));
      setBeginnings((before) => before + 1);
    }
    const stopKeeping = progress.subscribe((state) =>
      learnFlag.set(state === noProgress ? null : progressToText(state)),
    );
    const stopFollowing = study.subscribe(({ session }, { session: before }) => {
      const { yours } = session.settings;
      if (yours !== before.settings.yours) progress.setState({ yours });
    });
    return () => {
      stopKeeping();
      stopFollowing();
    };
  }, [progress, study]);
  const session = useMemo(
    () => ({
      data,
      progress,
      beginnings,
      startOver() {
        study.follow((opened) => {
          const { requestedTokens } = opened.settings.constraints;
          const constraints = { ...unlimited(opened.study.domains.length), requestedTokens };
          return { ...opened, settings: { ...opened.settings, yours: null, constraints } };
        });
        progress.setState(noProgress, true);
        setBeginnings((before) => before + 1);
      },
    }),
    [data, progress, beginnings, study],
  );
  return <LearnContext value={session}>{children}</LearnContext>;
}

/** Throws outside a LearnProvider, which is a programming error. */
export function useLearn(): LearnSession {
  const session = use(LearnContext);
  if (!session) throw new Error('useLearn is used outside of LearnProvider');
  return session;
}

/** What the reader did, and how to add to it. */
export function useProgress(): readonly [LearnProgress, (part: Partial<LearnProgress>) => void] {
  const { progress } = useLearn();
  return [useStore(progress), progress.setState];
}

/** Props of every step. */
export interface StepProps {
  /** Called when the reader has done what the step asks for. */
  readonly onDone: () => void;
}
