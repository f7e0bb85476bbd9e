'use client';

import { createContext, use } from 'react';
import { useStore } from 'zustand';
import type { VerifyState, VerifyStore } from '../../lib/verify/verify-store';

export const VerifyContext = createContext<VerifyStore | null>(null);

export function useVerifyStore(): VerifyStore {
  const store = use(VerifyContext);
  if (!store) throw new Error('a verification is used outside of its context');
  return store;
}

export function useVerify<Value>(select: (state: VerifyState) => Value): Value {
  return useStore(useVerifyStore(), select);
}
