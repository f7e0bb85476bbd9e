'use client';

import { useMemo, useState } from 'react';
import { plural } from '../../lib/model/format';
import { columnOf } from '../../lib/model/matrix';
import { ChartFrame } from '../charts/chart-frame';
import { domainColors } from '../charts/domain-colors';
import { ParallelChart } from '../charts/parallel-chart';
import { bestTenth } from '../charts/parallel-geometry';
import { mostDrawn, useAdvisedOptimum, useBrushed, useOrderedDomains } from '../shell/hooks';
import { useHidesAnswer, useSession, useStores, useView } from '../shell/stores';
import { Segmented } from '../ui/controls';
import { useViewModel } from './use-view-model';

/** Every run as a line over its weights and its target; brushing an axis dims the other runs everywhere. */
export default function ParallelView() {
  const { study } = useSession();
  const { view } = useStores();
  const { target, targetIndex } = useViewModel();
  const all = useOrderedDomains();
  const ordered = useMemo(() => all.slice(0, mostDrawn), [all]);
  const brushes = useView((state) => state.brushes);
  const pickedRun = useView((state) => state.pickedRun);
  const optimum = useAdvisedOptimum();
  const brushed = useBrushed();
  const { training } = study;
  const colors = domainColors(study.prior.weights);
  const axes = useMemo(
    () => [
      ...ordered.map((domain) => ({
        key: study.domains[domain].id,
        label: study.domains[domain].name,
        unit: '% of tokens',
        values: columnOf(training.mixtures, domain),
        kind: 'weight' as const,
      })),
      {
        key: `target ${target.id}`,
        label: target.name,
        unit: target.unit,
        values: columnOf(training.losses, targetIndex),
        kind: 'target' as const,
        direction: target.direction,
      },
    ],
    [study, training, ordered, target, targetIndex],
  );
  const [shows, setShows] = useState<'best' | 'all'>('best');
  const isHidden = useHidesAnswer();
  const best = useMemo(() => {
    // The best runs' weights are near the answer.
    if (isHidden) return null;
    const rows = bestTenth(axes[axes.length - 1]);
    if (!rows) return null;
    const count = rows.reduce((sum, one) => sum + one, 0);
    return {
      rows,
      name: `the best tenth by ${target.name}, ${plural(count, 'run')} of ${rows.length}`,
    };
  }, [axes, target, isHidden]);
  const isBrushed = brushes.size > 0;
  const mode = isBrushed ? 'brush' : best && shows === 'best' ? 'best' : 'all';
  const isMeasured = axes[axes.length - 1].values.some(Number.isFinite);
  const picked = pickedRun === null ? -1 : training.ids.indexOf(pickedRun);
  return (
    <ChartFrame
      title="Every run, over its weights"
      note={
        brushed
          ? `${plural(brushed.count, 'run')} of ${training.ids.length} brushed; the others are dimmed in every chart.`
          : isMeasured
            ? undefined
            : `No run has a value of ${target.name}: choose a target that was measured.`
      }
      help={
        brushed
          ? undefined
          : 'Drag along an axis to brush it, or use the arrow keys on its handles.'
      }
      fileName="regmix-runs"
      how="One line per training run: its weight of each domain and its measured target. Weights are on a square-root scale, which separates small ones."
      data={{
        columns: [
          { key: 'run', label: 'run' },
          ...axes.map(({ key, label }) => ({ key, label, numeric: true })),
        ],
        rows: () =>
          training.ids.map((id, row) => [
            id,
            ...axes.map(({ values }) => (Number.isFinite(values[row]) ? values[row] : null)),
          ]),
      }}
    >
      {(best || isBrushed) && (
        <Segmented
          label="Runs that stand out"
          value={mode}
          options={[
            ...(best ? [{ value: 'best', label: 'Best tenth' }] : []),
            { value: 'all', label: 'All' },
            ...(isBrushed ? [{ value: 'brush', label: 'Brush' }] : []),
          ]}
          onChange={(value) => {
            if (value === 'brush') return;
            setShows(value === 'best' ? 'best' : 'all');
            view.setState({ brushes: new Map() });
          }}
        />
      )}
      <ParallelChart
        chosen={mode === 'best' ? best : null}
        axes={axes}
        rounds={training.rounds ?? null}
        brushes={brushes}
        onBrush={(key, range) => {
          const next = new Map(brushes);
          if (range) next.set(key, range);
          else next.delete(key);
          view.setState({ brushes: next });
        }}
        picked={picked < 0 ? null : picked}
        ids={training.ids}
        onPick={(row) => view.setState({ pickedRun: row === null ? null : training.ids[row] })}
        mixtures={
          optimum
            ? [
                {
                  name: 'optimum',
                  color: 'var(--ink)',
                  marks: ordered.map((domain) => colors[domain]),
                  values: ordered.map((domain) => optimum[domain]),
                },
              ]
            : []
        }
      />
      {ordered.length < all.length && (
        <p className="quiet small">
          The first {ordered.length} of {plural(all.length, 'domain')} in this order.
        </p>
      )}
    </ChartFrame>
  );
}
