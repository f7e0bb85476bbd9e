'use client';

import { boundsOf, violatedBy } from '../../lib/optimum/constraints';
import { useOptimum, useSession } from '../explorer/stores';

/**
 * Whether the mixture on view breaks limits that were set since it was found, until the fit that a newer one
 * needs has given it. With a fit at hand a newer mixture takes a moment, and the former one may stay.
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
