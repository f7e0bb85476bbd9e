import { sweepYaml } from '../export/mixture';
import { fromRows } from '../matrix';
import { writeMixtures } from '../runs/write-runs';
import type { Study } from '../study/types';
import { nextIds } from './next-ids';
import type { Proposal } from './types';

/** Files to train the next round from. */
export interface ProposalFiles {
  /** RegMix's `index,train_<domain>,...` with a last column `round`. */
  readonly csv: string;
  /** RegMix's configuration of every run, one YAML document each, headed by its id. */
  readonly yaml: string;
}

/**
 * Writes proposals as RegMix's trainer reads mixtures (its `mixture_config` and data/*.csv), with ids
 * that go on from the study's and the round after its last. With losses for the same ids, our reader
 * takes the CSV back as that round. The YAML has weights to a millionth.
 */
export function writeProposals(
  { domains, training }: Pick<Study, 'domains' | 'training'>,
  proposals: readonly Pick<Proposal, 'weights'>[],
): ProposalFiles {
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
