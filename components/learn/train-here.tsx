'use client';

import { useEffect, useMemo, useState } from 'react';
import { browserPlatform } from '../../lib/browser/platform';
import { createCorporaClient } from '../../lib/browser/workers';
import { formatNumber, formatTokens } from '../../lib/model/format';
import { spearman } from '../../lib/model/statistics';
import type { Study } from '../../lib/model/study';
import type { TrainedPopulation } from '../../lib/session/learn-progress';
import { ladder } from '../../lib/training/calibrate';
import type { FinishedRun, TrainingJob } from '../../lib/training/checkpoints';
import { createTrainingControl } from '../../lib/training/control';
import { planProxies } from '../../lib/training/plan';
import { sizes } from '../../lib/training/shape';
import { createTrainingStore, type TrainingLibrary } from '../../lib/training/state';
import { PointsChart } from '../charts/points-chart';
import { useSession } from '../shell/stores';
import { LossCurves } from '../training/loss-curves';
import { RunControls } from '../training/run-controls';
import { TrainingContext, type TrainingSession, useTraining } from '../training/session';
import { useProgress } from './learn-data';
import { LinesChart } from './lines-chart';
import { useTarget } from './use-target';

/** Seconds that the training may take. */
const seconds = 10;
/** Share of them that it takes by a short measurement: what else runs on the machine may slow it down. */
const sizedShare = 0.6;
/** Points of a loss curve that are kept. */
const keptCurvePoints = 20;

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

/** Trains a population of proxies in this tab, when the reader starts it. */
export function TrainHere({ onDone }: { onDone: () => void }) {
  const [{ trained }] = useProgress();
  const [isBegun, setBegun] = useState(false);
  if (isBegun) return <Training onDone={onDone} />;
  return (
    <div className="controls">
      <p className="prose">
        As many proxies as this machine trains within about {seconds} seconds, but at least{' '}
        {ladder[0].proxies}; a short measurement says how many. Their results are kept in this
        browser; leaving this step ends the training.
      </p>
      <div className="button-row">
        <button type="button" className="button primary" onClick={() => setBegun(true)}>
          {trained ? 'Train again' : 'Train proxies'}
        </button>
      </div>
      {trained && <Kept population={trained} />}
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
      isOffered: true,
      offeredSeconds: seconds,
      offeredShare: sizedShare,
      evaluations: 1,
      begin: () => ({ onFinished: () => {} }),
    });
    let isUnmounted = false;
    setSession({ store, control, noun: { one: 'proxy', many: 'proxies' } });
    // It is measured as it starts, and can be cancelled from then on.
    void control.open('languages').then(() => {
      if (!isUnmounted) void control.start();
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
      <Forming onDone={onDone} />
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

/** The proxies that have finished, as they are kept. */
function populationOf(
  job: TrainingJob,
  finished: readonly FinishedRun[],
  study: Study,
  target: string,
): TrainedPopulation | null {
  const places = study.domains.map(({ id }) => job.domains.findIndex((each) => each.id === id));
  const domain = job.domains.findIndex(({ id }) => id === target);
  if (domain < 0 || places.includes(-1)) return null;
  const proxies = finished.flatMap(({ id, evaluations, curve }) => {
    const proxy = job.proxies.find((each) => each.id === id);
    const losses = evaluations.at(-1)?.losses;
    // A proxy that diverged has no loss to show.
    if (!proxy || !losses || !Number.isFinite(losses[domain])) return [];
    const every = Math.max(1, Math.ceil(curve.length / keptCurvePoints));
    return [
      {
        id,
        mixture: places.map((place) => proxy.mixture[place]),
        loss: losses[domain] / Math.LN2,
        curve: curve
          .filter(
            ({ loss }, place) =>
              Number.isFinite(loss) && (place % every === 0 || place === curve.length - 1),
          )
          .map(({ step, loss }) => [step, Number((loss / Math.LN2).toFixed(3))] as const),
      },
    ];
  });
  const { steps, rows } = job.training;
  const tokens = steps * rows * sizes[job.size].context;
  return proxies.length > 0 ? { tokens, steps, proxies } : null;
}

/** What the training gives so far; kept once it is done. */
function Forming({ onDone }: { onDone: () => void }) {
  const [, update] = useProgress();
  const status = useTraining((state) => state.status);
  const job = useTraining((state) => state.job);
  const finished = useTraining((state) => state.finished);
  const { study, settings } = useSession();
  const population = useMemo(
    () => job && populationOf(job, finished, study, settings.target),
    [job, finished, study, settings.target],
  );
  const isDone = status === 'done';
  useEffect(() => {
    if (!isDone || !population) return;
    update({ trained: population });
    onDone();
  }, [isDone, population, update, onDone]);
  return population && population.proxies.length > 1 ? <Results population={population} /> : null;
}

/** Each proxy's weight of the target's language, and its loss on it. */
function Results({ population: { proxies } }: { population: TrainedPopulation }) {
  const { study, settings } = useSession();
  const { target } = useTarget();
  const domain = Math.max(
    0,
    study.domains.findIndex(({ id }) => id === settings.target),
  );
  const { name } = study.domains[domain];
  const points = proxies.map(({ id, mixture, loss }) => ({
    id,
    name: `run ${id}`,
    x: mixture[domain] * 100,
    y: loss,
  }));
  const rho = spearman(
    points.map(({ x }) => x),
    points.map(({ y }) => y),
  );
  return (
    <PointsChart
      title="Your proxies"
      note={`More ${name} in the mixture and a lower ${target.name} go together at rho ${formatNumber(rho, 2)} over your ${points.length} proxies.`}
      fileName="learn-trained"
      how={`Loss on validation text at the end of the training, over the weight in the mixture. The next steps use the study’s ${study.training.ids.length} proxies, which are larger and read more.`}
      x={{ name: `weight of ${name}`, unit: '% of tokens' }}
      y={{ name: target.name, unit: target.unit }}
      points={points}
    />
  );
}

/** The population of an earlier visit. */
function Kept({ population }: { population: TrainedPopulation }) {
  const losses = population.proxies.flatMap(({ curve }) => curve.map(([, loss]) => loss));
  return (
    <>
      <p className="prose">
        You trained {population.proxies.length} proxies of {formatTokens(population.tokens)} tokens
        each.
      </p>
      <LinesChart
        title="Training loss"
        note={`${population.proxies.length} proxies over ${population.steps} steps.`}
        fileName="learn-trained-losses"
        how="One line per proxy: the loss of single batches, in bits per byte."
        x={{ name: 'Steps', range: [0, population.steps] }}
        y={{ name: 'Training loss', unit: 'bits per byte' }}
        lines={population.proxies.map(({ id, curve }) => ({
          name: `proxy ${id}`,
          color: 'var(--accent)',
          points: curve,
          isThin: true,
        }))}
        most={Math.max(1, ...losses)}
      />
      <Results population={population} />
    </>
  );
}
