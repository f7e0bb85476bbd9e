import type { Constraints } from '../../lib/optimum/types';

/** One domain's entry of the constraints. */
export type DomainLimit = {
  readonly availableTokens: number | null;
  readonly epochs: number;
  readonly max: number | null;
  readonly min: number;
  readonly locked: number | null;
};

/** The constraints with one domain's entries changed. */
export function withDomainLimit(
  constraints: Constraints,
  domain: number,
  change: Partial<DomainLimit>,
): Constraints {
  const replace = <Value>(values: readonly Value[], value: Value | undefined): readonly Value[] =>
    value === undefined ? values : values.map((old, index) => (index === domain ? value : old));
  return {
    ...constraints,
    availableTokens: replace(constraints.availableTokens, change.availableTokens),
    epochs: replace(constraints.epochs, change.epochs),
    max: replace(constraints.max, change.max),
    min: replace(constraints.min, change.min),
    locked: replace(constraints.locked, change.locked),
  };
}
