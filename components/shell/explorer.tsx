'use client';

/**
 * The explorer page: stores, workers, dialogs, the first screen with its result in words, the
 * stages, and page-wide keys.
 */
import { type ComponentType, Fragment, useEffect, useState } from 'react';
import { type AnalysisState, withoutAnswer } from '../../lib/analysis/analysis-store';
import { betterText, formatNumber, formatPercent, plural } from '../../lib/model/format';
import { columnOf } from '../../lib/model/matrix';
import type { Regimes } from '../../lib/model/regressor';
import type { Domain, Study } from '../../lib/model/study';
import { isImplausible, leadingWeights } from '../../lib/optimum/finding';
import { regressorInfo } from '../../lib/regression/catalogue';
import type { Session, StudyStore } from '../../lib/session/study-store';
import { ChallengePanel } from '../challenge/challenge-panel';
import { ExportPanel } from '../export/export-panel';
import { LessonBanner, useLesson } from '../lesson/lesson';
import { createPendingDocuments, useDocuments } from '../library/use-documents';
import { LimitsPanel } from '../limits/limits-panel';
import { MixturesPanel } from '../mixture/mixtures-panel';
import { useFormer, useOutdated, usePredictedOptimum, useRefinedAdvice } from '../optimum/hooks';
import { OptimumPanel } from '../optimum/optimum-panel';
import { NextPanel } from '../proposals/next-panel';
import { InteractionsPanel } from '../regression/interactions-panel';
import { RegressionPanel } from '../regression/regression-panel';
import { RunsPanel } from '../runs/runs-panel';
import { SchedulePanel } from '../schedule/schedule-panel';
import { LinkOpener } from '../share/link-opener';
import { SiteFoot } from '../site/site-bar';
import { SpacePanel } from '../space/space-panel';
import { TrainingPanel } from '../training/training-panel';
import { TrustPanel } from '../trust/trust-panel';
import { Dialog } from '../ui/dialog';
import { isTextField, ownsUndo } from '../ui/draft';
import { lazyDialog } from '../ui/lazy-part';
import { VerifyPanel } from '../verify/verify-panel';
import { FileDrop } from './file-drop';
import { Rail } from './rail';
import { StageBoundary, type StageId, stageList } from './stage';
import {
  createStores,
  StoresProvider,
  useActiveFit,
  useHidesAnswer,
  useOptimum,
  useSession,
  useView,
} from './stores';
import { TopBar } from './top-bar';
import { usePipeline } from './use-pipeline';

const OpenDialog = lazyDialog('Open runs', () => import('../runs/open-dialog'));
const StudiesDialog = lazyDialog('Studies', () => import('../library/studies-dialog'));

/** The whole page: creates the stores, starts the workers, and lays out the stages. */
export function Explorer({ session, analysis }: { session: Session; analysis: AnalysisState }) {
  const [documents] = useState(createPendingDocuments);
  const [stores] = useState(() => createStores(session, analysis, documents));
  const [opening, setOpening] = useState<readonly File[] | null>(null);
  const [showingStudies, setShowingStudies] = useState(false);
  const [showingKeys, setShowingKeys] = useState(false);

  usePipeline(stores);
  useLesson(stores.view);
  useDocuments(stores.study, documents);
  useShortcuts({ study: stores.study, onKeys: () => setShowingKeys(true) });

  return (
    <StoresProvider stores={stores}>
      <TopBar
        onOpen={() => setOpening([])}
        onStudies={() => setShowingStudies(true)}
        onKeys={() => setShowingKeys(true)}
      />
      <div className="page">
        <LinkOpener />
        <LessonBanner />
        <Finding />
        <div className="grid">
          <Rail />
          <Stages onOpen={() => setOpening([])} />
        </div>
      </div>
      <SiteFoot />
      <BottomBar />
      {opening && <OpenDialog dropped={opening} onClose={() => setOpening(null)} />}
      {showingStudies && <StudiesDialog onClose={() => setShowingStudies(false)} />}
      {showingKeys && <KeysDialog onClose={() => setShowingKeys(false)} />}
      <FileDrop onRuns={setOpening} />
    </StoresProvider>
  );
}

/** On small screens: the result and a link to the sliders, reachable from anywhere on the page. */
function BottomBar() {
  const { study } = useSession();
  const { report, advice, feasibility, status } = useOptimum((state) => state);
  const fit = useActiveFit().state;
  const isOutdated = useOutdated();
  const isFormer = useFormer();
  const predicted = usePredictedOptimum();
  if (useHidesAnswer()) {
    return (
      <nav className="bottom-bar" aria-label="Your turn">
        <span>The answer is hidden</span>
        <a href="#challenge">Your turn</a>
      </nav>
    );
  }
  return (
    <nav className="bottom-bar" aria-label="Optimum">
      <span>{summary()}</span>
      <a href="#optimum">Optimum</a>
      <a href="#limits">Limits</a>
    </nav>
  );

  function summary(): string {
    if (!feasibility.feasible) return 'No mixture meets your limits';
    if (!report || predicted === null || isOutdated) {
      return fit?.status === 'failed' || status === 'failed' ? 'No fit, no optimum' : 'Fitting…';
    }
    if (advice?.verb === 'none') return advice.words;
    const [first] = leadingWeights(study.domains, report.optimum.weights, 1);
    const by = isFormer ? ', former runs' : '';
    return `${formatPercent(first.weight, 0)} ${first.name}, ${formatNumber(predicted, 3)}${by}`;
  }
}

const keys = [
  ['Tab', 'go through everything that can be set, in reading order'],
  ['← →', 'move a focused slider by 0.1 point; with Shift by 1 point'],
  ['Enter', 'take over a typed value; 3%, 25B and 750M are understood'],
  ['Ctrl or ⌘ + Z', 'undo the last gesture, whether a drag, a typed value or opened files'],
  [
    'Ctrl or ⌘ + Shift + Z',
    'redo it; in a field with text not yet taken over, both keys are about that text',
  ],
  ['↑ ↓ ← →', 'go from cell to cell of a focused heatmap'],
  ['Space', 'pause a training in this tab, and go on with it'],
  ['.', 'one step of a training that is paused'],
  ['?', 'show this list'],
] as const;

function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {keys.map(([key, meaning]) => (
          <div key={key + meaning}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

/** What must be known about the origin of the runs before reading any result. */
const labels: Readonly<Record<Study['source']['kind'], string | null>> = {
  simulated: 'Simulated runs',
  trained: 'Trained by this page',
  files: null,
  published: null,
};

/** The result in words: whether to train on it, its predicted loss, and how far to trust it. */
function Finding() {
  const { study } = useSession();
  const label = labels[study.source.kind];
  return (
    <div className="finding">
      <h1 id="finding" aria-live="polite">
        <Answer />
      </h1>
      <p>
        {label && <span className="label">{label}</span>}
        <Trust />
      </p>
    </div>
  );
}

function Answer() {
  const { study, settings } = useSession();
  const { report, solved, advice, feasibility, status, failure } = useOptimum((state) => state);
  const isHidden = useHidesAnswer();
  const isOutdated = useOutdated();
  const predicted = usePredictedOptimum();
  useRefinedAdvice();
  const target = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  if (!feasibility.feasible) return <>No mixture meets your limits. {feasibility.message}</>;
  if (failure) return <>{failure.message}</>;
  if (isHidden) {
    return (
      <>
        The answer is hidden. Set your own mixture under <a href="#challenge">Your turn</a>.
      </>
    );
  }
  if (isOutdated) return <>Fitting {target.name} to find the best mixture under these limits…</>;
  if (!report || !solved || predicted === null)
    return <>Fitting {target.name} to find the best mixture…</>;
  if (advice?.verb === 'none') {
    return (
      <span aria-busy={status !== 'ready'}>
        {advice.words}: {advice.reason}.
      </span>
    );
  }
  const { weights } = report.optimum;
  const named = leadingWeights(study.domains, weights);
  const first = study.targets.find(({ id }) => id === solved.terms[0].target) ?? target;
  const lowers = first.direction === 'lower';
  const [prior] = report.prior;
  const gain = lowers ? prior - predicted : predicted - prior;
  const [better, worse] = lowers ? ['below', 'above'] : ['above', 'below'];
  const others = solved.terms.length - 1;
  return (
    <span aria-busy={status !== 'ready'}>
      {advice?.words ?? (solved.seek === 'worst' ? 'Perhaps stay away from' : 'Try')}{' '}
      {named.map(({ index, name, weight }, place) => (
        <Fragment key={index}>
          {place > 0 && (place === named.length - 1 ? ' and ' : ', ')}
          {place === 0 ? (
            <strong>
              {formatPercent(weight, 0)} {name}
            </strong>
          ) : (
            `${formatPercent(weight, 0)} ${name}`
          )}
        </Fragment>
      ))}
      : predicted {first.name} {formatNumber(predicted, 3)} ({betterText(first.direction)}),{' '}
      {formatNumber(Math.abs(gain), 3)} {gain >= 0 ? better : worse} the prior
      {others > 0 && `, for ${plural(others + 1, 'target')} at once`}
      {advice && `${advice.verb === 'try' ? '; only a try' : ''}, since ${advice.reason}`}.
    </span>
  );
}

function Trust() {
  const { study } = useSession();
  const { state: fit, regressor, isPreliminary } = useActiveFit();
  const optimum = useOptimum((state) => state);
  // While no mixture meets the limits, the former one is not the answer: nothing is said of it.
  const isInfeasible = optimum.status === 'infeasible';
  const { report, advice, refinement } = isInfeasible ? withoutAnswer(optimum) : optimum;
  const band = useView((state) => state.band);
  const isOutdated = useOutdated();
  const isFormer = useFormer();
  if (fit?.status === 'failed') return <>{fit.advice}</>;
  if (isFormer && !isOutdated && !isInfeasible) {
    const runs = plural(study.training.ids.length, 'run');
    return <>This answer is from the former runs, until the fit to the {runs} of now is made.</>;
  }
  if (fit?.status !== 'done') return <>{study.source.detail} Fitting…</>;
  const { crossValidation, bands, regimes } = fit.report;
  // Between two regimes there is no run that the band at the mean prediction would hold.
  const half = regimes ? null : bands.halfWidths[band];
  return (
    <>
      {describeLimits()} {regressorInfo(regressor).name} on {plural(crossValidation.n, 'run')}: rho{' '}
      {formatNumber(crossValidation.spearman, 3)} on runs the fit{' '}
      {regressorInfo(regressor).mayHaveSeenRuns ? 'may have seen' : 'has not seen'}
      {regimes && `: ${regimesText(study.domains, regimes)}`}
      {half !== null && `, ${band}% of them within ±${formatNumber(half, 3)}`}.
      {isPreliminary && ' A more accurate fit is on its way and will take its place.'}
      {refinement &&
        advice?.verb !== 'none' &&
        ` It took over from ${regressorInfo(refinement.from).name}: ${formatPercent(refinement.moved, 1)} of the mixture moved.`}
      {report?.coverage.far &&
        advice?.verb !== 'none' &&
        ' The mixture lies outside of what was sampled: check it before you train on it.'}
      {impossible()}
    </>
  );

  function describeLimits(): string {
    if (!report || isOutdated || advice?.verb === 'none') return '';
    const { binding, violated } = report.optimum;
    if (violated.length > 0) {
      return `This mixture breaks ${plural(violated.length, 'limit')}: the paper’s procedure knows none.`;
    }
    if (binding.length === 0) return 'No limit binds.';
    return `${plural(binding.length, 'limit')} ${binding.length === 1 ? 'binds' : 'bind'}.`;
  }

  function impossible(): string {
    const first = report && fit?.status === 'done' ? measuredOf(study, fit.report.target) : null;
    if (!report || !first || !isImplausible(report.optimum.predicted, first)) return '';
    const [low, high] = [first[0], first[first.length - 1]].map((end) => formatNumber(end, 3));
    return ` The prediction is far outside of what was measured (${low} to ${high}): this regressor extrapolates, do not believe it.`;
  }
}

/** `0.930 with Russian, 0.272 without`: of a target with two regimes. */
function regimesText(domains: readonly Domain[], { domain, least, rows }: Regimes): string {
  const [{ with: some, without }] = rows;
  const [high, low] = [some, without].map(({ spearman }) => formatNumber(spearman, 3));
  const { name } = domains[domain];
  return least === 0
    ? `${high} with ${name}, ${low} without`
    : `${high} with more than ${formatPercent(least, 1)} ${name}, ${low} with less`;
}

/** The measured values of a target, ascending. */
function measuredOf(study: Study, target: string): Float64Array | null {
  const column = study.targets.findIndex(({ id }) => id === target);
  if (column < 0) return null;
  return columnOf(study.training.losses, column).filter(Number.isFinite).sort();
}

const panels: Readonly<Record<StageId, ComponentType<{ onOpen: () => void }>>> = {
  regression: RegressionPanel,
  optimum: OptimumPanel,
  limits: LimitsPanel,
  challenge: ChallengePanel,
  trust: TrustPanel,
  space: SpacePanel,
  runs: RunsPanel,
  mixtures: MixturesPanel,
  interactions: InteractionsPanel,
  next: NextPanel,
  proxies: TrainingPanel,
  schedule: SchedulePanel,
  verify: VerifyPanel,
  export: ExportPanel,
};

/** The stages in order, without those that a lesson hides. */
function Stages({ onOpen }: { onOpen: () => void }) {
  const hidden = useView(({ lesson }) => lesson.hiddenStages);
  const { study } = useSession();
  return (
    <main className="stages" aria-labelledby="finding">
      {stageList.map(({ id, name }) => {
        const Panel = panels[id];
        return hidden.includes(id) ? null : (
          <StageBoundary key={id} study={study.id} title={name}>
            <Panel onOpen={onOpen} />
          </StageBoundary>
        );
      })}
    </main>
  );
}

/** Page-wide keys. A text field handles undo itself only while it holds an uncommitted draft. */
function useShortcuts({ study, onKeys }: { study: StudyStore; onKeys: () => void }): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (document.querySelector('dialog[open]')) return;
      const focused = event.target instanceof HTMLElement ? event.target : document.body;
      const command = event.metaKey || event.ctrlKey;
      const key = event.key.toLowerCase();
      if (command && (key === 'z' || key === 'y') && ownsUndo(focused)) return;
      if (command && key === 'z') {
        event.preventDefault();
        if (event.shiftKey) study.redo();
        else study.undo();
      } else if (command && key === 'y') {
        event.preventDefault();
        study.redo();
      } else if (!command && !event.altKey && event.key === '?' && !isTextField(focused)) {
        event.preventDefault();
        onKeys();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [study, onKeys]);
}
