/** Proposed mixtures as CSV and YAML, with ids that continue the study's. */
import { sweepYaml } from '../export/formats';
import { fromRows } from '../model/matrix';
import type { Study } from '../model/study';
import { allRuns } from '../runs/left-out';
import { writeMixtures } from '../runs/write-runs';
import type { Proposal } from './types';

/** Files to train the next round from. */
export interface ProposalFiles {
  /** RegMix's `index,train_<domain>,...` with a last column `round`. */
  readonly csv: string;
  /** RegMix's configuration of every run, one YAML document each, headed by its id. */
  readonly yaml: string;
}

/**
 * Writes proposals as RegMix's trainer reads mixtures (its `mixture_config` and data/*.csv), with ids that
 * continue the study's and the round after its last. With losses for the same ids, the CSV is read back as
 * that round. The YAML has weights to a millionth.
 */
export function writeProposals(
  study: Pick<Study, 'domains' | 'training' | 'leftOut'>,
  proposals: readonly Pick<Proposal, 'weights'>[],
): ProposalFiles {
  const { domains } = study;
  // Ids and rounds of runs that are left out stay taken.
  const training = allRuns(study);
  const round = (training.rounds?.reduce((last, each) => Math.max(last, each), 0) ?? 0) + 1;
  const ids = nextIds(training.ids, proposals.length, round);
  const weights = proposals.map((proposal) => proposal.weights);
  return {
    csv: writeMixtures(
      {
        ids,
        mixtures: fromRows(weights),
        rounds: new Int32Array(proposals.length).fill(round),
      },
      domains,
    ),
    yaml: sweepYaml(domains, ids, weights, 'regmix'),
  };
}

/** The number that an id ends in, without losing digits of it. */
const numbered = /^(|.*\D)(\d{1,15})$/s;

/**
 * Ids for further runs. Where all ids are one prefix and a number (`512`, `run-007`), they continue from the
 * largest, with as many digits; otherwise they are `round-1-1`, `round-1-2` and so on.
 *
 * @param ids those of the existing runs
 * @returns `count` ids that differ from those and from one another
 */
export function nextIds(ids: readonly string[], count: number, round: number): string[] {
  const parts = ids.map((id) => numbered.exec(id));
  const prefix = parts[0]?.[1];
  const digits = parts.map((match) => (match && match[1] === prefix ? match[2] : null));
  const last = digits.reduce((most, text) => Math.max(most, Number(text ?? Number.NaN)), 0);
  if (prefix === undefined || Number.isNaN(last)) return roundIds(ids, count, round);
  const padded = digits.some((text) => text !== null && text.length > 1 && text.startsWith('0'));
  const width = padded ? Math.max(...digits.map((text) => text?.length ?? 0)) : 0;
  return Array.from({ length: count }, (_, place) => {
    return `${prefix}${String(last + 1 + place).padStart(width, '0')}`;
  });
}

function roundIds(ids: readonly string[], count: number, round: number): string[] {
  const taken = new Set(ids);
  const free: string[] = [];
  for (let place = 1; free.length < count; place++) {
    const id = `round-${round}-${place}`;
    if (!taken.has(id)) free.push(id);
  }
  return free;
}
