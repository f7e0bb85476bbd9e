import { StageError } from '../../lib/errors';
import { formatNumber, formatPercent } from '../../lib/format';
import { runJob } from '../../lib/job';
import { boundsOf, feasibilityOf } from '../../lib/optimum/constraints';
import { defaultEngine } from '../../lib/optimum/engines';
import { leadingWeights } from '../../lib/optimum/finding';
import { createSolver, prepareParts } from '../../lib/optimum/solver';
import type { Objective } from '../../lib/optimum/types';
import { proposeForStudy } from '../../lib/propose/propose-for';
import { mostProposals } from '../../lib/propose/types';
import { writeProposals } from '../../lib/propose/write-proposals';
import { simulation } from '../../lib/study/settings';
import { alignColumns } from './align';
import { choice, quantity, readOptions, type Tell } from './arguments';
import {
  assessTerms,
  byDomain,
  objectiveTerms,
  problemOptions,
  readKl,
  readProblem,
} from './problem';

const proposeOptions = {
  ...problemOptions,
  count: { type: 'string' },
  format: { type: 'string' },
} as const;

/** `regmix propose`: the mixtures to train proxies on next. */
export async function runPropose(args: readonly string[], tell: Tell): Promise<string> {
  const options = readOptions(args, proposeOptions);
  const count = quantity(options.count ?? '16', '--count', {
    low: 1,
    high: mostProposals,
    whole: true,
  });
  const format = choice(options.format, '--format', ['csv', 'yaml'] as const);
  const kl = readKl(options);
  const problem = await readProblem(options, false, tell);
  const { study, constraints, prior, seed } = problem;
  const bounds = boundsOf(constraints);
  const feasibility = feasibilityOf(bounds, constraints, study.domains);
  if (!feasibility.feasible) throw new StageError('optimum', feasibility.message);
  const terms = objectiveTerms(problem, assessTerms(problem), options.raw ?? false);
  const objective: Objective = {
    kind: 'weighted',
    terms,
    kl,
    prior,
    unique: null,
    seek: 'best',
  };
  const runs = study.training.mixtures;
  const { samples, topK } = simulation;
  const asked = { objective, runs, human: null, yours: null, samples, seed };
  const solver = runJob(createSolver(asked, runJob(prepareParts(asked))));
  const { optimum } = runJob(solver.solve(defaultEngine(objective), bounds, topK));
  const { targets, training } = study;
  const proposals = runJob(
    proposeForStudy({
      targets,
      training,
      terms,
      bounds,
      prior,
      optimum: optimum.weights,
      count,
      seed,
    }),
  );
  if (options.json) {
    return JSON.stringify({
      proposals: proposals.map(({ weights, reason, mean, sd, ...rest }) => ({
        weights: byDomain(study, weights),
        reason,
        predicted: { mean, sd },
        ...rest,
      })),
    });
  }
  if (format) return writeProposals(study, proposals)[format].trimEnd();
  const rows = proposals.map(({ weights, reason, mean, expectedImprovement }) => [
    reason,
    formatNumber(mean, 4),
    formatNumber(expectedImprovement, 4),
    leadingWeights(study.domains, weights, 4)
      .map(({ name, weight }) => `${formatPercent(weight, 1)} ${name}`)
      .join(', '),
  ]);
  return alignColumns([['why', 'predicted', 'gain', 'mixture'], ...rows]).join('\n');
}
