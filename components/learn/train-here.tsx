'use client';

import { useEffect, useState } from 'react';
import { browserPlatform } from '../../lib/browser/platform';
import { createCorporaClient } from '../../lib/browser/workers';
import { formatNumber, formatTokens } from '../../lib/model/format';
import { spearman } from '../../lib/model/statistics';
import { createTrainingControl } from '../../lib/training/control';
import { planProxies } from '../../lib/training/plan';
import { createTrainingStore, type TrainingLibrary } from '../../lib/training/state';
import { PointsChart } from '../charts/points-chart';
import { useSession } from '../shell/stores';
import { LossCurves } from '../training/loss-curves';
import { RunControls } from '../training/run-controls';
import { TrainingContext, type TrainingSession, useTraining } from '../training/session';
import { useTarget } from './use-target';

/** Small enough to train in half a minute on a slow machine. */
const training = { size: '7k', tokens: 60_000, count: 8 } as const;

/** A training of the tour must not replace one that the reader has saved. */
const noopLibrary: TrainingLibrary = {
  jobs: async () => [],
  put: async () => {},
  remove: async () => {},
  checkpoints: () => ({
    finished: async () => [],
    finish: async () => {},
    groups: async () => [],
    load: async () => null,
    save: async () => {},
    remove: async () => {},
  }),
  putCorpora: async () => {},
  corpora: async () => null,
};

/** Trains a few proxies in this tab, when the reader starts it. */
export function TrainHere({ onDone }: { onDone: () => void }) {
  const [isBegun, setBegun] = useState(false);
  if (isBegun) return <Training onDone={onDone} />;
  return (
    <div className="controls">
      <p className="prose">
        {training.count} proxies of 7,000 parameters, {formatTokens(training.tokens)} bytes each, on
        this machine’s processor or GPU. It takes under a minute on most machines; nothing of it is
        kept, and leaving this step ends it.
      </p>
      <div className="button-row">
        <button type="button" className="button primary" onClick={() => setBegun(true)}>
          Train {training.count} proxies
        </button>
      </div>
    </div>
  );
}

function Training({ onDone }: { onDone: () => void }) {
  const [session, setSession] = useState<TrainingSession | null>(null);
  useEffect(() => {
    const corpora = createCorporaClient();
    const store = createTrainingStore();
    const platform = browserPlatform(() => corpora, noopLibrary);
    // The runs stay in the training: they do not belong to the tour's study.
    const control = createTrainingControl(store, platform, {
      plan: planProxies,
      isOfForm: true,
      evaluations: 1,
      begin: () => ({ onFinished: () => {} }),
    });
    let isUnmounted = false;
    setSession({ store, control, noun: { one: 'proxy', many: 'proxies' } });
    void control.open('languages').then(() => {
      if (isUnmounted) return;
      const { sampling } = store.getState().settings;
      control.change({
        size: training.size,
        tokens: training.tokens,
        sampling: { ...sampling, count: training.count },
      });
      void control.start();
    });
    return () => {
      isUnmounted = true;
      control.close();
      corpora.close();
    };
  }, []);
  if (!session) return null;
  return (
    <TrainingContext value={session}>
      <Under />
      <RunControls />
      <LossCurves />
      <Trained onDone={onDone} />
    </TrainingContext>
  );
}

/** The state before the first step. */
function Under() {
  const corpora = useTraining((state) => state.corpora);
  const preflight = useTraining((state) => state.preflight);
  const problem =
    corpora.status === 'failed'
      ? corpora.message
      : preflight.status === 'failed' && preflight.message;
  if (problem) {
    return (
      <p className="refused" role="alert">
        {problem}
      </p>
    );
  }
  if (corpora.status === 'loading') return <p role="status">Reading the text…</p>;
  return preflight.status === 'done' ? <p className="quiet">{preflight.reason}</p> : null;
}

/** The result: each proxy's weight of the target's language, and its loss on it. */
function Trained({ onDone }: { onDone: () => void }) {
  const { study, settings } = useSession();
  const { target } = useTarget();
  const status = useTraining((state) => state.status);
  const job = useTraining((state) => state.job);
  const finished = useTraining((state) => state.finished);
  const isDone = status === 'done';
  useEffect(() => {
    if (isDone) onDone();
  }, [isDone, onDone]);
  const domain = job?.domains.findIndex(({ id }) => id === settings.target) ?? -1;
  if (!isDone || !job || domain < 0) return null;
  const points = finished.flatMap(({ id, evaluations }) => {
    const proxy = job.proxies.find((each) => each.id === id);
    const losses = evaluations.at(-1)?.losses;
    if (!proxy || !losses) return [];
    return [
      { id, name: `run ${id}`, x: proxy.mixture[domain] * 100, y: losses[domain] / Math.LN2 },
    ];
  });
  const rho = spearman(
    points.map(({ x }) => x),
    points.map(({ y }) => y),
  );
  const { name } = job.domains[domain];
  return (
    <PointsChart
      title="Your proxies"
      note={`More ${name} in the mixture and a lower ${target.name} go together at rho ${formatNumber(rho, 2)} over your ${points.length} proxies.`}
      fileName="learn-trained"
      how={`Loss on validation text at the end of the training, over the weight in the mixture. ${points.length} proxies are too few to fit a regression to: the study has ${study.training.ids.length}.`}
      x={{ name: `weight of ${name}`, unit: '% of tokens' }}
      y={{ name: target.name, unit: target.unit }}
      points={points}
    />
  );
}
