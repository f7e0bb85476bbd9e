'use client';

import { useMemo } from 'react';
import { plural } from '../../lib/model/format';
import { columnOf } from '../../lib/model/matrix';
import { quantile } from '../../lib/model/statistics';
import { ChartFrame } from '../charts/chart-frame';
import { choiceText, targetKey } from '../charts/chosen-runs';
import { domainColors } from '../charts/domain-colors';
import { ParallelChart } from '../charts/parallel-chart';
import type { ParallelAxis } from '../charts/parallel-geometry';
import { mostDrawn, useAdvisedOptimum, useOrderedDomains, useRunChoice } from '../shell/hooks';
import { useSession, useStores, useView } from '../shell/stores';
import { useViewModel } from './use-view-model';

/**
 * Every run as a line over its weights and its target, and over every other target that is brushed; brushing an
 * axis chooses runs for all pictures.
 */
export default function ParallelView() {
  const { study } = useSession();
  const { view } = useStores();
  const { target, targetIndex } = useViewModel();
  const all = useOrderedDomains();
  const ordered = useMemo(() => all.slice(0, mostDrawn), [all]);
  const brushes = useView((state) => state.brushes);
  const pickedRun = useView((state) => state.pickedRun);
  const optimum = useAdvisedOptimum();
  const choice = useRunChoice();
  const { training } = study;
  const colors = domainColors(study.prior.weights);
  const others = useMemo(
    () =>
      [...study.targets.keys()].filter(
        (index) => index !== targetIndex && brushes.has(targetKey(study.targets[index].id)),
      ),
    [study, targetIndex, brushes],
  );
  const axes = useMemo(
    () => [
      ...ordered.map((domain) => ({
        key: study.domains[domain].id,
        label: study.domains[domain].name,
        unit: '% of tokens',
        values: columnOf(training.mixtures, domain),
        kind: 'weight' as const,
      })),
      ...[...others.map((index) => study.targets[index]), target].map((each) => ({
        key: targetKey(each.id),
        label: each.name,
        unit: each.unit,
        values: columnOf(training.losses, study.targets.indexOf(each)),
        kind: 'target' as const,
        direction: each.direction,
      })),
    ],
    [study, training, ordered, target, others],
  );
  const chosen = useMemo(
    () => choice.rows && { rows: choice.rows, name: choiceText(choice) },
    [choice],
  );
  const medians = useMemo(() => mediansOf(axes, choice.rows), [axes, choice.rows]);
  const isMeasured = axes[axes.length - 1].values.some(Number.isFinite);
  const picked = pickedRun === null ? -1 : training.ids.indexOf(pickedRun);
  return (
    <ChartFrame
      title={titleOf()}
      note={
        isMeasured
          ? undefined
          : `No run has a value of ${target.name}: choose a target that was measured.`
      }
      help={
        choice.kind === 'drawn'
          ? undefined
          : 'Drag along an axis to brush it, or use the arrow keys on its handles.'
      }
      fileName="regmix-runs"
      how={`One line per training run: its weight of each domain and its measured target. Weights are on a square-root scale, which separates small ones.${chosen ? ' Squares are medians of the chosen runs, one domain at a time: they need not sum to 100%.' : ''}`}
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
        chosen={chosen}
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
        mixtures={[
          ...(optimum
            ? [
                {
                  name: 'optimum',
                  color: 'var(--ink)',
                  marks: ordered.map((domain) => colors[domain]),
                  values: ordered.map((domain) => optimum[domain]),
                },
              ]
            : []),
          ...(chosen && choice.count > 0
            ? [{ name: 'median of the chosen', color: 'var(--accent)', values: medians }]
            : []),
        ]}
      />
      {ordered.length < all.length && (
        <p className="quiet small">
          The first {ordered.length} of {plural(all.length, 'domain')} in this order.
        </p>
      )}
    </ChartFrame>
  );

  function titleOf(): string {
    switch (choice.kind) {
      case 'best':
        return 'What the best tenth read';
      case 'drawn':
        return `What ${plural(choice.count, 'brushed run')} read`;
      case 'all':
        return 'What every run read';
    }
  }
}

/** The median on every axis over the chosen runs that have a value there; NaN where none has. */
function mediansOf(axes: readonly ParallelAxis[], rows: Uint8Array | null): number[] {
  return axes.map(({ values }) => {
    const known = values.filter(
      (value, row) => Number.isFinite(value) && (rows === null || rows[row] === 1),
    );
    return known.length > 0 ? quantile(known.sort(), 0.5) : Number.NaN;
  });
}
