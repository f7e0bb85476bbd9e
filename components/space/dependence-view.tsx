'use client';

import { useMemo, useState } from 'react';
import { fitOptions } from '../../lib/analysis/keys';
import { plural } from '../../lib/model/format';
import { columnOf } from '../../lib/model/matrix';
import { quantile } from '../../lib/model/statistics';
import { boundsOf, reachAlong } from '../../lib/optimum/constraints';
import { revisionOf } from '../../lib/study/identity';
import { ChartFrame } from '../charts/chart-frame';
import { chosenRows } from '../charts/chosen-runs';
import { DependenceChart } from '../charts/dependence-chart';
import { DependenceLines } from '../charts/dependence-lines';
import { domainColors } from '../charts/domain-colors';
import { mostDrawn, useHover, useOrderedDomains, useRunChoice, useTask } from '../shell/hooks';
import { useActiveFit, useSession } from '../shell/stores';
import { Segmented } from '../ui/controls';
import { DrawnNote } from '../ui/layout';
import { ProgressLine } from '../ui/progress';
import { useViewModel } from './use-view-model';

const deciles = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** The prediction as each domain's weight changes and the others scale in proportion. */
export default function DependenceView() {
  const { study, settings } = useSession();
  const { target, model, modelKey, at, baseName, waiting } = useViewModel();
  const { regressor } = useActiveFit();
  const ordered = useOrderedDomains();
  const key = model ? JSON.stringify([modelKey, Array.from(at)]) : null;
  const task = useTask(
    'dependence',
    key,
    () => ({
      revision: revisionOf(study),
      target: target.id,
      regressor,
      options: fitOptions(settings),
      model: model ?? missingModel(),
      at,
    }),
    JSON.stringify([study.id, target.id, regressor, baseName]),
  );
  const curves = task.value;
  const sampled = useMemo(
    () =>
      study.domains.map((_, domain) => {
        const weights = columnOf(study.training.mixtures, domain).sort();
        return deciles.map((share) => quantile(weights, share));
      }),
    [study],
  );
  const choice = useRunChoice();
  const chosen = useMemo(() => {
    const rows = chosenRows(choice);
    return study.domains.map((_, domain) => {
      const weights = columnOf(study.training.mixtures, domain);
      return Array.from(rows, (row) => weights[row]);
    });
  }, [study, choice]);
  const runs = plural(choice.count, choice.kind === 'all' ? 'run' : 'chosen run');
  const [shows, setShows] = useState<'together' | 'apart'>('together');
  const [scale, setScale] = useState<'root' | 'linear'>('root');
  const hover = useHover(ordered);
  const colors = domainColors(study.prior.weights);
  const bounds = useMemo(
    () => boundsOf(settings.constraints, study),
    [settings.constraints, study],
  );
  const panels = ordered.flatMap((domain) => {
    const curve = curves?.[domain];
    return curve
      ? [
          {
            label: study.domains[domain].name,
            color: colors[domain],
            lower: bounds.lower[domain],
            upper: bounds.upper[domain],
            within: reachAlong(bounds, at, domain),
            weights: curve.weights,
            predicted: curve.predicted,
            low: curve.low,
            high: curve.high,
            current: at[domain],
            sampled: sampled[domain],
            chosen: chosen[domain],
          },
        ]
      : [];
  });
  const isDashed =
    shows === 'together' &&
    panels.some(({ within }) => within === null || within[0] > 0 || within[1] < 1);
  return (
    <ChartFrame
      title="One domain at a time"
      note={
        task.problem ||
        `From ${baseName}, one weight moves and the others keep their proportions.${isDashed ? ' Dashed: beyond your limits.' : ''}`
      }
      fileName={`regmix-dependence-${target.id}`}
      how={`Starting from ${baseName}, one domain’s weight goes from 0 to 100%; the others keep their proportions. Dashed: some domain of that mixture is beyond its limits. One by one, the band is the middle 90% of refits to resampled runs, and grey ticks are the deciles of the weights trained. Beyond them the curve is a guess. Coloured ticks are the weights in the chosen runs.`}
      data={{
        columns: [
          { key: 'domain', label: 'domain' },
          { key: 'weight', label: 'weight', numeric: true },
          { key: 'predicted', label: `predicted ${target.name}`, unit: target.unit, numeric: true },
          { key: 'low', label: 'low', numeric: true },
          { key: 'high', label: 'high', numeric: true },
        ],
        rows: () =>
          (task.status === 'done' ? panels : []).flatMap(
            ({ label, weights, predicted, low, high }) =>
              Array.from(weights, (weight, step) => [
                label,
                weight,
                predicted[step],
                low ? low[step] : null,
                high ? high[step] : null,
              ]),
          ),
      }}
    >
      {task.progress && <ProgressLine progress={task.progress} />}
      <div className="row-controls">
        <Segmented
          label="Curves"
          value={shows}
          options={[
            { value: 'together', label: 'In one plot' },
            { value: 'apart', label: 'One by one' },
          ]}
          onChange={(value) => setShows(value === 'apart' ? 'apart' : 'together')}
        />
        {shows === 'together' && (
          <Segmented
            label="Weights"
            value={scale}
            options={[
              { value: 'root', label: 'Root' },
              { value: 'linear', label: 'Linear' },
            ]}
            onChange={(value) => setScale(value === 'linear' ? 'linear' : 'root')}
          />
        )}
      </div>
      {shows === 'together' || panels.length === 0 ? (
        <DependenceLines
          lines={panels.slice(0, mostDrawn)}
          runs={runs}
          name={target.name}
          unit={target.unit}
          direction={target.direction}
          scale={scale}
          waiting={task.problem || waiting || 'Computing the curves…'}
          hovered={hover.hovered}
          onHover={hover.onHover}
        />
      ) : (
        <DependenceChart
          panels={panels.slice(0, mostDrawn)}
          name={target.name}
          unit={target.unit}
          direction={target.direction}
        />
      )}
      <DrawnNote drawn={mostDrawn} total={panels.length} />
    </ChartFrame>
  );
}

function missingModel(): never {
  throw new RangeError('a task without a key asks nothing');
}
