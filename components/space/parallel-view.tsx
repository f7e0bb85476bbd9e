'use client';

import { useMemo } from 'react';
import { plural } from '../../lib/model/format';
import { columnOf } from '../../lib/model/matrix';
import { ChartFrame } from '../charts/chart-frame';
import { ParallelChart } from '../charts/parallel-chart';
import { mostDrawn, useAdvisedOptimum, useBrushed, useOrderedDomains } from '../shell/hooks';
import { useSession, useStores, useView } from '../shell/stores';
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
  const picked = pickedRun === null ? -1 : training.ids.indexOf(pickedRun);
  return (
    <ChartFrame
      title="Every run, over its weights"
      note={
        brushed
          ? `${plural(brushed.count, 'run')} of ${training.ids.length} brushed; the others are dimmed in every picture.`
          : undefined
      }
      help={
        brushed
          ? undefined
          : 'Drag along an axis to brush it, or focus its handles and use the arrow keys.'
      }
      fileName="regmix-runs"
      how="One line per training run: its weight of each domain, on a square-root scale so that small weights can be told apart, and its measured target."
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
      <ParallelChart
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
            ? [{ name: 'optimum', color: 'var(--accent)', values: ordered.map((d) => optimum[d]) }]
            : []
        }
      />
      {ordered.length < all.length && (
        <p className="quiet small">
          The first {ordered.length} of {plural(all.length, 'domain')} in this order.
        </p>
      )}
      {brushes.size > 0 && (
        <button
          type="button"
          className="button"
          onClick={() => view.setState({ brushes: new Map() })}
        >
          Clear the brush
        </button>
      )}
    </ChartFrame>
  );
}
