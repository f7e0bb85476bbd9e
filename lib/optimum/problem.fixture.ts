import { runJob } from '../job';
import { rowOf } from '../matrix';
import { sampleDirichlet } from '../mixture/dirichlet';
import { boost } from '../regression/gbdt/boosting';
import type { LinearModel } from '../regression/types';
import type { Problem } from './solver';
import type { Bounds } from './types';

export function linear(coefficients: ArrayLike<number>): LinearModel {
  return {
    kind: 'linear',
    intercept: 3,
    coefficients: Float64Array.from(coefficients),
    penalty: 0,
  };
}

export function bounds(lower: ArrayLike<number>, upper: ArrayLike<number>): Bounds {
  return {
    lower: Float64Array.from(lower),
    upper: Float64Array.from(upper),
    source: Array.from(upper, () => 'max' as const),
  };
}

export function unbounded(domains: number): Bounds {
  return bounds(new Float64Array(domains), new Float64Array(domains).fill(1));
}

/** Trees fitted to a curved function of four domains, with the runs they were fitted to. */
export function treeProblem(direction: 'lower' | 'higher'): Problem {
  const runs = runJob(sampleDirichlet(Float64Array.of(0.6, 0.5, 0.4, 0.3), 120, 11));
  const curve = (row: number) => {
    const [a, b, c, d] = rowOf(runs, row);
    return 4 - Math.sqrt(a + 0.01) - 0.6 * Math.sqrt(b + 0.01) - 0.3 * c + 0.5 * d;
  };
  const sign = direction === 'lower' ? 1 : -1;
  const values = Float64Array.from({ length: runs.rows }, (_, row) => sign * curve(row));
  return {
    model: runJob(boost({ features: runs, values }, { rounds: 150, minRowsPerLeaf: 5 })),
    direction,
    runs,
    prior: Float64Array.of(0.4, 0.3, 0.2, 0.1),
    human: null,
    samples: 2_000,
    seed: 3,
  };
}
