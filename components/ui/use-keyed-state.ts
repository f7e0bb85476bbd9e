'use client';

import { useState } from 'react';

/** What a piece of state is about, compared entry by entry. */
type Basis = readonly unknown[];

/** A piece of state with what it is about. */
interface KeyedState<Value> {
  readonly value: Value;
  readonly basis: Basis;
}

/**
 * State that is about something (a value in force, a study) and is given up for good when that changes.
 *
 * @param basis what it is about, compared entry by entry
 * @returns the state, or null when there is none, and how to set it; what is set while `basis` is
 *   about to change can name the basis it is about
 */
export function useKeyedState<Value>(
  basis: Basis,
): [Value | null, (value: Value | null, about?: Basis) => void] {
  const [state, setState] = useState<KeyedState<Value> | null>(null);
  const current = stateForBasis(state, basis);
  // Forgotten rather than hidden: an undo that brings the old basis back must not bring this back.
  if (current !== state) setState(current);
  const set = (value: Value | null, about: Basis = basis) =>
    setState(value === null ? null : { value, basis: about });
  return [current?.value ?? null, set];
}

/** The state while what it is about is the same, else null. */
export function stateForBasis<Value>(
  state: KeyedState<Value> | null,
  basis: Basis,
): KeyedState<Value> | null {
  if (state === null) return null;
  const same =
    state.basis.length === basis.length &&
    state.basis.every((entry, place) => Object.is(entry, basis[place]));
  return same ? state : null;
}
