import { StageError } from '../model/errors';
import type { MixturePhase } from '../training/batches';
import type { PlannedProxy } from '../training/engine';
import { layoutOf, type SizeId, sizeIds, sizes } from '../training/shape';

/** A mixture to verify. */
export interface Candidate {
  /** Unique in the verification, without a `#`: `optimum`. */
  readonly id: string;
  /** Display name: `the optimum`. */
  readonly name: string;
  /** D weights >= 0 that sum to 1; for a schedule the first ones. */
  readonly mixture: Float64Array;
  /** Later mixtures by their first step; absent when the mixture stays. */
  readonly schedule?: readonly MixturePhase[];
}

/** How many times as many parameters as a proxy the models of a verification have, at least. */
const larger = 3.5;

/**
 * The usual size of a verification's models: the smallest that is several times as large as the proxies, or
 * the largest there is.
 *
 * @param parameters of a proxy; undefined = not known
 */
export function sizeToVerify(parameters: number | undefined): SizeId {
  if (parameters === undefined) return '100k';
  const found = sizeIds.find((id) => layoutOf(sizes[id]).count >= larger * parameters);
  return found ?? sizeIds[sizeIds.length - 1];
}

const separator = '#';

/**
 * Every candidate once with every seed. Models of one seed start from the same parameters, and a row of a
 * batch begins at the same place of its text wherever their mixtures agree on its domain. Models of one seed
 * are planned next to each other, so that pairs are complete early.
 *
 * @param seeds number of seeds, >= 1
 * @param firstSeed the others follow it
 * @throws StageError when two candidates have one id, or there are fewer than two
 */
export function planVerification(
  candidates: readonly Candidate[],
  seeds: number,
  firstSeed: number,
): PlannedProxy[] {
  if (candidates.length < 2) {
    throw new StageError('verify', 'A comparison needs two mixtures.', 'Choose a second one.');
  }
  const ids = new Set(candidates.map(({ id }) => id));
  if (ids.size < candidates.length || [...ids].some((id) => id.includes(separator))) {
    throw new StageError('verify', 'Two mixtures have the same name.', 'Rename one of them.');
  }
  return Array.from({ length: seeds }, (_, place) => firstSeed + place).flatMap((seed) =>
    candidates.map(({ id, mixture, schedule }) => ({
      id: `${id}${separator}${seed}`,
      mixture,
      seed,
      ...(schedule && { schedule }),
    })),
  );
}

/** The candidate and the seed of a model by its id; null when it belongs to no verification. */
export function partsOfId(
  id: string,
): { readonly candidate: string; readonly seed: number } | null {
  const at = id.lastIndexOf(separator);
  const seed = Number(id.slice(at + 1));
  return at < 1 || id.endsWith(separator) || !Number.isInteger(seed)
    ? null
    : { candidate: id.slice(0, at), seed };
}
