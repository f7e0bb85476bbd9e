'use client';

import { createContext, type ReactNode, use } from 'react';
import type { IntermediateLosses } from '../../lib/study/intermediate-losses';
import type { RecordedVerification } from '../../lib/verify/results';

/** The data that the steps show beside the study, read at build time. */
export interface LessonData {
  readonly way: IntermediateLosses;
  readonly verification: RecordedVerification;
}

const LessonContext = createContext<LessonData | null>(null);

export function LessonProvider({ data, children }: { data: LessonData; children: ReactNode }) {
  return <LessonContext value={data}>{children}</LessonContext>;
}

/** Throws outside a LessonProvider, which is a programming error. */
export function useLesson(): LessonData {
  const data = use(LessonContext);
  if (!data) throw new Error('useLesson is used outside of LessonProvider');
  return data;
}

/** Props of every step. */
export interface StepProps {
  /** Called when the reader has done what the step asks for. */
  readonly onDone: () => void;
}
