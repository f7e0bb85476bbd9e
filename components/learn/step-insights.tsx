'use client';

/** The tour's step on the paper's three insights, each a picture of the study's runs. */
import type { ReactNode } from 'react';
import { formatNumber } from '../../lib/model/format';
import { columnOf } from '../../lib/model/matrix';
import type { Interactions } from '../../lib/regression/interactions';
import { ChartFrame } from '../charts/chart-frame';
import { DistributionChart } from '../charts/distribution-chart';
import { RhoFrame } from '../charts/rho-frame';
import { useDemand } from '../shell/hooks';
import { useAnalysis, useSession } from '../shell/stores';
import { type StepProps, useProgress } from './learn-data';
import { Act, Arxiv, Source } from './parts';
import { useTarget } from './use-target';

const insights = ['spread', 'correlation', 'interactions'] as const;
type Insight = (typeof insights)[number];

/** The paper's three insights, each with a picture that shows it on the tour's runs. */
export function InsightsStep({ onDone }: StepProps) {
  const [progress, update] = useProgress();
  const open = new Set(insights.filter((insight) => progress.insights.includes(insight)));
  useDemand('interactions');
  const interactions = useAnalysis((state) => state.interactions);
  const value = interactions.status === 'done' ? interactions.value : null;
  const show = (insight: Insight) => {
    const next = new Set([...open, insight]);
    update({ insights: [...next] });
    if (next.size === insights.length) onDone();
  };
  const part = (insight: Insight, question: string, children: ReactNode) => (
    <Claim question={question} isOpen={open.has(insight)} onOpen={() => show(insight)}>
      {children}
    </Claim>
  );
  return (
    <>
      <p className="prose">
        The paper draws three insights from its own models and text. Here is what this page’s runs
        say about each.
      </p>
      <Act task="Answer each question for yourself, then open our answer.">
        <h2>1. Mixtures matter</h2>
        <p className="prose">
          The paper: among 64 models of 1B parameters, scores on a downstream task differ by up to
          14.6 points between the best and the worst mixture.
        </p>
        {part('spread', 'How far apart are the best and the worst proxy here?', <Spread />)}
        <h2>2. Web text correlates with downstream scores</h2>
        <p className="prose">
          The paper: of all validation losses, the one on web text (Pile-CC) correlates most with
          downstream scores, more than the one on Wikipedia. Our proxies have no downstream scores,
          so this cannot be shown here. What can be shown is which language’s loss correlates most
          with the others’.
        </p>
        {part(
          'correlation',
          'Which language’s loss correlates most with the others’?',
          value ? <Correlation value={value} /> : <Waiting />,
        )}
        <h2>3. Domains interact in unexpected ways</h2>
        <p className="prose">
          The paper: which domain helps which often contradicts intuition, so mixtures are better
          found by regression than by hand. Here are eight languages of one kind of text, and close
          relatives help as expected: the surprises are the Pile’s.
        </p>
        {part(
          'interactions',
          'Besides Spanish itself, which language helps Spanish most, and which least?',
          value ? <Helpers value={value} /> : <Waiting />,
        )}
      </Act>
      <p className="prose">
        The paper adds that the effect of mixtures goes beyond scaling laws: it is not a matter of
        tokens or parameters alone.
      </p>
      <Source>
        Liu et al. 2024, <Arxiv id="2407.01492">arXiv 2407.01492</Arxiv>, abstract and section 5;
        its figures are from its own runs and were not measured here.
      </Source>
    </>
  );
}

function Waiting() {
  return <p className="quiet">Waiting for the fit…</p>;
}

function Claim({
  question,
  isOpen,
  onOpen,
  children,
}: {
  question: string;
  isOpen: boolean;
  onOpen: () => void;
  children: ReactNode;
}) {
  return (
    <div className="learn-claim">
      <button type="button" className="button" aria-expanded={isOpen} onClick={onOpen}>
        {question}
      </button>
      {isOpen && <div>{children}</div>}
    </div>
  );
}

function Spread() {
  const { study } = useSession();
  const { target, place } = useTarget();
  const values = columnOf(study.training.losses, place);
  const [best, worst] = [Math.min(...values), Math.max(...values)];
  return (
    <ChartFrame
      title={`${target.name} of ${values.length} proxies`}
      note={`From ${formatNumber(best, 2)} to ${formatNumber(worst, 2)} ${target.unit} with the same model, tokens and steps: only the mixture differs.`}
      fileName="learn-spread"
      how="A histogram of the training runs’ losses on the validation text of the target."
      data={{
        columns: [
          { key: 'run', label: 'run' },
          { key: 'loss', label: target.name, unit: target.unit, numeric: true },
        ],
        rows: () => study.training.ids.map((id, row) => [id, values[row]]),
      }}
    >
      <DistributionChart
        values={values}
        name={target.name}
        unit={target.unit}
        direction={target.direction}
      />
    </ChartFrame>
  );
}

function Correlation({ value }: { value: Interactions }) {
  const { study } = useSession();
  const { values, columns } = value.targetTarget;
  const names = study.targets.map(({ name }) => name);
  const means = names.map(
    (_, self) =>
      values
        .subarray(self * columns, (self + 1) * columns)
        .reduce((sum, rho, other) => sum + (other === self ? 0 : rho), 0) /
      (columns - 1),
  );
  const top = means.indexOf(Math.max(...means));
  return (
    <RhoFrame
      title="Correlation of losses"
      note={`${names[top]} has the highest mean rho with the other seven: ${formatNumber(means[top], 2)}.`}
      fileName="learn-losses-together"
      how="Spearman’s rho over the training runs between the losses on two languages."
      axis="target"
      names={names}
      targets={study.targets}
      rho={value.targetTarget}
    />
  );
}

function Helpers({ value }: { value: Interactions }) {
  const { study, settings } = useSession();
  const { target, place } = useTarget();
  const { values, columns } = value.domainTarget;
  // The bound that 95% of unrelated samples of this size stay within, to first order.
  const chance = 1.96 / Math.sqrt(study.training.ids.length - 1);
  const others = study.domains
    .map(({ id, name }, domain) => ({ id, name, rho: values[domain * columns + place] }))
    .filter(({ id }) => id !== settings.target)
    .sort((a, b) => a.rho - b.rho);
  const [helper] = others;
  const harmful = others[others.length - 1];
  return (
    <RhoFrame
      title="Correlation of weights and losses"
      note={`A negative rho means that more of the language helps. For ${target.name}, ${helper.name} helps most (rho ${formatNumber(helper.rho, 2)}) and ${harmful.name} least (rho ${formatNumber(harmful.rho, 2)}). Values within ±${formatNumber(chance, 2)} may be chance.`}
      fileName="learn-interactions"
      how="Spearman’s rho over the training runs between a language’s weight and a loss. Weights sum to 1, so more of one is less of the others: a positive rho means that it displaces something better."
      axis="domain"
      names={study.domains.map(({ name }) => name)}
      targets={study.targets}
      rho={value.domainTarget}
    />
  );
}
