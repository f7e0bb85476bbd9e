'use client';

import { useState } from 'react';

/** What a state depends on, compared entry by entry. */
type Basis = readonly unknown[];

/** A state with what it depends on. */
interface KeyedState<Value> {
  readonly value: Value;
  readonly basis: Basis;
}

/**
 * State that depends on something (a current value, a study) and is discarded for good when that
 * changes.
 *
 * @param basis what it depends on, compared entry by entry
 * @returns the state, or null when there is none, and its setter; to set state while `basis` is
 * about to change, pass the basis that it depends on
 */
export function useKeyedState<Value>(
  basis: Basis,
): [Value | null, (value: Value | null, about?: Basis) => void] {
  const [state, setState] = useState<KeyedState<Value> | null>(null);
  const current = stateForBasis(state, basis);
  // Discarded rather than hidden: an undo that restores the old basis must not restore this.
  if (current !== state) setState(current);
  const set = (value: Value | null, about: Basis = basis) =>
    setState(value === null ? null : { value, basis: about });
  return [current?.value ?? null, set];
}

/** The state while its basis is unchanged, else null. */
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
