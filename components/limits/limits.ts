import { formatPercent } from '../../lib/model/format';
import type { BoundSource, Bounds, Constraints, Remedy } from '../../lib/model/limits';
import { isUntried } from '../../lib/optimum/constraints';
import type { StudyStore } from '../../lib/session/study-store';

/** One domain's entry of the constraints. */
export type DomainLimit = {
  readonly availableTokens: number | null;
  readonly epochs: number;
  readonly max: number | null;
  readonly min: number;
  readonly locked: number | null;
};

/** Changes the constraints of the session; an unchanged object adds no undo step. */
export function editConstraints(
  store: StudyStore,
  change: (constraints: Constraints) => Constraints,
): void {
  store.edit((session) => {
    const { constraints } = session.settings;
    const changed = change(constraints);
    if (changed === constraints) return session;
    return { ...session, settings: { ...session.settings, constraints: changed } };
  });
}

/** The constraints with one domain's entries changed; the same object when none differs. */
export function withDomainLimit(
  constraints: Constraints,
  domain: number,
  change: Partial<DomainLimit>,
): Constraints {
  const replace = <Value>(values: readonly Value[], value: Value | undefined): readonly Value[] =>
    value === undefined || value === values[domain]
      ? values
      : values.map((old, index) => (index === domain ? value : old));
  const changed = {
    availableTokens: replace(constraints.availableTokens, change.availableTokens),
    epochs: replace(constraints.epochs, change.epochs),
    max: replace(constraints.max, change.max),
    min: replace(constraints.min, change.min),
    locked: replace(constraints.locked, change.locked),
  };
  const differs =
    changed.availableTokens !== constraints.availableTokens ||
    changed.epochs !== constraints.epochs ||
    changed.max !== constraints.max ||
    changed.min !== constraints.min ||
    changed.locked !== constraints.locked;
  return differs ? { ...constraints, ...changed } : constraints;
}

/** The constraints with a new number of requested tokens; the same object when it is unchanged. */
export function withRequestedTokens(
  constraints: Constraints,
  requestedTokens: number,
): Constraints {
  return requestedTokens === constraints.requestedTokens
    ? constraints
    : { ...constraints, requestedTokens };
}

/** The constraints with one number of epochs for all domains; the same object when they have it. */
export function withSharedEpochs(constraints: Constraints, epochs: number): Constraints {
  return constraints.epochs.every((value) => value === epochs)
    ? constraints
    : { ...constraints, epochs: constraints.epochs.map(() => epochs) };
}

/** The constraints with the limit on what was tried lifted or set again; the same object when it is so. */
export function withBeyondTried(constraints: Constraints, beyondTried: boolean): Constraints {
  return beyondTried === constraints.beyondTried ? constraints : { ...constraints, beyondTried };
}

/** The constraints after a remedy's change; null for a remedy that only a person can decide on. */
export function withRemedy(constraints: Constraints, change: Remedy['change']): Constraints | null {
  switch (change.kind) {
    case 'requestedTokens':
      return withRequestedTokens(constraints, change.value);
    case 'epochs':
      return { ...constraints, epochs: constraints.epochs.map((value) => value * change.factor) };
    case 'availableTokens': {
      const { domain, missing } = change;
      const available = constraints.availableTokens[domain] ?? 0;
      return withDomainLimit(constraints, domain, { availableTokens: available + missing });
    }
    case 'beyondTried':
      return withBeyondTried(constraints, true);
    case 'bounds':
      return null;
  }
}

/**
 * The largest weight of a domain in words, and whether it holds the optimum: `cap 12.0%, binds`.
 *
 * @param held what holds the domain's weight in the optimum; null = nothing
 */
export function capText(bounds: Bounds, domain: number, held: BoundSource | null): string {
  const cap = bounds.upper[domain];
  if (bounds.source[domain] === 'lock') return `pinned at ${formatPercent(cap, 1)}`;
  if (held === 'min') return `at least ${formatPercent(bounds.lower[domain], 1)}, binds`;
  if (cap >= 1) return 'no cap';
  if (isUntried(bounds, domain)) return 'in no run: no weight';
  const limit = bounds.source[domain] === 'tried' ? 'largest tried' : 'cap';
  return `${limit} ${formatPercent(cap, 1)}${held ? ', binds' : ''}`;
}
