'use client';

/** The regression of a training as it forms: finished proxies in the scatter, and the optimum settling. */
import { useMemo } from 'react';
import { formatPercent } from '../../lib/model/format';
import { columnOf, rowOf } from '../../lib/model/matrix';
import { leadingWeights } from '../../lib/optimum/finding';
import { halfWidthOf } from '../../lib/regression/bands';
import { minimumTrainingRows } from '../../lib/runs/recognition';
import { isOfTraining } from '../../lib/study/trained';
import { ChartFrame } from '../charts/chart-frame';
import { ScatterChart } from '../charts/scatter-chart';
import { useShownFit } from '../regression/shown-fit';
import { useSession, useStores, useView } from '../shell/stores';
import { useTraining } from './session';
import { Settling } from './settling';

/**
 * What finished proxies tell, while the others still train. Both pictures have their room before there is a
 * regression.
 */
export function Forming() {
  const { study } = useSession();
  const job = useTraining((state) => state.job);
  const finished = useTraining((state) => state.finished.length);
  if (!job) return null;
  const isOnView = isOfTraining(study, job.id);
  const waiting = isOnView
    ? undefined
    : finished < minimumTrainingRows
      ? `The regression needs ${minimumTrainingRows} proxies: ${finished} finished so far.`
      : 'Another study is open; the one in training is in Studies.';
  return (
    <div className="pair forming">
      <Scatter waiting={waiting} />
      <Settling job={job.id} total={job.proxies.length} waiting={waiting} />
    </div>
  );
}

/** @param waiting why there is no regression of these proxies on view; undefined where there is */
function Scatter({ waiting }: { waiting: string | undefined }) {
  const shown = useShownFit();
  const { view } = useStores();
  const { study: latest, settings } = useSession();
  const picked = useView((state) => state.pickedRun);
  const level = useView((state) => state.band);
  const study = shown?.study ?? latest;
  const column = Math.max(
    0,
    study.targets.findIndex(({ id }) => id === settings.target),
  );
  const target = study.targets[column];
  const { training } = study;
  const hasNone = waiting !== undefined;
  const points = useMemo(() => {
    if (hasNone) return [];
    const measured = columnOf(training.losses, column);
    return training.ids.flatMap((id, index) => {
      const predicted = shown?.report.outOfFold[index] ?? Number.NaN;
      return Number.isFinite(predicted) && Number.isFinite(measured[index])
        ? [{ id, index, predicted, measured: measured[index] }]
        : [];
    });
  }, [training, column, shown, hasNone]);
  const band = shown ? halfWidthOf(shown.report.bands, level) : null;
  return (
    <ChartFrame
      title={hasNone ? 'Predicted against measured' : `Predicted against measured ${target.name}`}
      fileName="proxies-predicted"
      how="Each proxy as predicted from the others, against its measured value. Evidence shows the same for any target. A ring marks the latest."
      data={{
        columns: [
          { key: 'run', label: 'proxy' },
          { key: 'predicted', label: `predicted ${target.name}`, unit: target.unit, numeric: true },
          { key: 'measured', label: `measured ${target.name}`, unit: target.unit, numeric: true },
        ],
        rows: () => points.map(({ id, predicted, measured }) => [id, predicted, measured]),
      }}
    >
      <ScatterChart
        points={points}
        name={target.name}
        unit={target.unit}
        direction={target.direction}
        band={band}
        level={level}
        picked={picked}
        empty={waiting}
        onPick={(id) => view.setState({ pickedRun: id })}
        describe={(index) =>
          leadingWeights(study.domains, rowOf(training.mixtures, index), 4).map(
            ({ name, weight }) => `${formatPercent(weight, 1)} ${name}`,
          )
        }
      />
    </ChartFrame>
  );
}
