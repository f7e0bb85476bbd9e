'use client';

import { boundsOf, violatedBy } from '../../lib/optimum/constraints';
import { useOptimum, useSession } from '../explorer/stores';

/**
 * Whether the mixture on view breaks limits that were set since it was found, while the fit that a newer one
 * needs is still being made. Once there is a fit, a newer mixture takes a moment.
 */
export function useOutdated(): boolean {
  const { constraints } = useSession().settings;
  return useOptimum(
    ({ status, report }) =>
      status === 'waiting' &&
      report !== null &&
      violatedBy(report.optimum.weights, boundsOf(constraints)).length > 0,
  );
}
