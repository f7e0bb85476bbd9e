'use client';

/** The stage that proposes the next proxies, with the proposals' reasons and files. */
import { useState } from 'react';
import { activeModels } from '../../lib/analysis/analysis-store';
import { fitOptions } from '../../lib/analysis/keys';
import { problemOf } from '../../lib/analysis/plan';
import { download } from '../../lib/browser/files';
import { errorMessage } from '../../lib/model/errors';
import { formatNumber, formatPercent, plural } from '../../lib/model/format';
import { loadCode } from '../../lib/model/load-code';
import { boundsOf, feasibilityOf } from '../../lib/optimum/constraints';
import { leadingWeights } from '../../lib/optimum/finding';
import { maxProposals, type Proposal } from '../../lib/proposals/types';
import { writeProposals } from '../../lib/proposals/write-proposals';
import { revisionOf } from '../../lib/study/identity';
import { useTask } from '../shell/hooks';
import { useAnalysis, useSession } from '../shell/stores';
import { NumericHead, ScrollX } from '../ui/layout';
import { ProgressLine } from '../ui/progress';
import { TypedOption } from '../ui/typed-value';

const usualCount = 16;

/** Proposes mixtures on request, shows the reason for each, and offers them as files. */
export default function NextBody() {
  const session = useSession();
  const { study, settings } = session;
  const fits = useAnalysis((state) => state.fits);
  const [count, setCount] = useState(usualCount);
  const [asked, setAsked] = useState<string | null>(null);
  const [problem, setProblem] = useState('');
  const { models, key, regressor } = activeModels(session, fits);
  // What is proposed is to be tried: what was tried does not limit it.
  const bounds = boundsOf(settings.constraints, null);
  const { feasible } = feasibilityOf(bounds, settings.constraints, study.domains);
  const { objective: chosen, constraints } = settings;
  const current = JSON.stringify([
    key,
    chosen,
    constraints,
    Array.from(study.prior.weights),
    count,
  ]);
  const ready = models !== null && feasible;
  const task = useTask('propose', asked, () => {
    return {
      revision: revisionOf(study),
      regressor,
      options: fitOptions(settings),
      objective: problemOf(session, key, models ?? []).objective,
      bounds,
      count,
    };
  });
  const round = asked === current ? task.value : null;
  const proposals = round?.proposals;
  const save = async (name: string, mediaType: string, make: () => Promise<BlobPart> | string) => {
    setProblem('');
    try {
      download(name, mediaType, await make());
    } catch (error) {
      setProblem(errorMessage(error));
    }
  };
  const sweep = async (mixtures: readonly Proposal[]) => {
    const { sweepArchive } = await loadCode(() => import('../../lib/proposals/sweep-archive'));
    return sweepArchive(study, mixtures);
  };
  return (
    <div className="stage-body">
      <div className="row-controls">
        <TypedOption
          key={study.id}
          label="Mixtures to propose"
          name="next proxies"
          value={count}
          format={String}
          parse={wholeCount}
          expected={`a whole number from 1 to ${maxProposals}`}
          onChange={(value) => setCount(value ?? usualCount)}
        />
        <button
          type="button"
          className="button primary"
          disabled={!ready || task.status === 'running'}
          onClick={() => setAsked(current)}
        >
          Propose {plural(count, 'mixture')}
        </button>
        {task.status === 'running' && (
          <button type="button" className="button" onClick={() => setAsked(null)}>
            Cancel
          </button>
        )}
        {proposals && (
          <>
            <button
              type="button"
              className="button"
              onClick={() =>
                void save(
                  'regmix-next-round.csv',
                  'text/csv',
                  () => writeProposals(study, proposals).csv,
                )
              }
            >
              CSV
            </button>
            <button
              type="button"
              className="button"
              onClick={() =>
                void save(
                  'regmix-next-round.yaml',
                  'application/yaml',
                  () => writeProposals(study, proposals).yaml,
                )
              }
            >
              YAML, one document per run
            </button>
            <button
              type="button"
              className="button"
              onClick={() =>
                void save('regmix-sweep.zip', 'application/zip', () => sweep(proposals))
              }
            >
              Zip for a cluster
            </button>
          </>
        )}
      </div>
      {task.status === 'running' && task.progress && <ProgressLine progress={task.progress} />}
      {task.problem !== '' && (
        <p role="alert" className="refused">
          {task.problem}
        </p>
      )}
      {problem !== '' && (
        <p role="alert" className="refused">
          {problem}
        </p>
      )}
      {!feasible && <p className="refused">No mixture meets your limits.</p>}
      {round && <p className="small measure">{round.note}</p>}
      {proposals && <Proposals proposals={proposals} />}
      {!proposals && task.status !== 'running' && (
        <p className="quiet small measure">
          Refits to resampled runs estimate how much better another optimum may be. If the round can
          show that gain clearly, every other mixture is the optimum of a refit and the rest are
          random, as varied as your limits allow. If not, a random round does as well, and all are
          random. Train a proxy on each, then open the CSV with its losses as the next round.
        </p>
      )}
    </div>
  );
}

function Proposals({ proposals }: { proposals: readonly Proposal[] }) {
  const { study } = useSession();
  return (
    <ScrollX label="Proposals, scrolls sideways">
      <table className="figures" aria-label="Mixtures proposed for the next round">
        <thead>
          <tr>
            <NumericHead>No.</NumericHead>
            <th scope="col">Why</th>
            <th scope="col">Mixture</th>
            <NumericHead>Predicted</NumericHead>
            <NumericHead title="Standard deviation over refits to resampled runs">±</NumericHead>
            <NumericHead title="Over the current optimum: the mean over refits, where a worse one counts as 0">
              Expected gain
            </NumericHead>
            <NumericHead title="Share of its weight that differs from the nearest run">
              To nearest run
            </NumericHead>
          </tr>
        </thead>
        <tbody>
          {proposals.map((proposal, place) => (
            <tr key={proposal.weights.join()}>
              <td className="numeric">{place + 1}</td>
              <th scope="row">{proposal.reason === 'space' ? 'random' : 'promising'}</th>
              <td>
                {leadingWeights(study.domains, proposal.weights, 3)
                  .map(({ name, weight }) => `${formatPercent(weight, 1)} ${name}`)
                  .join(', ')}
              </td>
              <td className="numeric">{formatNumber(proposal.mean, 3)}</td>
              <td className="numeric">{textOf(proposal.sd, 3)}</td>
              <td className="numeric">{textOf(proposal.expectedImprovement, 4)}</td>
              <td className="numeric">{formatPercent(proposal.distance, 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

/** Nothing where the regressor is not refitted. */
function textOf(value: number | null, digits: number): string {
  return value === null ? '' : formatNumber(value, digits);
}

function wholeCount(text: string): number | null {
  const value = Number(text);
  return /^\d+$/.test(text) && value >= 1 && value <= maxProposals ? value : null;
}
