import { useMemo } from 'react';
import type { Bounds } from '../../lib/model/limits';
import { boundsOf, reachOf } from '../../lib/optimum/constraints';
import { domainColors } from '../charts/domain-colors';
import type { Lane } from '../charts/lanes-geometry';
import { useOptimum, useSession } from '../shell/stores';
import { useOutdated } from './hooks';

/** Weights beside those of the optimum and the prior, D each; null = not drawn. */
export interface LaneMixtures {
  readonly human?: ArrayLike<number> | null;
  readonly yours?: ArrayLike<number> | null;
  readonly truth?: ArrayLike<number> | null;
  /** The optimum before the last edit. */
  readonly former?: ArrayLike<number> | null;
  /** 5% and 95% of the weights over refits. */
  readonly low?: ArrayLike<number> | null;
  readonly high?: ArrayLike<number> | null;
}

export interface OptimumLanes {
  /** In the order asked for. */
  readonly lanes: readonly Lane[];
  /** With pins. */
  readonly bounds: Bounds;
  /** Without. */
  readonly free: Bounds;
  /** Domains that a limit holds in the optimum; pins do not count. */
  readonly binding: ReadonlySet<number>;
}

/**
 * The lanes of the optimum under its limits.
 *
 * @param ordered the domains in the order to draw
 * @param weights D on view; null = there are none
 * @param isMovable whether the optimum can be dragged: a pin then moves at once, before the others have followed
 */
export function useOptimumLanes(
  ordered: readonly number[],
  weights: Float64Array | null,
  mixtures: LaneMixtures = {},
  isMovable = false,
): OptimumLanes {
  const { study, settings } = useSession();
  const { constraints } = settings;
  const isOutdated = useOutdated();
  const found = useOptimum(({ report, feasibility, advice }) =>
    feasibility.feasible && advice?.verb !== 'none' ? report?.optimum.binding : undefined,
  );
  const bounds = useMemo(() => boundsOf(constraints, study), [constraints, study]);
  const free = useMemo(
    () => boundsOf({ ...constraints, locked: constraints.locked.map(() => null) }, study),
    [constraints, study],
  );
  // The binding limits of an outdated mixture say nothing about limits that it breaks.
  const isCurrent = found !== undefined && !isOutdated && weights !== null;
  const binding = new Set(
    isCurrent ? found.filter((domain) => constraints.locked[domain] === null) : [],
  );
  const colors = domainColors(study.prior.weights);
  const { human, yours, truth, former, low, high } = mixtures;
  const lanes = ordered.map((domain): Lane => {
    const pinned = constraints.locked[domain];
    return {
      id: study.domains[domain].id,
      label: study.domains[domain].name,
      color: colors[domain],
      optimum: weights && ((isMovable ? pinned : null) ?? weights[domain]),
      prior: study.prior.weights[domain],
      human: human?.[domain] ?? null,
      yours: yours?.[domain] ?? null,
      truth: truth?.[domain] ?? null,
      former: former?.[domain] ?? null,
      low: low?.[domain] ?? null,
      high: high?.[domain] ?? null,
      lower: free.lower[domain],
      upper: free.upper[domain],
      tried: free.source[domain] === 'tried',
      binding: binding.has(domain),
      pinned: pinned !== null,
      reach: isMovable ? reachOf(bounds, free, domain) : null,
    };
  });
  return { lanes, bounds, free, binding };
}
