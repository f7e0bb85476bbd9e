'use client';

/**
 * The optimum over the number of finished proxies: records it as runs finish, draws its weights, and lets the
 * reader go back through its moments.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { create } from 'zustand';
import {
  askedFor,
  courseOf,
  lastMove,
  type Moment,
  replayMoments,
  withMoment,
} from '../../lib/analysis/moments';
import { createFitClient, createOptimumClient } from '../../lib/browser/workers';
import { errorMessage } from '../../lib/model/errors';
import { formatNumber, formatPercent, plural } from '../../lib/model/format';
import { significance } from '../../lib/model/regressor';
import type { Domain } from '../../lib/model/study';
import { CancelledError } from '../../lib/rpc/client';
import { minimumTrainingRows } from '../../lib/runs/recognition';
import { revisionOf } from '../../lib/study/identity';
import { isOfTraining } from '../../lib/study/trained';
import { isActive } from '../../lib/training/state';
import { ChartFrame } from '../charts/chart-frame';
import { domainColors } from '../charts/domain-colors';
import { EndLabels, endLabelGap } from '../charts/end-labels';
import { OptimumMark } from '../charts/marks';
import { PlotBox, usePlot } from '../charts/plot-box';
import { leftMargin, linearAxis, type PlotFrame, percentAxis } from '../charts/plot-geometry';
import { useAnswerFigure } from '../optimum/hooks';
import { useActiveFit, useHidesAnswer, useOptimum, useSession, useStores } from '../shell/stores';
import { useTraining } from './session';

const height = 300;
const initialWidth = 560;
/** Maximum number of domains named at the end of their line. */
const maxNamed = 6;
/** A weight below this has no name of its own at the end of its line. */
const leastNamed = 0.02;
/** Fewer moments than this are no course: they can be found again from the runs. */
const leastCourse = 3;

/**
 * How the optimum settles as proxies finish: a line per domain over the number of runs it was found from, and
 * a slider through its moments.
 *
 * @param job id of the training on view
 * @param total number of its proxies
 * @param waiting why its study is not on view; undefined where it is
 */
export function Settling({
  job,
  total,
  waiting,
}: {
  job: string;
  total: number;
  waiting: string | undefined;
}) {
  const { study, settings } = useSession();
  useRecording(job);
  const moments = useMoments((state) => state.all);
  const question = askedFor({ settings });
  const course = useMemo(() => courseOf(moments, job, question), [moments, job, question]);
  const replay = useReplay(job);
  const underWay = useTraining((state) => isActive(state.status));
  const finished = useTraining((state) => state.finished.length);
  const isOnView = waiting === undefined;
  const canReplay =
    isOnView &&
    !underWay &&
    course.length < leastCourse &&
    study.training.ids.length > minimumTrainingRows;
  const [picked, setPicked] = useState<Picked | null>(null);
  const setAt = useCallback(
    (place: number | null) => {
      const runs = place === null ? undefined : course.at(place)?.runs;
      setPicked(runs === undefined ? null : { job, question, runs });
    },
    [course, job, question],
  );
  // The latest moment is followed unless another one of this course was picked.
  const at = placeOf(picked, course, job, question);
  const place = at ?? course.length - 1;
  const playing = usePlaying(course.length, place, setAt);
  const { target } = settings;
  const name = study.targets.find(({ id }) => id === target)?.name ?? '';
  const moment = course.at(place);
  const figure = useAnswerFigure();
  const found = useOptimum(({ report }) => report?.optimum.predicted);
  // The answer's own moment says what the answer says.
  const isAnswer = isOnView && moment !== undefined && moment.predicted === found;
  const text = moment && momentText(moment, isAnswer && !figure?.isRough ? figure : null);
  if (useHidesAnswer()) return null;
  return (
    <ChartFrame
      title={
        isOnView ? `The optimum for ${name} as proxies finish` : 'The optimum as proxies finish'
      }
      note={isOnView ? settledText(course, study.domains) : undefined}
      fileName="optimum-settling"
      how="While proxies finish, the page refits the regression and finds the best mixture under the limits again. One line per domain; rho is cross-validated. Moments lost by a reload are recomputed from the first proxies of the plan."
      data={{
        columns: [
          { key: 'runs', label: 'proxies', numeric: true },
          {
            key: 'predicted',
            label: 'predicted loss, not corrected',
            unit: 'bits per byte',
            numeric: true,
          },
          { key: 'rho', label: 'rho', numeric: true },
          ...study.domains.map((domain) => ({ key: domain.id, label: domain.name, numeric: true })),
        ],
        rows: () =>
          course.map(({ runs, predicted, rho, weights }) => [runs, predicted, rho, ...weights]),
      }}
    >
      <Lines
        moments={course}
        place={place}
        domains={study.domains}
        prior={study.prior.weights}
        total={total}
        empty={waiting ?? 'Lines are drawn here once the first fit is made.'}
      />
      <div className="replay">
        <button
          type="button"
          className="button"
          disabled={course.length < 2}
          onClick={playing.isOn ? playing.pause : playing.play}
        >
          {playing.isOn ? 'Pause' : 'Play'}
          <span className="visually-hidden"> how the optimum settles</span>
        </button>
        <input
          type="range"
          aria-label="Moment"
          aria-valuetext={text ?? 'none yet'}
          min={0}
          max={Math.max(1, course.length - 1)}
          step={1}
          value={Math.max(0, place)}
          disabled={course.length < 2}
          onChange={(event) => {
            playing.pause();
            const next = event.currentTarget.valueAsNumber;
            setAt(next >= course.length - 1 ? null : next);
          }}
        />
      </div>
      {/* A training fits anew too often for every moment of it to be read out. */}
      <p className="quiet small replay-text" role={at === null && !underWay ? 'status' : undefined}>
        {text}
        {moment &&
          underWay &&
          at === null &&
          finished > moment.runs &&
          ` ${finished - moment.runs} finished since.`}
      </p>
      {canReplay && (
        <div className="button-row">
          <button
            type="button"
            className="button"
            onClick={replay.left === null ? replay.start : replay.stop}
          >
            {replay.left === null ? 'Find its earlier moments again' : 'Stop'}
          </button>
          <span className="quiet small" role="status">
            {replay.left !== null && `${replay.left} to come`}
          </span>
        </div>
      )}
      {replay.problem !== '' && (
        <p className="refused" role="alert">
          {replay.problem}
        </p>
      )}
    </ChartFrame>
  );
}

/** A moment that was picked: more of them may come before it, so it is not known by its place. */
type Picked = Pick<Moment, 'job' | 'question' | 'runs'>;

/** The place of the picked moment in a course; null where it is the last, or of another course. */
function placeOf(
  picked: Picked | null,
  course: readonly Moment[],
  job: string,
  question: string,
): number | null {
  if (picked?.job !== job || picked.question !== question) return null;
  const place = course.findIndex(({ runs }) => runs >= picked.runs);
  return place === -1 || place === course.length - 1 ? null : place;
}

/** A weight that changes by less over the last quarter of the runs has settled. */
const settledChange = 0.05;

function settledText(course: readonly Moment[], domains: readonly Domain[]): string {
  const move = lastMove(course);
  if (!move) return 'Whether it has settled shows after a few more proxies.';
  const { runs, domain, from, to } = move;
  const change = Math.abs(to - from);
  const since = `over the last ${plural(runs, 'proxy', 'proxies')}`;
  return change >= settledChange
    ? `Not settled yet: ${domains[domain].name} went from ${formatPercent(from, 0)} to ${formatPercent(to, 0)} ${since}.`
    : `Settled: no weight changed by more than ${plural(Math.max(1, Math.ceil(100 * change)), 'point')} ${since}.`;
}

/** @param answer the page's answer, where the moment is that one */
function momentText(
  { runs, predicted, rho, p }: Moment,
  answer: { readonly mean: number; readonly half: number | null } | null,
): string {
  const ranks = Number.isFinite(rho) ? formatNumber(rho, 3) : 'not known yet';
  const caveat =
    p > significance ? ` They do not tell mixtures apart yet (p = ${formatNumber(p, 2)}).` : '';
  const half = answer?.half ?? null;
  const band = half === null ? '' : ` ± ${formatNumber(half, 3)}`;
  const loss = `${formatNumber(answer?.mean ?? predicted, 3)}${band} bits per byte`;
  const how = answer ? '' : ' (not corrected for choosing the best of many)';
  return `By ${runs} proxies: predicted ${loss}${how}, rho ${ranks}.${caveat}`;
}

/** The moments of this visit's trainings: they stay while another study is on view. */
const useMoments = create<{ readonly all: readonly Moment[] }>(() => ({ all: [] }));

function addMoment(moment: Moment): void {
  useMoments.setState(({ all }) => ({ all: withMoment(all, moment) }));
}

/** Records the moments of the study on view. */
function useRecording(job: string): void {
  const session = useSession();
  const { study } = session;
  const { report, solved, status } = useOptimum((state) => state);
  const fit = useActiveFit().state;
  const question = askedFor(session);
  const fitted = fit?.status === 'done' ? fit.report : null;
  const rho = fitted?.crossValidation.spearman ?? Number.NaN;
  const p = fitted?.signal.p ?? Number.NaN;
  const runs = study.training.ids.length;
  const isOurs = isOfTraining(study, job);
  useEffect(() => {
    // An optimum found from former runs has been recorded already.
    if (!isOurs || status !== 'ready' || !report || solved?.revision !== revisionOf(study)) return;
    const { weights, predicted } = report.optimum;
    addMoment({ job, question, runs, weights, predicted, rho, p });
  }, [isOurs, job, question, runs, status, report, solved, study, rho, p]);
}

/** Goes through the moments by itself, once, from the first one if the last is on view. */
function usePlaying(count: number, place: number, onPlace: (place: number | null) => void) {
  const [isOn, setOn] = useState(false);
  useEffect(() => {
    if (!isOn) return;
    const timer = setTimeout(
      () => {
        const isLast = place + 1 >= count - 1;
        onPlace(isLast ? null : place + 1);
        if (isLast) setOn(false);
      },
      Math.max(shortestShow, Math.min(longestShow, wholeShow / count)),
    );
    return () => clearTimeout(timer);
  }, [isOn, place, count, onPlace]);
  return {
    isOn,
    play: () => {
      if (place >= count - 1) onPlace(0);
      setOn(true);
    },
    pause: () => setOn(false),
  };
}

/** Milliseconds that all moments are shown for, and each of them at least and at most. */
const wholeShow = 5_000;
const shortestShow = 120;
const longestShow = 600;

/** Finds the moments that this tab has not seen, by workers of its own. */
function useReplay(job: string) {
  const session = useSession();
  const { onnx } = useStores();
  const [left, setLeft] = useState<number | null>(null);
  const [problem, setProblem] = useState('');
  const running = useRef<AbortController | null>(null);
  const stop = useCallback(() => running.current?.abort(), []);
  // Other limits or runs ask another question.
  // biome-ignore lint/correctness/useExhaustiveDependencies: stops at every change of the session
  useEffect(() => stop, [stop, session]);

  async function start(): Promise<void> {
    stop();
    const abort = new AbortController();
    running.current = abort;
    const fit = createFitClient(onnx.predict);
    const optimum = createOptimumClient(onnx.predict);
    setProblem('');
    setLeft(0);
    try {
      await replayMoments(
        session,
        job,
        { fit, optimum },
        (moment, toCome) => {
          addMoment(moment);
          setLeft(toCome);
        },
        abort.signal,
      );
    } catch (error) {
      if (!(error instanceof CancelledError)) setProblem(errorMessage(error));
    } finally {
      fit.close();
      optimum.close();
      setLeft(null);
    }
  }

  return { left, problem, start: () => void start(), stop };
}

function Lines({
  moments,
  place,
  domains,
  prior,
  total,
  empty,
}: {
  moments: readonly Moment[];
  /** The moment on view. */
  place: number;
  domains: readonly Domain[];
  /** One weight per domain. */
  prior: Float64Array;
  total: number;
  /** Shown where there are no moments. */
  empty: string;
}) {
  const plot = usePlot(
    initialWidth,
    useCallback((width) => frameOf(moments, total, width), [moments, total]),
  );
  const { scales } = plot;
  const moment = moments.at(place);
  const weightOf = (domain: number) => moment?.weights[domain] ?? 0;
  const { named, others } = useMemo(() => {
    const all = domains
      .map((domain, index) => ({ domain, index, weight: moment?.weights[index] ?? 0 }))
      .sort((a, b) => b.weight - a.weight);
    const large = all.filter(({ weight }) => weight >= leastNamed).slice(0, maxNamed);
    return { named: large, others: all.slice(large.length) };
  }, [domains, moment]);
  const leading = useMemo(() => new Set(named.map(({ index }) => index)), [named]);
  const x = scales.x(moment?.runs ?? 0);
  const isLast = place === moments.length - 1;
  const colors = domainColors(prior);
  const ends = named.map(({ domain, index, weight }, row) => ({
    key: domain.id,
    x,
    y: scales.y(weight),
    text: `${domain.name} ${formatPercent(weight, 0)}`,
    color: colors[index],
    isStrong: row === 0,
  }));
  const largest = others[0]?.weight ?? 0;
  const rest = {
    key: 'others',
    x,
    y: scales.y(largest),
    text: `${plural(others.length, 'other')} ${largest < leastNamed ? '<' : '≤'} ${formatPercent(Math.max(largest, leastNamed), 0)}`,
    color: 'var(--ink-2)',
    title: others.map(({ domain }) => domain.name).join(', '),
  };
  const series = useMemo(
    () =>
      domains.map(({ name }, domain) => ({
        kind: 'line' as const,
        name,
        color: colors[domain],
        width: 1.75,
        points: moments.map(({ runs, weights }) => ({
          x: runs,
          y: weights[domain],
          text: formatPercent(weights[domain], 1),
        })),
        // As many values as are named beside the lines.
        isQuiet: !leading.has(domain),
      })),
    [domains, moments, colors, leading],
  );
  return (
    <PlotBox
      plot={plot}
      label={`Weights of the optimum over finished proxies. By ${moment?.runs}: ${ends.map(({ text }) => text).join(', ')}.`}
      empty={moment ? null : empty}
      series={series}
    >
      {!isLast && <line x1={x} x2={x} y1={scales.top} y2={scales.bottom} stroke="var(--ink-2)" />}
      {domains.map(({ id }, domain) => (
        <OptimumMark
          key={id}
          x={x}
          y={scales.y(weightOf(domain))}
          color={colors[domain]}
          size={leading.has(domain) ? 4 : 2.5}
        />
      ))}
      <EndLabels
        ends={others.length > 0 ? [...ends, rest] : ends}
        scales={scales}
        room={plot.frame.margin.right - endLabelGap}
      />
    </PlotBox>
  );
}

function frameOf(moments: readonly Moment[], total: number, width: number): PlotFrame {
  const top = moments.reduce((most, { weights }) => Math.max(most, ...weights), 0.1);
  const y = percentAxis([0, Math.min(1, Math.ceil(top * 10) / 10)], 5, 'Weight (% of tokens)');
  const margin = { top: 16, right: 130, bottom: 42, left: leftMargin(y) };
  const first = moments[0]?.runs ?? 0;
  const ticks = Math.max(2, Math.min(6, Math.floor((width - 160) / 90)));
  const axis = linearAxis([Math.min(first, total - 1), total], ticks, 'Finished proxies');
  // Proxies are whole numbers, so labels are too.
  const x = { ...axis, ticks: axis.ticks.filter(Number.isInteger), format: String };
  return { width, height, margin, x, y };
}
