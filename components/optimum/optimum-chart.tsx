'use client';

import { useMemo } from 'react';
import { boundsOf } from '../../lib/optimum/constraints';
import { ChartFrame } from '../charts/chart-frame';
import { domainColors } from '../charts/domain-colors';
import { Lanes } from '../charts/lanes';
import type { Lane } from '../charts/lanes-geometry';
import { useAdvisedOptimum, useHover, useOrderedDomains } from '../shell/hooks';
import { useHidesAnswer, useOptimum, useSession, useStores, useView } from '../shell/stores';
import { useOutdated } from './hooks';

/** The optimum beside the prior, to be looked at only. */
export function OptimumChart({ title }: { title: string }) {
  const { study, settings } = useSession();
  const { view } = useStores();
  const optimum = useOptimum((state) => state);
  const scale = useView((state) => state.laneScale);
  const isHidden = useHidesAnswer();
  const isOutdated = useOutdated();
  const ordered = useOrderedDomains();
  const hover = useHover(ordered);
  const weights = useAdvisedOptimum();
  const bounds = useMemo(
    () => boundsOf(settings.constraints, study),
    [settings.constraints, study],
  );
  const isCurrent = optimum.feasibility.feasible && !isOutdated && weights !== null;
  const binding = new Set(isCurrent ? optimum.report?.optimum.binding : []);
  const colors = domainColors(study.prior.weights);
  const lanes = ordered.map(
    (index): Lane => ({
      id: study.domains[index].id,
      label: study.domains[index].name,
      color: colors[index],
      optimum: weights ? weights[index] : null,
      prior: study.prior.weights[index],
      human: null,
      yours: null,
      truth: null,
      former: null,
      low: null,
      high: null,
      lower: bounds.lower[index],
      upper: bounds.upper[index],
      tried: bounds.source[index] === 'tried',
      binding: binding.has(index),
      pinned: settings.constraints.locked[index] !== null,
      reach: null,
    }),
  );
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
        rows: () =>
          lanes.map(({ label, optimum: best, prior, upper }) => [label, best, prior, upper]),
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
