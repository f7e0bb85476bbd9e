'use client';

/**
 * The optimum over the number of finished proxies: records it as runs finish, and draws its
 * weights.
 */
import { useCallback, useEffect, useState } from 'react';
import { formatNumber, formatPercent } from '../../lib/model/format';
import type { Domain } from '../../lib/model/study';
import { revisionOf } from '../../lib/study/identity';
import { isOfTraining } from '../../lib/study/trained';
import { ChartFrame } from '../charts/chart-frame';
import { PlotBox, usePlot } from '../charts/plot-box';
import { leftMargin, linearAxis, type PlotFrame, percentAxis } from '../charts/plot-geometry';
import { spreadLabels } from '../charts/text-fit';
import { useActiveFit, useHidesAnswer, useOptimum, useSession } from '../shell/stores';
import { useTraining } from './session';

/** The optimum found from the runs finished at a time. */
interface Moment {
  readonly job: string;
  readonly revision: string;
  readonly target: string;
  readonly runs: number;
  /** D weights. */
  readonly weights: Float64Array;
  readonly predicted: number;
  readonly rho: number;
}

const height = 240;
const initialWidth = 720;
/** Maximum number of domains named at the end of their line. */
const maxNamed = 6;
const lineHeight = 15;

/**
 * How the optimum converges as proxies finish: a line per domain over the number of runs it was
 * found from.
 */
export function Settling() {
  const { study, settings } = useSession();
  const job = useTraining((state) => state.job);
  const optimum = useOptimum((state) => state);
  const isHidden = useHidesAnswer();
  const fit = useActiveFit().state;
  const [moments, setMoments] = useState<readonly Moment[]>([]);
  const { report, solved, status } = optimum;
  const { target } = settings;
  const rho = fit?.status === 'done' ? fit.report.crossValidation.spearman : Number.NaN;
  const ours = job !== null && isOfTraining(study, job.id) ? job.id : null;
  useEffect(() => {
    const revision = revisionOf(study);
    // An optimum found from former runs has been recorded already.
    if (ours === null || status !== 'ready' || !report || solved?.revision !== revision) return;
    const { weights, predicted } = report.optimum;
    const moment = {
      job: ours,
      revision,
      target,
      runs: study.training.ids.length,
      weights,
      predicted,
      rho,
    };
    setMoments((before) => [
      ...before.filter(
        (each) => each.job === ours && each.revision !== revision && each.target === target,
      ),
      moment,
    ]);
  }, [ours, status, report, solved, study, target, rho]);
  if (job === null || ours === null || isHidden || moments.length === 0) return null;
  const name = study.targets.find(({ id }) => id === target)?.name ?? '';
  const last = moments[moments.length - 1];
  return (
    <ChartFrame
      title={`The optimum for ${name} as proxies finish`}
      fileName="optimum-settling"
      how="After every few finished proxies the regression is fitted anew and the best mixture under the limits is found again. A line per domain; rho is that of cross-validation."
      data={{
        columns: [
          { key: 'runs', label: 'proxies', numeric: true },
          { key: 'predicted', label: 'predicted loss', unit: 'bits per byte', numeric: true },
          { key: 'rho', label: 'rho', numeric: true },
          ...study.domains.map((domain) => ({ key: domain.id, label: domain.name, numeric: true })),
        ],
        rows: () =>
          moments.map(({ runs, predicted, rho: at, weights }) => [runs, predicted, at, ...weights]),
      }}
    >
      <Lines moments={moments} domains={study.domains} total={job.proxies.length} />
      <p className="quiet small" role="status">
        By {last.runs} proxies: predicted {formatNumber(last.predicted, 3)} bits per byte, rho{' '}
        {Number.isFinite(last.rho) ? formatNumber(last.rho, 3) : 'not known yet'}.
      </p>
    </ChartFrame>
  );
}

function Lines({
  moments,
  domains,
  total,
}: {
  moments: readonly Moment[];
  domains: readonly Domain[];
  total: number;
}) {
  const plot = usePlot(
    initialWidth,
    useCallback((width) => frameOf(moments, total, width), [moments, total]),
  );
  const { scales } = plot;
  const last = moments[moments.length - 1];
  const named = domains
    .map((domain, place) => ({ domain, place, weight: last.weights[place] }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, maxNamed);
  // The largest first, each label below the one before and none over those of the axis.
  const placed = spreadLabels(
    named.map(({ weight }) => scales.y(weight)),
    named.map(() => lineHeight),
    [scales.top, scales.bottom + lineHeight / 2],
  );
  const labels = named.map(({ domain, place, weight }, row) => ({
    domain,
    place,
    y: placed[row] + 4,
    text: `${formatPercent(weight, 0)} ${domain.name}`,
  }));
  const leading = new Set(named.map(({ place }) => place));
  return (
    <PlotBox
      plot={plot}
      label={`Weights of the optimum over finished proxies. Now: ${labels.map(({ text }) => text).join(', ')}.`}
    >
      {domains.map(({ id }, domain) => {
        const points = moments.map(
          ({ runs, weights }) => `${scales.x(runs)} ${scales.y(weights[domain])}`,
        );
        const isFirst = domain === named[0]?.place;
        return (
          <g key={id}>
            <path
              d={`M${points.join('L')}`}
              fill="none"
              stroke={isFirst ? 'var(--accent)' : 'var(--ink-2)'}
              strokeWidth={isFirst ? 2.5 : leading.has(domain) ? 1.5 : 1}
              strokeOpacity={leading.has(domain) ? 1 : 0.4}
            />
            <circle
              cx={scales.x(last.runs)}
              cy={scales.y(last.weights[domain])}
              r={leading.has(domain) ? 3 : 2}
              fill={isFirst ? 'var(--accent)' : 'var(--ink-2)'}
            />
          </g>
        );
      })}
      {labels.map(({ domain, place, y, text }) => (
        <text
          key={domain.id}
          x={Math.min(scales.x(last.runs), scales.right) + 8}
          y={y}
          fontSize={12}
          fontWeight={place === named[0]?.place ? 650 : 400}
          fill={place === named[0]?.place ? 'var(--accent)' : 'var(--ink)'}
        >
          {text}
        </text>
      ))}
    </PlotBox>
  );
}

function frameOf(moments: readonly Moment[], total: number, width: number): PlotFrame {
  const top = moments.reduce((most, { weights }) => Math.max(most, ...weights), 0.1);
  const y = percentAxis([0, Math.min(1, Math.ceil(top * 10) / 10)], 5, 'Weight (% of tokens)');
  const margin = { top: 16, right: 130, bottom: 42, left: leftMargin(y) };
  const first = moments[0].runs;
  const ticks = Math.max(2, Math.min(6, Math.floor((width - 160) / 90)));
  const axis = linearAxis([Math.min(first, total - 1), total], ticks, 'Finished proxies');
  // Proxies are whole numbers, so labels are too.
  const x = { ...axis, ticks: axis.ticks.filter(Number.isInteger), format: String };
  return { width, height, margin, x, y };
}
