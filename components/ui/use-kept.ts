'use client';

import { useState } from 'react';
import { type Basis, type Kept, stillAbout } from './kept';

/**
 * State that is about something (a value in force, a study) and is given up for good when that changes.
 *
 * @param basis what it is about, compared entry by entry
 * @returns the state, or null when there is none, and how to set it; what is set while `basis` is
 *   about to change can name the basis it is about
 */
export function useKept<Value>(
  basis: Basis,
): [Value | null, (value: Value | null, about?: Basis) => void] {
  const [kept, setKept] = useState<Kept<Value> | null>(null);
  const current = stillAbout(kept, basis);
  // Forgotten rather than hidden: an undo that brings the old basis back must not bring this back.
  if (current !== kept) setKept(current);
  const set = (value: Value | null, about: Basis = basis) =>
    setKept(value === null ? null : { value, basis: about });
  return [current?.value ?? null, set];
}
