'use client';

/**
 * The tour's step on the authors' example: loads the published runs on request, fits the law, and
 * compares three domains.
 */
import { useMemo, useState } from 'react';
import type { ExploreClient } from '../../lib/analysis/explore-client';
import { StageError } from '../../lib/model/errors';
import { formatNumber, formatPercent } from '../../lib/model/format';
import { runJob } from '../../lib/model/job';
import { columnOf } from '../../lib/model/matrix';
import type { Model } from '../../lib/model/regressor';
import { quantile } from '../../lib/model/statistics';
import type { Study } from '../../lib/model/study';
import { partialDependence } from '../../lib/regression/effects';
import { predictRow } from '../../lib/regression/predict';
import { RemoteError } from '../../lib/rpc/client';
import { openRuns } from '../../lib/study/from-runs';
import { revisionOf } from '../../lib/study/identity';
import { publishedRuns, publishedStudy } from '../../lib/study/published';
import { ChartFrame } from '../charts/chart-frame';
import { DependenceChart } from '../charts/dependence-chart';
import { gridPoints } from '../charts/ternary-geometry';
import { parseShare } from '../limits/token-text';
import { fetchPublished } from '../runs/fetch-published';
import { useRunsClient } from '../runs/use-runs-client';
import { useStores } from '../shell/stores';
import { Slider } from '../ui/slider';
import type { StepProps } from './learn-data';
import { Act, Arxiv, Source } from './parts';

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'loading'; readonly done: number }
  | { readonly kind: 'done'; readonly study: Study; readonly fit: PaperFit }
  | { readonly kind: 'failed'; readonly message: string };

/** The example of the method's authors, on their runs once the reader has loaded them. */
export function PaperStep({ onDone }: StepProps) {
  const { explore } = useStores();
  const runsClient = useRunsClient();
  const [state, setState] = useState<State>({ kind: 'idle' });

  async function load(): Promise<void> {
    setState({ kind: 'loading', done: 0 });
    try {
      const runs = await fetchPublished(publishedRuns, runsClient(), {
        onProgress: (done) => setState({ kind: 'loading', done }),
      });
      const { study } = openRuns(runs, { id: 'published', ...publishedStudy });
      setState({ kind: 'done', study, fit: await fitPaper(study, explore) });
    } catch (error) {
      setState({ kind: 'failed', message: errorText(error) });
    }
  }

  return (
    <>
      <p className="prose">
        The paper introduces RegMix with three domains of the Pile: Hacker News, GitHub and
        PhilPapers. The goal is a low loss on StackExchange, which the model does not read. Which
        helps most: discussions, code or philosophy?
      </p>
      <Act task="Load the paper’s runs and find the best mixture of the three, or just decide: more code, or more discussion?">
        {state.kind === 'done' ? (
          <PaperExample study={state.study} fit={state.fit} onMove={onDone} />
        ) : (
          <div className="controls">
            <p className="prose">
              The page fits the law to the StackExchange loss of the 512 published proxies of 1M
              parameters, and shows how it depends on each of the three weights.
            </p>
            <div className="button-row">
              <button
                type="button"
                className="button primary"
                disabled={state.kind === 'loading'}
                onClick={() => void load()}
              >
                Load the paper’s runs
              </button>
              <button type="button" className="button" onClick={onDone}>
                I have decided, without loading
              </button>
            </div>
            {state.kind === 'loading' && (
              <label className="small">
                <progress value={state.done} max={publishedRuns.length} /> {state.done} of{' '}
                {publishedRuns.length} files
              </label>
            )}
            {state.kind === 'failed' && (
              <p className="refused" role="alert">
                The published runs could not be loaded: {state.message}
              </p>
            )}
            <p className="quiet small">
              Fetched from raw.githubusercontent.com only when you press the button.
            </p>
          </div>
        )}
      </Act>
      <h2>Continue in the explorer</h2>
      <ul className="prose learn-links">
        <li>
          <a href="/#limits">Set your own limits</a> on the Languages study
        </li>
        <li>
          <a href="/#regression">Compare eleven regressors</a> on the same runs
        </li>
        <li>
          <a href="/#runs">Open your own runs</a>: two CSVs are enough
        </li>
        <li>
          <a href="/#proxies">Train proxies</a> on your own text
        </li>
        <li>
          <a href="/guide">Read the guide</a>: from corpora to a mixture, and the paper’s claims one
          by one
        </li>
      </ul>
      <Source>
        Liu et al. 2024, <Arxiv id="2407.01492">RegMix, arXiv 2407.01492</Arxiv>; Muennighoff et al.
        2023, <Arxiv id="2305.16264">Scaling Data-Constrained Language Models</Arxiv>; Ye et al.
        2024, <Arxiv id="2403.16952">Data Mixing Laws</Arxiv>.
      </Source>
    </>
  );
}

function errorText(error: unknown): string {
  if (error instanceof StageError || error instanceof RemoteError) {
    return `${error.message} ${error.advice}`.trim();
  }
  return error instanceof Error ? error.message : String(error);
}

const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** Steps of the grid that is searched for the best mixture of the three domains. */
const gridSteps = 100;

/** Three domains of the Pile against the loss on StackExchange: sliders, curves and the best of them. */
function PaperExample({
  study,
  fit: { model, places },
  onMove,
}: {
  study: Study;
  fit: PaperFit;
  onMove: () => void;
}) {
  const [shares, setShares] = useState<readonly number[]>([1 / 3, 1 / 3, 1 / 3]);
  const target = study.targets.find(({ id }) => id === example.target) ?? study.targets[0];
  const mixtureOf = (three: readonly number[]): Float64Array => {
    const mixture = new Float64Array(study.domains.length);
    places.forEach((place, at) => {
      mixture[place] = three[at];
    });
    return mixture;
  };
  const names = places.map((place) => study.domains[place].name);
  const predicted = predictRow(model, mixtureOf(shares));
  const best = useMemo(() => {
    let found: readonly number[] = [1, 0, 0];
    let least = Number.POSITIVE_INFINITY;
    for (const three of gridPoints(gridSteps)) {
      const mixture = new Float64Array(study.domains.length);
      places.forEach((place, at) => {
        mixture[place] = three[at];
      });
      const loss = predictRow(model, mixture);
      if (loss < least) [found, least] = [three, loss];
    }
    return { shares: found, loss: least };
  }, [study, model, places]);
  const curves = runJob(partialDependence(model, mixtureOf(shares), []));
  const panels = places.map((place, at) => ({
    label: names[at],
    weights: curves[place].weights,
    predicted: curves[place].predicted,
    low: null,
    high: null,
    current: shares[at],
    sampled: sampledOf(study, place),
  }));
  const move = (at: number, share: number) => {
    const others = 1 - shares[at];
    setShares(
      shares.map((value, place) =>
        place === at
          ? share
          : others > 1e-9
            ? (value * (1 - share)) / others
            : (1 - share) / (shares.length - 1),
      ),
    );
    onMove();
  };
  return (
    <>
      <div className="learn-pair">
        <fieldset className="learn-sliders">
          <legend>Your mixture of the three, % of tokens</legend>
          {names.map((name, at) => (
            <Slider
              key={name}
              label={name}
              value={shares[at] * 100}
              min={0}
              max={100}
              step={0.1}
              bigStep={5}
              format={(points) => formatPercent(points / 100, 1)}
              parse={(text) => {
                const share = parseShare(text);
                return share === null ? null : share * 100;
              }}
              expected="a share from 0% to 100%"
              onStart={() => {}}
              onChange={(points) => move(at, points / 100)}
              onCommit={() => {}}
            />
          ))}
        </fieldset>
        <dl className="learn-figures" aria-live="polite">
          <dt>Predicted {target.name} of your mixture</dt>
          <dd>{formatNumber(predicted, 3)}</dd>
          <dt>
            Best mixture of the three:{' '}
            {names.map((name, at) => `${formatPercent(best.shares[at], 0)} ${name}`).join(', ')}
          </dt>
          <dd>
            {formatNumber(best.loss, 3)} {target.unit}
          </dd>
        </dl>
      </div>
      <ChartFrame
        title={`${target.name} over each weight`}
        note="From your mixture: one weight changes, the other two scale in proportion."
        fileName="learn-paper-example"
        how={`The law, fitted to the ${target.name} of ${study.training.ids.length} published proxies on 17 domains. Mixtures of three domains alone lie at the edge of what was trained (ticks: deciles of trained weights), so this is extrapolation.`}
        data={{
          columns: [
            { key: 'domain', label: 'domain' },
            { key: 'weight', label: 'weight', numeric: true },
            {
              key: 'predicted',
              label: `predicted ${target.name}`,
              unit: target.unit,
              numeric: true,
            },
          ],
          rows: () =>
            panels.flatMap(({ label, weights, predicted: values }) =>
              Array.from(weights, (weight, step) => [label, weight, values[step]]),
            ),
        }}
      >
        <DependenceChart panels={panels} name={target.name} unit={target.unit} />
      </ChartFrame>
    </>
  );
}

/** Deciles of the weights that a domain had in the training runs. */
function sampledOf(study: Study, place: number): number[] {
  const sorted = columnOf(study.training.mixtures, place).sort();
  return deciles.map((share) => quantile(sorted, share));
}

/** The domains and the target of the example, by their names in the published files. */
const example = {
  target: 'stackexchange',
  domains: ['hackernews', 'github', 'philpapers'],
} as const;

/** The law of the example's target, with the indices of its domains in the study. */
interface PaperFit {
  readonly model: Model;
  /** One per domain of the example, in its order. */
  readonly places: readonly number[];
}

/**
 * Fits the law to the example's target on the paper's runs, in the explore worker.
 *
 * @throws Error when the runs lack the example's domains
 */
async function fitPaper(study: Study, explore: ExploreClient): Promise<PaperFit> {
  const places = example.domains.map((id) => study.domains.findIndex((each) => each.id === id));
  if (places.includes(-1)) throw new Error('they do not have the domains of the example');
  const model = await explore.call(study, 'model', {
    revision: revisionOf(study),
    target: example.target,
    regressor: 'law',
    options: { seed: 1 },
  });
  return { model, places };
}
