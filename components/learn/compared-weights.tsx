'use client';

import { useMemo } from 'react';
import { boundsOf } from '../../lib/optimum/constraints';
import type { OptimumReport } from '../../lib/optimum/types';
import { ChartFrame } from '../charts/chart-frame';
import { WeightBars } from '../charts/weight-bars';
import { useSession } from '../explorer/stores';
import { useHover, useOrderedDomains } from '../explorer/use-ordered-domains';

/** The optimum over the prior and the reader's mixture, with caps where there are any. */
export function ComparedWeights({
  report,
  isFeasible,
}: {
  report: OptimumReport;
  isFeasible: boolean;
}) {
  const { study, settings } = useSession();
  const ordered = useOrderedDomains();
  const hover = useHover(ordered);
  const bounds = useMemo(() => boundsOf(settings.constraints), [settings.constraints]);
  const { weights, binding } = report.optimum;
  const rows = ordered.map((index) => ({
    id: study.domains[index].id,
    label: study.domains[index].name,
    optimum: weights[index],
    prior: study.prior.weights[index],
    human: null,
    yours: settings.yours ? settings.yours[index] : null,
    lower: bounds.lower[index],
    upper: bounds.upper[index],
    binding: isFeasible && binding.includes(index),
  }));
  return (
    <ChartFrame
      title="Domain weights"
      fileName="learn-weights"
      how="The exact optimum of the law within the limits, by water-filling: all domains between their bounds gain the same from one more bit of weight."
      data={{
        columns: [
          { key: 'domain', label: 'domain' },
          { key: 'optimum', label: 'optimum', numeric: true },
          { key: 'prior', label: 'prior', numeric: true },
          { key: 'yours', label: 'yours', numeric: true },
          { key: 'cap', label: 'cap', numeric: true },
        ],
        rows: () => rows.map((row) => [row.label, row.optimum, row.prior, row.yours, row.upper]),
      }}
    >
      <WeightBars rows={rows} humanLabel={null} dimmed={!isFeasible} {...hover} />
    </ChartFrame>
  );
}
