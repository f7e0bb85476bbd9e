'use client';

/**
 * The guided tour: its stores, its steps by the address's fragment, and the steps on limits and the
 * optimum. The other steps have files of their own.
 */
import {
  type ComponentType,
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { emptyAnalysis } from '../../lib/analysis/analysis-store';
import {
  formatNumber,
  formatPercent,
  formatTokens,
  formatTokensExactly,
} from '../../lib/model/format';
import { unlimited } from '../../lib/model/settings';
import { boundsOf } from '../../lib/optimum/constraints';
import type { Session } from '../../lib/session/study-store';
import { createPendingDocuments } from '../library/use-documents';
import { editConstraints, withDomainLimit } from '../limits/limits';
import { parseTokensAtHand, tokensAtPoints } from '../limits/token-text';
import { usePredictedOptimum } from '../optimum/hooks';
import { Predicted } from '../optimum/predicted';
import { Live } from '../shell/live';
import { createStores, StoresProvider, useOptimum, useSession, useStores } from '../shell/stores';
import { usePipeline } from '../shell/use-pipeline';
import { Slider } from '../ui/slider';
import { type LearnData, LearnProvider, type StepProps, useLearn, useProgress } from './learn-data';
import { Act, Arxiv, ComparedWeights, MixtureSliders, Source } from './parts';
import { DrawStep } from './step-draw';
import { FitStep } from './step-fit';
import { InsightsStep } from './step-insights';
import { LawStep } from './step-law';
import { PaperStep } from './step-paper';
import { ProxiesStep } from './step-proxies';
import { QuestionStep } from './step-question';
import { ScaleStep } from './step-scale';
import { useTarget, useYourPrediction } from './use-target';

/**
 * The guided tour. It has its own stores and workers, created as the explorer's are, and saves
 * only how far the reader came: saved studies and trainings are neither opened nor changed.
 */
export function Learn({ session, data }: { session: Session; data: LearnData }) {
  const [stores] = useState(() => createStores(session, emptyAnalysis, createPendingDocuments()));
  usePipeline(stores);
  return (
    <StoresProvider stores={stores}>
      <LearnProvider data={data} study={stores.study}>
        <Tour />
        <Live />
      </LearnProvider>
    </StoresProvider>
  );
}

/** The step named in the address, with links to the others. */
function Tour() {
  const fragment = useFragment();
  const { beginnings, startOver, progress: store } = useLearn();
  const [progress, update] = useProgress();
  const isNamed = steps.some((step) => step.id === fragment);
  const wanted = isNamed ? fragment : progress.step;
  const place = Math.max(
    0,
    steps.findIndex((step) => step.id === wanted),
  );
  const { id, title, Body } = steps[place];
  const done = new Set(steps.map((step) => step.id).filter((step) => progress.done.includes(step)));
  const finish = useCallback(() => {
    const { done: before } = store.getState();
    if (!before.includes(id)) store.setState({ done: [...before, id] });
  }, [store, id]);
  const heading = useRef<HTMLHeadingElement>(null);
  const pressed = useRef<string | null>(null);
  useEffect(() => {
    if (isNamed) update({ step: fragment });
  }, [isNamed, fragment, update]);
  useEffect(() => {
    // Only a press on this page moves the focus: an opened address and a restored step do not.
    if (pressed.current !== id) return;
    pressed.current = null;
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [id]);
  const press = (step: string) => {
    pressed.current = step === id ? null : step;
  };
  const goTo = (step: string) => {
    press(step);
    go(step);
  };

  return (
    <div className="learn">
      <nav className="learn-steps" aria-label="Steps">
        <ol>
          {steps.map((step) => (
            <li key={step.id}>
              <a
                href={`#${step.id}`}
                aria-current={step.id === id ? 'step' : undefined}
                onClick={() => press(step.id)}
              >
                <span className="learn-step-title">{step.title}</span>
                {done.has(step.id) && (
                  <span className="learn-check">
                    <span aria-hidden="true">✓</span>
                    <span className="visually-hidden">done</span>
                  </span>
                )}
              </a>
            </li>
          ))}
        </ol>
      </nav>
      <main className="learn-step" aria-labelledby="learn-title">
        <p className="quiet learn-place">
          <span>
            Step {place + 1} of {steps.length}
          </span>
          <progress aria-label="Steps done" value={done.size} max={steps.length} />
          <span>
            {done.size} of {steps.length} done, saved in this browser
          </span>
        </p>
        <h1 id="learn-title" ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <Body key={`${id} ${beginnings}`} onDone={finish} />
        <div className="learn-ways">
          <button
            type="button"
            className="button"
            disabled={place === 0}
            onClick={() => goTo(steps[place - 1].id)}
          >
            Back
          </button>
          {place + 1 < steps.length ? (
            <button
              type="button"
              className="button primary"
              onClick={() => goTo(steps[place + 1].id)}
            >
              Next: {steps[place + 1].title}
            </button>
          ) : (
            <a className="button primary" href="/">
              Continue in the explorer
            </a>
          )}
          <p role="status" className={done.has(id) ? 'learn-done' : 'quiet'}>
            {done.has(id) ? '✓ Step done.' : 'You can continue without doing it.'}
          </p>
          <button
            type="button"
            className="link learn-over"
            onClick={() => {
              startOver();
              goTo(steps[0].id);
            }}
          >
            Start over
          </button>
        </div>
      </main>
    </div>
  );
}

/** Limited text: a cap that binds, and the value of one more point of it. */
function CapStep({ onDone }: StepProps) {
  const { study: store } = useStores();
  const { study, settings } = useSession();
  const { target } = useTarget();
  const [progress, update] = useProgress();
  const { report, feasibility, status } = useOptimum((optimum) => optimum);
  const domain = Math.max(
    0,
    study.domains.findIndex(({ id }) => id === settings.target),
  );
  const { name } = study.domains[domain];
  const { constraints } = settings;
  const requested = constraints.requestedTokens ?? 1;
  const tokens = constraints.availableTokens[domain];
  const epochs = constraints.epochs[domain];
  const cap = tokens === null ? 1 : Math.min(1, (epochs * tokens) / requested);
  const { source } = boundsOf(constraints, study);
  const isHeld = feasibility.feasible && (report?.optimum.binding.includes(domain) ?? false);
  const binds = isHeld && source[domain] === 'tokens';
  // The optimum takes no more of a domain than the runs tried, whatever text there is.
  const isHeldByRuns = isHeld && source[domain] === 'tried';
  const price = report?.prices?.[domain] ?? 0;
  const setTokens = (next: number | null) => {
    const availableTokens = next !== null && Number.isFinite(next) ? next : null;
    editConstraints(store, (limits) => withDomainLimit(limits, domain, { availableTokens }));
    update({ tokens: availableTokens });
  };
  const kept = useRef(progress.tokens);
  useEffect(() => {
    if (kept.current === null) return;
    const availableTokens = kept.current;
    editConstraints(store, (limits) => withDomainLimit(limits, domain, { availableTokens }));
  }, [store, domain]);
  return (
    <>
      <p className="prose">
        Text is limited. Suppose that the large model reads {formatTokens(requested)} tokens and
        that you have only so much {name} text. Up to about four epochs, repeated text helps almost
        as much as new text, so the weight of a domain is at most
      </p>
      <p className="learn-formula">cap = min(1, epochs × tokens at hand ÷ requested tokens)</p>
      <Act
        task={`Reduce the ${name} text until its cap binds, that is, until the optimum would use more of it than there is.`}
      >
        <div className="learn-pair">
          <Slider
            label={`Tokens at hand of ${name}`}
            value={tokens === null ? 100 : Math.min(100, (tokens / requested) * 100)}
            min={0}
            max={100}
            step={0.1}
            bigStep={2}
            format={(points) => written(tokensAtPoints(points, requested))}
            display={written(tokens)}
            parse={(text) => parseTokensAtHand(text, requested)}
            expected="tokens such as 150K, a share such as 5%, or “no limit”"
            onStart={store.beginGesture}
            onChange={(points) => {
              const next = tokensAtPoints(points, requested);
              setTokens(next);
              completeIfBinding(next);
            }}
            onTyped={(typed) => {
              setTokens(typed);
              completeIfBinding(typed);
            }}
            onCommit={store.endGesture}
          />
          <dl className="learn-figures" aria-live="polite" aria-busy={status !== 'ready'}>
            <dt>
              {tokens === null
                ? 'Cap'
                : `Cap: ${epochs} × ${written(tokens)} ÷ ${formatTokens(requested)}`}
            </dt>
            <dd>{cap >= 1 ? 'none' : formatPercent(cap, 1)}</dd>
            <dt>Weight of {name} in the optimum</dt>
            <dd>
              {formatPercent(report?.optimum.weights[domain] ?? Number.NaN, 1)}
              {binds && ', at its cap'}
              {isHeldByRuns && ', the most tried'}
            </dd>
            <dt>Shadow price: gain from one more point of the cap</dt>
            <dd>
              {binds && `${formatNumber(price, 4)} ${target.unit}`}
              {isHeldByRuns && 'none: the most tried binds'}
              {!binds && !isHeldByRuns && 'none: the cap does not bind'}
            </dd>
          </dl>
        </div>
        {!feasibility.feasible && <p className="refused">{feasibility.message}</p>}
        {report && <ComparedWeights report={report} isFeasible={feasibility.feasible} />}
      </Act>
      <p className="prose">
        The price rises as the cap falls: the scarcer {name} is, the more another page of it is
        worth. If several caps bind, collect text of the domain with the highest price first. The
        weight that {name} cannot have goes to the languages that replace it best.
      </p>
      <Source>
        The cap: Liu et al. 2024, <Arxiv id="2407.01492">arXiv 2407.01492</Arxiv>. Four epochs:
        Muennighoff et al. 2023, <Arxiv id="2305.16264">arXiv 2305.16264</Arxiv>, section 5.
      </Source>
    </>
  );

  /** The optimum at the last limit shows from which cap on it binds. */
  function completeIfBinding(next: number | null): void {
    const share = next === null ? 1 : (epochs * next) / requested;
    if (report && share <= report.optimum.weights[domain]) onDone();
  }
}

function written(tokens: number | null): string {
  return tokens === null ? 'no limit' : formatTokensExactly(tokens);
}

/** The reader's best mixture against the regression's. */
function OptimumStep({ onDone }: StepProps) {
  const { study: store } = useStores();
  const { study } = useSession();
  const { target } = useTarget();
  const predicted = useYourPrediction();
  const best = usePredictedOptimum();
  const { report, solved, status } = useOptimum((optimum) => optimum);
  const [{ isOptimumShown: isShown }, update] = useProgress();
  // The next step sets a limit: a reader who comes back from it must find none here.
  useEffect(() => {
    editConstraints(store, ({ requestedTokens, availableTokens }) => {
      const free = unlimited(availableTokens.length);
      return availableTokens.every((tokens) => tokens === null)
        ? store.getState().session.settings.constraints
        : { ...free, requestedTokens };
    });
  }, [store]);
  const isReady = report !== null && solved !== null && best !== null && status === 'ready';
  const [yours] = report?.yours ?? report?.prior ?? [Number.NaN];
  return (
    <>
      <p className="prose">
        A regression predicts the loss of a mixture in microseconds. RegMix draws 100,000 mixtures,
        predicts each and averages the best; the optimum of the law is found exactly. Which mixture
        would you choose with unlimited text of every language?
      </p>
      <Act
        task={`Lower the predicted ${target.name} as far as you can by hand. Then show the optimum.`}
      >
        <div className="learn-pair">
          <MixtureSliders />
          <div className="controls">
            <p role="status" className="learn-large">
              Yours: <strong>{predicted === null ? '…' : formatNumber(predicted, 3)}</strong>{' '}
              {target.unit}
            </p>
            <button
              type="button"
              className="button primary"
              disabled={!isReady}
              onClick={() => {
                update({ isOptimumShown: true });
                onDone();
              }}
            >
              Show the optimum
            </button>
            {isShown && isReady && (
              <p className="prose">
                The optimum is predicted to reach {formatNumber(best, 3)} {target.unit}:{' '}
                {belowText(yours - best)} your mixture and {belowText(report.prior[0] - best)} the
                prior.
              </p>
            )}
          </div>
        </div>
        {isShown && isReady && (
          <>
            <ComparedWeights report={report} isFeasible />
            <Predicted report={report} solved={solved} />
          </>
        )}
      </Act>
      <p className="prose">
        This optimum is for Spanish alone. It leaves out languages that do not help, so a model
        trained on it does not learn them; for several languages, the explorer combines several
        targets. See also the last line of the table: far from all {study.training.ids.length} runs,
        a prediction is extrapolation.
      </p>
      <Source>
        Liu et al. 2024, <Arxiv id="2407.01492">arXiv 2407.01492</Arxiv>, section 3.
      </Source>
    </>
  );
}

/** `0.120 below`, of a loss that is lower by so much. */
function belowText(difference: number): string {
  return `${formatNumber(Math.abs(difference), 3)} ${difference < 0 ? 'above' : 'below'}`;
}

/** One step of the tour. */
interface Step {
  /** The fragment of the address, after `#`. */
  readonly id: string;
  readonly title: string;
  readonly Body: ComponentType<StepProps>;
}

/** The steps in their order. */
const steps: readonly Step[] = [
  { id: 'question', title: 'The question', Body: QuestionStep },
  { id: 'draw', title: 'Draw mixtures', Body: DrawStep },
  { id: 'proxies', title: 'Watch proxies learn', Body: ProxiesStep },
  { id: 'fit', title: 'Fit a regression', Body: FitStep },
  { id: 'law', title: 'Meet the law', Body: LawStep },
  { id: 'optimum', title: 'The best mixture', Body: OptimumStep },
  { id: 'cap', title: 'Run out of tokens', Body: CapStep },
  { id: 'scale', title: 'Does it hold for larger models?', Body: ScaleStep },
  { id: 'insights', title: 'What the paper learnt', Body: InsightsStep },
  { id: 'paper', title: 'An example on the paper’s runs', Body: PaperStep },
];

/** The fragment of the address, without its `#`. */
function useFragment(): string {
  return useSyncExternalStore(subscribe, inBrowser, onServer);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

const inBrowser = () => window.location.hash.slice(1);
const onServer = () => '';

/** Changes the fragment, which the Back button undoes. */
function go(fragment: string): void {
  window.location.hash = fragment;
}
