'use client';

import { createContext, type ReactNode, use } from 'react';
import type { IntermediateLosses } from '../../lib/study/trajectories';
import type { RecordedVerification } from '../../lib/verify/results';

/** What the steps show beside the study: read while the site is built. */
export interface LessonData {
  readonly way: IntermediateLosses;
  readonly verification: RecordedVerification;
}

const LessonContext = createContext<LessonData | null>(null);

export function LessonProvider({ data, children }: { data: LessonData; children: ReactNode }) {
  return <LessonContext value={data}>{children}</LessonContext>;
}

/** Throws outside of a LessonProvider: that is a defect. */
export function useLesson(): LessonData {
  const data = use(LessonContext);
  if (!data) throw new Error('useLesson is used outside of LessonProvider');
  return data;
}

/** What every step is told. */
export interface StepProps {
  /** Says that the reader has done what the step asks for. */
  readonly onDone: () => void;
}
