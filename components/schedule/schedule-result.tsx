'use client';

import { useMemo, useState } from 'react';
import { download } from '../../lib/browser/files';
import { errorMessage } from '../../lib/model/errors';
import { formatNumber } from '../../lib/model/format';
import type { ScheduleMoment } from '../../lib/schedule/optima';
import {
  scheduleAdvice,
  scheduleFinding,
  scheduleFormats,
  scheduleOf,
} from '../../lib/schedule/schedule';
import { ChartFrame } from '../charts/chart-frame';
import { PlotBox, usePlot } from '../charts/plot-box';
import {
  leftMargin,
  linearAxis,
  type PlotFrame,
  paddedDomain,
  percentAxis,
} from '../charts/plot-geometry';
import { outlined } from '../charts/plot-series';
import { useGoTo } from '../shell/navigation';
import { useSession, useStores } from '../shell/stores';
import { ScheduleChart } from './schedule-chart';

/** The schedule with its findings and actions. */
export function ScheduleResult({
  moments,
  target,
}: {
  moments: readonly ScheduleMoment[];
  target: string;
}) {
  const { study } = useSession();
  const { candidates } = useStores();
  const schedule = useMemo(() => scheduleOf(moments), [moments]);
  const name = study.targets.find(({ id }) => id === target)?.name ?? target;
  const advice = scheduleAdvice(moments);
  const [problem, setProblem] = useState('');

  const goTo = useGoTo();

  function verify(): void {
    candidates.addCandidate(study, {
      name: `the schedule for ${name}`,
      mixture: schedule[0].weights,
      phases: schedule,
    });
    goTo('verify');
  }

  function save(
    file: string,
    mediaType: string,
    write: (typeof scheduleFormats)[number]['write'],
  ): void {
    try {
      const note = `${advice.words} this schedule, since ${advice.reason}.`;
      download(file, mediaType, write(study.domains, schedule, { note }));
      setProblem('');
    } catch (error) {
      setProblem(errorMessage(error));
    }
  }

  if (advice.verb === 'none') {
    return (
      <p className="schedule-finding" role="status">
        {advice.words}, so there is no schedule: {advice.reason}.
      </p>
    );
  }
  return (
    <>
      <p className="schedule-finding" role="status">
        {scheduleFinding(study.domains, schedule, name)} {advice.words} this schedule, since{' '}
        {advice.reason}.
      </p>
      <div className="schedule-charts">
        <ScheduleChart schedule={schedule} moments={moments} targetName={name} />
        <RhoChart moments={moments} targetName={name} />
      </div>
      <div className="button-row">
        <button type="button" className="button primary" onClick={verify}>
          Verify it against the static optimum
        </button>
        {scheduleFormats.map(({ id, name: format, mediaType, write }) => (
          <button
            key={id}
            type="button"
            className="button"
            aria-label={`Save the schedule as ${format}`}
            onClick={() => save(`schedule.${id}`, mediaType, write)}
          >
            Save {format}
          </button>
        ))}
      </div>
      {problem !== '' && (
        <p role="alert" className="refused">
          {problem}
        </p>
      )}
    </>
  );
}

const height = 340;
const initialWidth = 340;

/** How well the fit of every checkpoint ranks runs that it was not fitted to. */
function RhoChart({
  moments,
  targetName,
}: {
  moments: readonly ScheduleMoment[];
  targetName: string;
}) {
  const end = moments[moments.length - 1].step;
  const points = moments.map(({ step, rho }) => ({ share: step / end, rho }));
  const plot = usePlot(initialWidth, (width) =>
    frameOf(
      points.map(({ rho }) => rho),
      width,
    ),
  );
  const { scales } = plot;
  const drawn = points.filter(({ rho }) => Number.isFinite(rho));
  return (
    <ChartFrame
      title="How well each checkpoint is predicted"
      fileName="schedule-rho"
      how={`Spearman’s rho by cross-validation over ${moments[0].n} runs, for ${targetName} at each checkpoint. Where it is low, the phase that ends there is a guess.`}
      data={{
        columns: [
          { key: 'step', label: 'step of the proxies', numeric: true },
          { key: 'share', label: 'share of the training', numeric: true },
          { key: 'rho', label: 'rho', numeric: true },
          { key: 'n', label: 'n', numeric: true },
        ],
        rows: () => moments.map(({ step, rho, n }) => [step, step / end, rho, n]),
      }}
    >
      <PlotBox
        plot={plot}
        label={`Rho at the checkpoints: ${points.map(({ rho }) => formatNumber(rho, 3)).join(', ')}.`}
        series={[
          {
            kind: 'line',
            name: 'Spearman’s rho',
            color: 'var(--accent)',
            dot: 4,
            points: points.map(({ share, rho }) => ({
              x: share,
              y: rho,
              text: formatNumber(rho, 3),
            })),
          },
        ]}
      >
        {drawn.map(({ share, rho }, place) => (
          <text
            key={share}
            x={scales.x(share)}
            y={scales.y(rho) + (isValley(drawn, place) ? 20 : -9)}
            textAnchor="middle"
            fontSize={12}
            fill="var(--ink)"
            {...outlined}
          >
            {formatNumber(rho, 3)}
          </text>
        ))}
      </PlotBox>
    </ChartFrame>
  );
}

function frameOf(rhos: readonly number[], width: number): PlotFrame {
  const [low, high] = paddedDomain(rhos, 0.3);
  const y = linearAxis([low, Math.min(1, Math.max(high, low + 0.01))], 4, 'Spearman’s rho');
  // The dot at the end has room.
  const x = percentAxis([0, 1.03], width < 500 ? 2 : 5, 'Share of the training (%)');
  const margin = { top: 20, right: 26, bottom: 42, left: leftMargin(y) };
  return { width, height, margin, x, y };
}

/** Whether the line is above a point, where its label would be. */
function isValley(points: readonly { readonly rho: number }[], place: number): boolean {
  const { rho } = points[place];
  return [points[place - 1], points[place + 1]].some(
    (other) => other !== undefined && other.rho > rho,
  );
}
