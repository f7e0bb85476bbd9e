/** What a piece of state is about, compared entry by entry. */
export type Basis = readonly unknown[];

/** A piece of state with what it is about. */
export interface Kept<Value> {
  readonly value: Value;
  readonly basis: Basis;
}

/** The state while what it is about is the same, else null. */
export function stillAbout<Value>(kept: Kept<Value> | null, basis: Basis): Kept<Value> | null {
  if (kept === null) return null;
  const same =
    kept.basis.length === basis.length &&
    kept.basis.every((entry, place) => Object.is(entry, basis[place]));
  return same ? kept : null;
}
