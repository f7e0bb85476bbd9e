import type { OptimumMethods, OptimumProblem } from '../lib/analysis/methods';
import { serveWorker } from '../lib/browser/serve-worker';
import { StageError } from '../lib/model/errors';
import type { Job } from '../lib/model/job';
import { createSolver, prepareParts, type Solver, type SolverParts } from '../lib/optimum/solver';

let prepared: { readonly key: string; readonly solver: Solver } | null = null;
let parts: { readonly key: string; readonly value: SolverParts } | null = null;

/** Draws and neighbours are reused while only the model changes, e.g. with the target. */
function* prepare(problem: OptimumProblem): Job<null> {
  if (prepared?.key === problem.key) return null;
  prepared = null;
  if (parts?.key !== problem.partsKey) {
    parts = null;
    parts = { key: problem.partsKey, value: yield* prepareParts(problem) };
  }
  prepared = { key: problem.key, solver: yield* createSolver(problem, parts.value) };
  return null;
}

void serveWorker<OptimumMethods>({
  prepare,
  solve: ({ key, engine, topK, bounds }) => {
    if (prepared?.key !== key) {
      throw new StageError('optimum', 'The fit changed meanwhile.', 'Try again.');
    }
    return prepared.solver.solve(engine, bounds, topK);
  },
  *pinCosts({ key, engine, topK, weights, pins }) {
    if (prepared?.key !== key) {
      throw new StageError('optimum', 'The fit changed meanwhile.', 'Try again.');
    }
    const { solver } = prepared;
    const costs = new Map<number, number>();
    for (const { domain, wider } of pins) {
      costs.set(domain, yield* solver.costAgainst(engine, weights, wider, topK));
    }
    return costs;
  },
});
