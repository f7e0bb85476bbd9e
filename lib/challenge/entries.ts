import { columnOf, rowOf } from '../matrix';
import { uniformPrior } from '../mixture/prior';
import { isWithin } from '../mixture/simplex';
import { signOf } from '../optimum/objective';
import type { Bounds, ObjectiveTerm } from '../optimum/types';
import type { Attempt } from '../study/settings';
import type { Study } from '../study/types';

/** A mixture on the leaderboard. */
export interface Entry {
  /** Unique on the leaderboard; that of an attempt stays when it is renamed. */
  readonly key: string;
  readonly kind: 'attempt' | 'prior' | 'human' | 'uniform' | 'run' | 'optimum';
  readonly name: string;
  /** D, sums to 1. */
  readonly weights: Float64Array;
  /** Of an attempt, its id. */
  readonly attempt?: number;
  /** Of a training run, what was measured on the first target. */
  readonly measured?: number;
}

type Term = Pick<ObjectiveTerm, 'target' | 'direction' | 'weight' | 'scale'>;

/**
 * Everything that stands on the leaderboard: the attempts, what the study has to compare with, its best
 * training run, and the optimum where it is known.
 *
 * @param optimum null while there is none, or none may be shown
 */
export function entriesOf(
  study: Study,
  attempts: readonly Attempt[],
  terms: readonly Term[],
  bounds: Bounds,
  optimum: Pick<Entry, 'name' | 'weights'> | null,
): Entry[] {
  const run = bestRun(study, terms, bounds);
  return [
    ...attempts.map(({ id, name, weights }) => ({
      key: `attempt ${id}`,
      kind: 'attempt' as const,
      name,
      weights: Float64Array.from(weights),
      attempt: id,
    })),
    ...(optimum ? [{ key: 'optimum', kind: 'optimum' as const, ...optimum }] : []),
    { key: 'prior', kind: 'prior', name: 'the prior', weights: study.prior.weights },
    ...(study.human ? [{ key: 'human', kind: 'human' as const, ...study.human }] : []),
    {
      key: 'uniform',
      kind: 'uniform',
      name: 'uniform',
      weights: uniformPrior(study.domains.length).weights,
    },
    ...(run
      ? [
          {
            key: 'run',
            kind: 'run' as const,
            name: `best run (${study.training.ids[run.row]})`,
            weights: rowOf(study.training.mixtures, run.row).slice(),
            measured: run.measured,
          },
        ]
      : []),
  ];
}

/**
 * The training run that measured best on what is optimised, among those within the limits; among all
 * where no run keeps them. Runs that miss one of the targets do not count.
 *
 * @returns its row, and its value on the first target; null when no run measured all targets
 */
function bestRun(
  { targets, training }: Study,
  terms: readonly Term[],
  { lower, upper }: Bounds,
): { readonly row: number; readonly measured: number } | null {
  const columns = terms.map(({ target }) =>
    columnOf(
      training.losses,
      targets.findIndex(({ id }) => id === target),
    ),
  );
  const scores = training.ids.map((_, row) =>
    terms.reduce(
      (sum, term, place) => sum + (term.weight * signOf(term) * columns[place][row]) / term.scale,
      0,
    ),
  );
  const rows = training.ids.flatMap((_, row) => (Number.isFinite(scores[row]) ? [row] : []));
  const within = rows.filter((row) => isWithin(rowOf(training.mixtures, row), lower, upper));
  const [first, ...others] = within.length > 0 ? within : rows;
  if (first === undefined) return null;
  const row = others.reduce((best, each) => (scores[each] < scores[best] ? each : best), first);
  return { row, measured: columns[0][row] };
}
