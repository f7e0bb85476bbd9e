import type { PlannedProxy } from './engine';
import type { CurvePoint, Evaluation, GroupState } from './train-group';

/** One finished proxy. */
export interface FinishedRun {
  readonly id: string;
  /** D losses in nats per byte after so many steps; the last ones are those of the finished proxy. */
  readonly evaluations: readonly { readonly step: number; readonly losses: readonly number[] }[];
  /** Training loss in nats per token. */
  readonly curve: readonly { readonly step: number; readonly loss: number }[];
}

/** Keeps what must not be lost: finished runs, and where groups under way stand, by {@link groupKey}. */
export interface TrainingKeeper {
  readonly finished: () => Promise<readonly FinishedRun[]>;
  /** Takes a group's runs in and drops its state, both or neither. */
  readonly finish: (group: string, runs: readonly FinishedRun[]) => Promise<void>;
  /** Groups whose state is kept, by {@link groupKey}. */
  readonly kept: () => Promise<readonly string[]>;
  readonly stateOf: (group: string) => Promise<GroupState | null>;
  readonly keep: (group: string, state: GroupState) => Promise<void>;
  readonly drop: (group: string) => Promise<void>;
}

/** Proxies that train as one population. */
export interface Group {
  readonly proxies: readonly PlannedProxy[];
  /** How often it has failed. */
  attempts: number;
}

/**
 * Cuts the proxies that are not finished into groups: those of which a state is kept as they were, the others
 * `population` at a time, each a stretch of the plan.
 *
 * @param kept keys of kept states
 */
export function formGroups(
  proxies: readonly PlannedProxy[],
  population: number,
  finished: ReadonlySet<string>,
  kept: readonly string[],
): Group[] {
  const placeOf = new Map(proxies.map(({ id }, place) => [id, place]));
  const isTaken = proxies.map(({ id }) => finished.has(id));
  const stretches: { readonly first: number; readonly end: number }[] = [];
  for (const key of kept) {
    const cut = key.lastIndexOf('+');
    const first = placeOf.get(key.slice(0, cut));
    const end = (first ?? 0) + Number(key.slice(cut + 1));
    if (first === undefined || !(end > first && end <= proxies.length)) continue;
    // Of a group that was being cut, the whole and its parts may be kept: the first counts.
    if (isTaken.slice(first, end).includes(true)) continue;
    isTaken.fill(true, first, end);
    stretches.push({ first, end });
  }
  for (let first = 0; first < proxies.length; first++) {
    if (isTaken[first]) continue;
    let end = first + 1;
    while (end < first + population && end < proxies.length && !isTaken[end]) end++;
    isTaken.fill(true, first, end);
    stretches.push({ first, end });
  }
  return stretches
    .sort((a, b) => a.first - b.first)
    .map(({ first, end }) => ({ proxies: proxies.slice(first, end), attempts: 0 }));
}

/** What a group's state is kept under: another group of the same proxies finds it. */
export function groupKey({ proxies }: Pick<Group, 'proxies'>): string {
  return `${proxies[0]?.id ?? ''}+${proxies.length}`;
}

/** A group in parts of `size` proxies, the last one smaller, and where they stand. */
export function partsOf(
  { proxies, attempts }: Group,
  state: GroupState | null,
  size: number,
): { readonly group: Group; readonly state: GroupState | null }[] {
  const { length } = proxies;
  return Array.from({ length: Math.ceil(length / size) }, (_, part) => {
    const first = part * size;
    const end = Math.min(length, first + size);
    return {
      group: { proxies: proxies.slice(first, end), attempts },
      state: state && partOf(state, first / length, end / length),
    };
  });
}

/** Proxies stand one after the other in every array: a share of the group is a stretch of each. */
function partOf({ checkpoint, evaluations, curve }: GroupState, from: number, to: number) {
  const cut = <Numbers extends Float32Array | Float64Array>(numbers: Numbers) =>
    numbers.slice(Math.round(from * numbers.length), Math.round(to * numbers.length)) as Numbers;
  const cutLosses = <Point extends Evaluation | CurvePoint>(point: Point): Point => ({
    ...point,
    losses: cut(point.losses),
  });
  return {
    checkpoint: {
      step: checkpoint.step,
      parameters: cut(checkpoint.parameters),
      firstMoments: cut(checkpoint.firstMoments),
      secondMoments: cut(checkpoint.secondMoments),
    },
    evaluations: evaluations.map(cutLosses),
    curve: curve.map(cutLosses),
  };
}
