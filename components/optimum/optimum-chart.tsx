'use client';

import { ChartFrame } from '../charts/chart-frame';
import { Lanes } from '../charts/lanes';
import { useAdvisedOptimum, useFormerOptimum, useHover, useOrderedDomains } from '../shell/hooks';
import { useHidesAnswer, useOptimum, useStores, useView } from '../shell/stores';
import { useOutdated } from './hooks';
import { useOptimumLanes } from './optimum-lanes';

/** The optimum beside the prior, to be looked at only. */
export function OptimumChart({ title }: { title: string }) {
  const { view } = useStores();
  const feasibility = useOptimum((state) => state.feasibility);
  const scale = useView((state) => state.laneScale);
  const isHidden = useHidesAnswer();
  const isOutdated = useOutdated();
  const ordered = useOrderedDomains();
  const hover = useHover(ordered);
  const weights = useAdvisedOptimum();
  const { lanes } = useOptimumLanes(ordered, weights, { former: useFormerOptimum() });
  const isCurrent = feasibility.feasible && !isOutdated && weights !== null;
  return (
    <ChartFrame
      title={title}
      fileName="regmix-weights"
      how="The best predicted mixture within the limits, and the prior."
      data={{
        columns: [
          { key: 'domain', label: 'domain' },
          { key: 'optimum', label: 'optimum', numeric: true },
          { key: 'prior', label: 'prior', numeric: true },
          { key: 'cap', label: 'cap', numeric: true },
        ],
        rows: () => lanes.map(({ label, optimum, prior, upper }) => [label, optimum, prior, upper]),
      }}
    >
      <Lanes
        lanes={lanes}
        humanLabel={null}
        scale={scale}
        onScale={(laneScale) => view.setState({ laneScale })}
        dimmed={!isCurrent}
        hasOptimum={!isHidden}
        {...hover}
      />
    </ChartFrame>
  );
}
