'use client';

import { createContext, type ReactNode, use } from 'react';
import type { IntermediateLosses } from '../../lib/study/intermediate-losses';
import type { RecordedVerification } from '../../lib/verify/results';

/** The data that the steps show beside the study, read at build time. */
export interface LearnData {
  readonly way: IntermediateLosses;
  readonly verification: RecordedVerification;
}

const LearnContext = createContext<LearnData | null>(null);

export function LearnProvider({ data, children }: { data: LearnData; children: ReactNode }) {
  return <LearnContext value={data}>{children}</LearnContext>;
}

/** Throws outside a LearnProvider, which is a programming error. */
export function useLearnData(): LearnData {
  const data = use(LearnContext);
  if (!data) throw new Error('useLearnData is used outside of LearnProvider');
  return data;
}

/** Props of every step. */
export interface StepProps {
  /** Called when the reader has done what the step asks for. */
  readonly onDone: () => void;
}
