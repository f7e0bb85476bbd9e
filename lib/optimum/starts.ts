import { projectToBounds } from '../mixture/simplex';
import type { LinearModel, SmoothModel } from '../regression/types';
import { solveLinear } from './exact';
import type { Bounds, Objective } from './types';
import { hasExactOptimum, solveExactly } from './water-filling';

/** Mixtures from which a descent finds the best of a smooth objective, the most promising first. */
export function startsFor(
  objective: Objective,
  bounds: Bounds,
  bestRuns: readonly Float64Array[],
): Float64Array[] {
  const starts: Float64Array[] = [];
  for (const term of objective.terms) {
    for (const model of partsOf(term.model)) {
      const alone: Objective = {
        ...objective,
        kind: 'weighted',
        terms: [{ ...term, model }],
        kl: 0,
        seek: 'best',
      };
      if (hasExactOptimum(alone)) starts.push(solveExactly(alone, bounds));
    }
  }
  const count = starts.length;
  if (count > 1) {
    const mean = starts[0].map((_, domain) =>
      starts.reduce((sum, start) => sum + start[domain] / count, 0),
    );
    starts.unshift(projectToBounds(mean, bounds.lower, bounds.upper));
  }
  starts.push(projectToBounds(objective.prior, bounds.lower, bounds.upper), ...bestRuns);
  return starts;
}

function partsOf(model: Objective['terms'][number]['model']): readonly SmoothModel[] {
  if (model.kind === 'trees' || model.kind === 'onnx') return [];
  return model.kind === 'sum' ? model.models : [model];
}

/** Whether any local minimum of the objective is the least: laws of diminishing returns are convex. */
export function isConvex({ terms, kind, seek, unique }: Objective): boolean {
  if (seek === 'worst') return false;
  return terms.every((term) => {
    if (term.model.kind === 'linear' || term.model.kind === 'exponential') return unique === null;
    const alone: Objective = {
      kind,
      terms: [term],
      kl: 0,
      prior: new Float64Array(0),
      unique,
      seek,
    };
    return hasExactOptimum(alone);
  });
}

/** Corners of the bounded mixtures, one per domain: as much of it as its cap allows, the rest in order. */
export function corners({ lower, upper, source }: Bounds): Float64Array[] {
  return Array.from(lower, (_, domain) => {
    const coefficients = new Float64Array(lower.length);
    coefficients[domain] = -1;
    const model: LinearModel = { kind: 'linear', intercept: 0, coefficients, penalty: 0 };
    return solveLinear(model, { lower, upper, source }, 1);
  });
}
