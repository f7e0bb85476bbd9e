import type { Domain } from '../model/study';
import type { TrainingJob } from '../training/checkpoints';
import { partsOfId } from '../verify/plan';
import { bySeed, type VerifyPoint } from '../verify/results';

/** Weights that differ by less belong to one mixture: a job may store fewer digits. */
const same = 1e-6;

/** Final losses of larger models trained on one mixture. */
export interface TrainedMixture {
  /** D weights in the study's order. */
  readonly weights: Float64Array;
  /** Mean loss over seeds in bits per byte, by the id of the domain whose text it is measured on. */
  readonly losses: ReadonlyMap<string, number>;
  /** Number of finished models. */
  readonly seeds: number;
  /** `100k`. */
  readonly size: string;
}

/**
 * The mixtures that a verification has trained to the end, in the study's order of domains.
 *
 * @param domains of the study; mixtures of text that it does not know are left out
 */
export function trainedMixtures(
  job: Pick<TrainingJob, 'domains' | 'proxies' | 'training' | 'size'>,
  points: readonly VerifyPoint[],
  domains: readonly Domain[],
): TrainedMixture[] {
  const places = job.domains.map(({ id }) => domains.findIndex((domain) => domain.id === id));
  if (places.includes(-1)) return [];
  const mixtures = new Map<string, readonly number[]>();
  for (const { id, mixture, schedule } of job.proxies) {
    const parts = partsOfId(id);
    // A mixture that changes during training is not on the leaderboard.
    if (parts && !schedule && !mixtures.has(parts.candidate))
      mixtures.set(parts.candidate, mixture);
  }
  return [...mixtures].flatMap(([candidate, mixture]) => {
    const done = job.domains.map((_, domain) => [
      ...bySeed(points, candidate, job.training.steps, domain).values(),
    ]);
    const seeds = done[0]?.length ?? 0;
    if (seeds === 0) return [];
    const weights = new Float64Array(domains.length);
    places.forEach((place, domain) => {
      weights[place] = mixture[domain];
    });
    const losses = new Map(
      job.domains.map(({ id }, domain) => [
        id,
        done[domain].reduce((sum, loss) => sum + loss, 0) / seeds,
      ]),
    );
    return [{ weights, losses, seeds, size: job.size }];
  });
}

/** The training of a mixture; undefined when it was not trained. */
export function trainingOf(
  weights: ArrayLike<number>,
  trained: readonly TrainedMixture[],
): TrainedMixture | undefined {
  return trained.find(
    (each) =>
      each.weights.length === weights.length &&
      each.weights.every((weight, domain) => Math.abs(weight - weights[domain]) < same),
  );
}
