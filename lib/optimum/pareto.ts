import type { Job } from '../model/job';
import type { Bounds, Objective, ObjectiveTerm } from '../model/limits';
import { createScorer, signOf } from './objective';
import { solveSmooth } from './smooth';

/** A mixture on the front: no other within the bounds is better for one target and no worse for the other. */
export interface ParetoPoint {
  /** D. */
  readonly weights: Float64Array;
  /** Predictions of the two targets, in their units. */
  readonly first: number;
  readonly second: number;
  /** Weight of the first target in the mixture's objective, 0..1. */
  readonly share: number;
}

/** Shares tried before the widest gaps are filled. */
const coarse = 5;

/**
 * The front of two targets, by weighted sums (Miettinen 1999, section 3.1), the shares chosen so that
 * points are spread along it: where two neighbours lie farthest apart, a share between theirs is tried.
 * Weighted sums find all of the front of convex models; of others, its convex part.
 *
 * @param base what is optimised apart from the targets
 * @param count points to look for, >= 2
 * @returns from the best for the second target to the best for the first
 */
export function* paretoFront(
  first: ObjectiveTerm,
  second: ObjectiveTerm,
  base: Pick<Objective, 'kl' | 'prior' | 'unique'>,
  bounds: Bounds,
  bestRuns: readonly Float64Array[],
  count: number,
): Job<ParetoPoint[]> {
  const points: ParetoPoint[] = [];
  const signs = [signOf(first), signOf(second)];
  const gap = (a: ParetoPoint, b: ParetoPoint) =>
    Math.hypot((a.first - b.first) / first.scale, (a.second - b.second) / second.scale);

  function* solveAt(share: number): Job<ParetoPoint> {
    const objective: Objective = {
      ...base,
      kind: 'weighted',
      seek: 'best',
      terms: [
        { ...first, weight: share },
        { ...second, weight: 1 - share },
      ],
    };
    const weights = yield* solveSmooth(objective, bounds, bestRuns);
    const [predictedFirst, predictedSecond] = createScorer(objective).predictions(weights);
    return { weights, first: predictedFirst, second: predictedSecond, share };
  }

  for (let step = 0; step < coarse; step++) {
    points.push(yield* solveAt(step / (coarse - 1)));
    yield { done: points.length, total: count, unit: 'mixtures' };
  }
  while (points.length < count) {
    let widest = 0;
    for (let at = 1; at < points.length - 1; at++) {
      if (gap(points[at], points[at + 1]) > gap(points[widest], points[widest + 1])) widest = at;
    }
    const [low, high] = [points[widest], points[widest + 1]];
    if (gap(low, high) < 1e-6 || high.share - low.share < 1e-4) break;
    points.splice(widest + 1, 0, yield* solveAt((low.share + high.share) / 2));
    yield { done: points.length, total: count, unit: 'mixtures' };
  }
  const better = (a: ParetoPoint, b: ParetoPoint) => {
    const [onFirst, onSecond] = [signs[0] * (a.first - b.first), signs[1] * (a.second - b.second)];
    return onFirst <= 0 && onSecond <= 0 && (onFirst < 0 || onSecond < 0);
  };
  return points.filter((point) => !points.some((other) => better(other, point)));
}
