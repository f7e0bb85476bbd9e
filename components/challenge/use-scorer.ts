import { useMemo } from 'react';
import { fromRows, rowOf } from '../../lib/matrix';
import { createScorer, isByRows, type Scorer, scoresOf } from '../../lib/optimum/objective';
import { useTask } from '../explorer/use-task';
import type { Scoring } from './use-scoring';

/** Scores of mixtures; NaN of those that are still being asked about. */
export type MixtureScorer = Pick<Scorer, 'score' | 'predictions'>;

/**
 * Scores mixtures by what is optimised: at once by models that are evaluated here, after a while by
 * imported ones, which answer for a list.
 *
 * @param scoring null while a fit is being made
 * @param mixtures all that are scored, D weights each
 */
export function useScorer(
  scoring: Scoring | null,
  mixtures: readonly Float64Array[],
): MixtureScorer {
  const objective = scoring?.objective ?? null;
  const least = scoring?.least ?? none;
  const here = useMemo(
    () => (objective && isByRows(objective) ? createScorer(objective, least) : null),
    [objective, least],
  );
  const isAsked = objective !== null && here === null;
  const question = isAsked ? JSON.stringify([scoring?.key, mixtures.map(nameOf)]) : null;
  const { value } = useTask('rate', question, () => {
    if (!objective) throw new RangeError('a task without a key asks nothing');
    return { objective, mixtures: fromRows(mixtures) };
  });
  return useMemo(() => {
    if (here) return here;
    const places = new Map<string, number>();
    if (!objective || !value) return lookUp(places, new Float64Array(0), []);
    for (let row = 0; row < value.mixtures.rows; row++) {
      places.set(nameOf(rowOf(value.mixtures, row)), row);
    }
    return lookUp(places, scoresOf(objective, value, least), value.predictions);
  }, [here, objective, least, value]);
}

const none: readonly number[] = [];

function nameOf(mixture: Float64Array): string {
  return mixture.join();
}

function lookUp(
  places: ReadonlyMap<string, number>,
  scores: Float64Array,
  predictions: readonly Float64Array[],
): MixtureScorer {
  return {
    score: (mixture) => scores[places.get(nameOf(mixture)) ?? -1] ?? Number.NaN,
    predictions: (mixture) => {
      const place = places.get(nameOf(mixture));
      return predictions.map((values) => (place === undefined ? Number.NaN : values[place]));
    },
  };
}
