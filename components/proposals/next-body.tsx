'use client';

/** The stage that proposes the next proxies, with the proposals' reasons and files. */
import { useState } from 'react';
import { activeModels } from '../../lib/analysis/analysis-store';
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
import { useAnalysis, useOptimum, useSession } from '../shell/stores';
import { NumericHead, ScrollX } from '../ui/layout';
import { ProgressLine } from '../ui/progress';
import { TypedOption } from '../ui/typed-value';

const usualCount = 16;

/** Proposes mixtures on request, shows the reason for each, and offers them as files. */
export default function NextBody() {
  const session = useSession();
  const { study, settings } = session;
  const fits = useAnalysis((state) => state.fits);
  const optimum = useOptimum((state) => state.report?.optimum ?? null);
  const [count, setCount] = useState(usualCount);
  const [asked, setAsked] = useState<string | null>(null);
  const [problem, setProblem] = useState('');
  const { models, key } = activeModels(session, fits);
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
  const ready = models !== null && optimum !== null && feasible;
  const task = useTask('propose', asked, () => {
    const { objective } = problemOf(session, key, models ?? []);
    return {
      revision: revisionOf(study),
      terms: objective.terms,
      bounds,
      prior: study.prior.weights,
      optimum: optimum?.weights ?? study.prior.weights,
      count,
      seed: settings.seed,
    };
  });
  const proposals = asked === current ? task.value : null;
  const saveSweep = async (mixtures: readonly Proposal[]) => {
    setProblem('');
    try {
      const { sweepArchive } = await loadCode(() => import('../../lib/proposals/sweep-archive'));
      download('regmix-sweep.zip', 'application/zip', sweepArchive(study, mixtures));
    } catch (error) {
      setProblem(errorMessage(error));
    }
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
                download('regmix-next-round.csv', 'text/csv', writeProposals(study, proposals).csv)
              }
            >
              CSV
            </button>
            <button
              type="button"
              className="button"
              onClick={() =>
                download(
                  'regmix-next-round.yaml',
                  'application/yaml',
                  writeProposals(study, proposals).yaml,
                )
              }
            >
              YAML, one document per run
            </button>
            <button type="button" className="button" onClick={() => void saveSweep(proposals)}>
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
      {proposals && <Proposals proposals={proposals} />}
      {!proposals && task.status !== 'running' && (
        <p className="quiet small measure">
          Three of four mixtures go where a Gaussian process expects the largest improvement over
          the best run, each believed before the next is picked; one of four goes as far as possible
          from everything that was tried. Train a proxy on each, then open the CSV with its losses
          as the next round.
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
            <NumericHead title="Standard deviation of the prediction, noise excluded">
              ±
            </NumericHead>
            <NumericHead title="Over the best run and the proposals before it">
              Expected gain
            </NumericHead>
            <NumericHead title="Share of the weight between it and the nearest run">
              To nearest run
            </NumericHead>
          </tr>
        </thead>
        <tbody>
          {proposals.map((proposal, place) => (
            <tr key={proposal.weights.join()}>
              <td className="numeric">{place + 1}</td>
              <th scope="row">{proposal.reason === 'space' ? 'untried' : 'promising'}</th>
              <td>
                {leadingWeights(study.domains, proposal.weights, 3)
                  .map(({ name, weight }) => `${formatPercent(weight, 1)} ${name}`)
                  .join(', ')}
              </td>
              <td className="numeric">{formatNumber(proposal.mean, 3)}</td>
              <td className="numeric">{formatNumber(proposal.sd, 3)}</td>
              <td className="numeric">{formatNumber(proposal.expectedImprovement, 4)}</td>
              <td className="numeric">{formatPercent(proposal.distance, 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

function wholeCount(text: string): number | null {
  const value = Number(text);
  return /^\d+$/.test(text) && value >= 1 && value <= maxProposals ? value : null;
}
