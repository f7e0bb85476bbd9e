'use client';

import { useMemo } from 'react';
import { boundsOf } from '../../lib/optimum/constraints';
import { ChartFrame } from '../charts/chart-frame';
import { WeightBars } from '../charts/weight-bars';
import { useAdvisedOptimum, useHover, useOrderedDomains } from '../shell/hooks';
import { useHidesAnswer, useOptimum, useSession } from '../shell/stores';
import { useOutdated } from './hooks';

/** The optimum beside the prior, to be looked at only. */
export function OptimumChart({ title }: { title: string }) {
  const { study, settings } = useSession();
  const optimum = useOptimum((state) => state);
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
  const rows = ordered.map((index) => ({
    id: study.domains[index].id,
    label: study.domains[index].name,
    optimum: weights ? weights[index] : null,
    prior: study.prior.weights[index],
    human: null,
    yours: null,
    truth: null,
    low: null,
    high: null,
    lower: bounds.lower[index],
    upper: bounds.upper[index],
    tried: bounds.source[index] === 'tried',
    binding: binding.has(index),
  }));
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
        rows: () => rows.map((row) => [row.label, row.optimum, row.prior, row.upper]),
      }}
    >
      <WeightBars
        rows={rows}
        humanLabel={null}
        dimmed={!isCurrent}
        hasOptimum={!isHidden}
        {...hover}
      />
    </ChartFrame>
  );
}
