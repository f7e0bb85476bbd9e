'use client';

import { create } from 'zustand';

/** The proxy under the pointer or focus, highlighted in the curves. */
export const usePicked = create<{ readonly proxy: string | null }>(() => ({ proxy: null }));
