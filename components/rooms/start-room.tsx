'use client';

/** The first room: what this is, three ways in, the study on view at a glance, and recent studies. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DocumentHead } from '../../lib/library/document';
import { formatNumber, formatPercent, plural, targetLabel } from '../../lib/model/format';
import { rowOf } from '../../lib/model/matrix';
import { leadingWeights } from '../../lib/optimum/finding';
import { halfWidthOf } from '../../lib/regression/bands';
import { firstEvaluation } from '../../lib/session/view-store';
import type { RecordedVerification } from '../../lib/verify/results';
import { ChartFrame } from '../charts/chart-frame';
import { ScatterChart } from '../charts/scatter-chart';
import { reachProblem } from '../library/reach-problem';
import { Answer } from '../optimum/headline';
import { OptimumChart } from '../optimum/optimum-chart';
import { usePredictedPoints } from '../regression/predicted-points';
import { useShownFit } from '../regression/shown-fit';
import { forgetPicked } from '../runs/apply-runs';
import { useActions } from '../shell/actions';
import { useRoomPath } from '../shell/navigation';
import { hrefOf } from '../shell/rooms';
import { useHidesAnswer, useSession, useStores, useView } from '../shell/stores';
import { FilePicker } from '../ui/controls';
import { Term } from '../ui/term';
import { RecordedChart } from '../verify/recorded-chart';
import { RoomHead } from './room-head';

export default function StartRoom({ recorded }: { recorded: RecordedVerification }) {
  return (
    <>
      <RoomHead
        finding={
          <>
            Find the mix of training data that gives the lowest loss,{' '}
            <strong>from small proxy runs</strong>, before you pay for the large one.
          </>
        }
      >
        <p>
          RegMix on one page, for those who pretrain language models and those who learn how.
          Nothing leaves this tab.
        </p>
      </RoomHead>
      <LiveHead isFirst />
      <Doors />
      <Live recorded={recorded} />
      <Recent />
    </>
  );
}

/** The three ways in. */
function Doors() {
  const { study } = useSession();
  const { openRuns, openStudies } = useActions();
  return (
    <div className="doors">
      <section className="door" aria-labelledby="door-runs">
        <h2 id="door-runs">I have runs</h2>
        <p>
          Drop the tables of your <Term of="proxy">proxy</Term> runs here or anywhere: weights and
          losses, as your cluster wrote them.
        </p>
        <p className="door-act">
          <FilePicker
            label="Choose files"
            accept=".csv,.tsv,.txt,.json,.jsonl,.gz,.parquet"
            multiple
            primary
            onFiles={openRuns}
          />
          <button type="button" className="link" onClick={() => openRuns()}>
            Open runs
          </button>
        </p>
      </section>
      <section className="door" aria-labelledby="door-text">
        <h2 id="door-text">I have text</h2>
        <p>
          Train tiny transformers on mixtures of your text in this tab, and fit the regression to
          their losses.
        </p>
        <p className="door-act">
          <a className="button" href={hrefOf('proxies')}>
            Train here
          </a>
          <span className="quiet">from seconds to hours; it can be resumed</span>
        </p>
      </section>
      <section className="door" aria-labelledby="door-example">
        <h2 id="door-example">Show me</h2>
        <p>
          {study.source.builtIn === undefined
            ? 'The examples are real runs, too: those published with RegMix, and those of this page.'
            : `${plural(study.training.ids.length, 'proxy', 'proxies')} on ${plural(study.domains.length, 'domain')}, live below. Or the 512 runs published with RegMix.`}
        </p>
        <p className="door-act">
          <a className="button" href="/answer">
            See the answer
          </a>
          <button type="button" className="link" onClick={openStudies}>
            Other examples
          </button>
        </p>
      </section>
    </div>
  );
}

/**
 * The answer of the study on view, in a sentence. On a phone it stands before the doors, elsewhere after them: it is
 * there twice, and shown once, so that reading and tabbing go as it is seen, in every browser.
 */
function LiveHead({ titleId, isFirst = false }: { titleId?: string; isFirst?: boolean }) {
  return (
    <div className={isFirst ? 'live-head live-first' : 'live-head'}>
      <h2 id={titleId}>
        <Answer />
      </h2>
      <a href="/answer">Open in Answer</a>
    </div>
  );
}

/** The study on view: answer, evidence and proof, each in a picture. */
function Live({ recorded }: { recorded: RecordedVerification }) {
  const { study, settings } = useSession();
  const target = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  const isRecorded = study.source.builtIn === 'languages' && target.id === recorded.target;
  const isHidden = useHidesAnswer();
  const hidesEvidence = useView(({ lesson }) => lesson.hiddenStages.includes('regression'));
  return (
    <section className="live" aria-labelledby="live-title">
      <LiveHead titleId="live-title" />
      <div className="live-pictures">
        <OptimumChart title={isHidden ? 'The prior' : 'The answer under token limits'} />
        {hidesEvidence ? (
          <div>
            <h3>How well does it predict?</h3>
            <p className="quiet">Hidden in this lesson.</p>
          </div>
        ) : (
          <Unseen />
        )}
        {isHidden ? (
          // By how much the optimum won tells how good it is.
          <div>
            <h3>Does it win when trained?</h3>
            <p className="quiet">Hidden: guess first.</p>
          </div>
        ) : isRecorded ? (
          <RecordedChart recorded={recorded} target={target.name} />
        ) : (
          <div>
            <h3>Does it win when trained?</h3>
            <p className="quiet">
              Not tried yet for {targetLabel(target)}. Train larger models on the optimum and the
              prior to see. <a href={hrefOf('verify')}>Verify</a>
            </p>
          </div>
        )}
      </div>
    </section>
  );
}

/** Predictions of runs that the fit has not seen, those of a test set first. */
function Unseen() {
  const { study, settings } = useSession();
  const shown = useShownFit();
  const isHidden = useHidesAnswer();
  const band = useView((state) => state.band);
  const { points, table, test } = usePredictedPoints(firstEvaluation(study));
  const target = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  const report = shown?.report ?? null;
  const statistics = test?.statistics ?? report?.crossValidation;
  const rows = test ? plural(points.length, 'held-out proxy', 'held-out proxies') : 'out of fold';
  return (
    <ChartFrame
      title="Predicted against measured"
      note={statistics ? `${rows}, rho ${formatNumber(statistics.spearman, 3)}.` : 'Fitting…'}
      fileName="regmix-unseen"
      how={
        test
          ? `Predictions for “${test.name}” by the fit on all training runs.`
          : 'Each run as predicted by a fit to the others.'
      }
      data={{
        columns: [
          { key: 'run', label: 'run' },
          { key: 'predicted', label: 'predicted', unit: target.unit, numeric: true },
          { key: 'measured', label: 'measured', unit: target.unit, numeric: true },
        ],
        rows: () => points.map(({ id, predicted, measured }) => [id, predicted, measured]),
      }}
    >
      <ScatterChart
        points={points}
        name={target.name}
        unit={target.unit}
        direction={target.direction}
        band={report ? halfWidthOf(report.bands, band) : null}
        level={band}
        held={test?.coverage[band] ?? null}
        picked={null}
        onPick={() => {}}
        describe={(index) =>
          // The best run's weights are near the answer.
          isHidden
            ? []
            : leadingWeights(study.domains, rowOf(table.mixtures, index), 4).map(
                ({ name, weight }) => `${formatPercent(weight, 1)} ${name}`,
              )
        }
      />
    </ChartFrame>
  );
}

/** Most studies listed. */
const mostRecent = 5;

/** The studies saved in this browser, the latest first. */
function Recent() {
  const { documents, view, study } = useStores();
  const open = useSession().document;
  const { status, news } = useStore(documents.state);
  const goTo = useRoomPath();
  const [heads, setHeads] = useState<readonly DocumentHead[]>([]);
  const [problem, setProblem] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again after each save, here or in another tab
  useEffect(() => {
    let isCurrent = true;
    documents.ready
      .then((all) => all.list())
      .then((list) => isCurrent && setHeads(list))
      // The bar says why nothing is saved.
      .catch(() => {});
    return () => {
      isCurrent = false;
    };
  }, [documents, status, news]);
  if (heads.length === 0) return null;
  return (
    <section className="recent" aria-labelledby="recent-title">
      <h2 id="recent-title">Recent studies</h2>
      <ul>
        {heads.slice(0, mostRecent).map(({ id, name, savedAt }) => (
          <li key={id}>
            <button
              type="button"
              className="link"
              onClick={() => {
                documents.ready
                  .then((all) => all.open(id))
                  .then(() => {
                    forgetPicked(view, study.getState().session.study);
                    goTo('/answer');
                  })
                  .catch((error: unknown) => setProblem(reachProblem(error)));
              }}
            >
              {name}
            </button>
            <span className="quiet">
              {id === open ? 'open, ' : ''}saved {new Date(savedAt).toLocaleString('en-GB')}
            </span>
          </li>
        ))}
      </ul>
      {problem !== '' && (
        <p className="refused" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}
