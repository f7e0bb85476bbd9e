'use client';

import { createContext, use } from 'react';

/** Dialogs of the page that any room may open. */
export interface PageActions {
  /** Opens runs, from these files or from what is then chosen. */
  readonly openRuns: (files?: readonly File[]) => void;
  readonly openStudies: () => void;
  readonly showKeys: () => void;
  readonly find: () => void;
}

export const ActionsContext = createContext<PageActions | null>(null);

/** Throws outside of the page, which is a programming error. */
export function useActions(): PageActions {
  const actions = use(ActionsContext);
  if (!actions) throw new Error('useActions is used outside of the page');
  return actions;
}
