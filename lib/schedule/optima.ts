import { StageError } from '../model/errors';
import type { Job } from '../model/job';
import type { Advice, Bounds, Objective } from '../model/limits';
import type { FitOptions, RegressorId } from '../model/regressor';
import { simulation } from '../model/settings';
import type { Trajectory } from '../model/study';
import { adviceOn } from '../optimum/advice';
import { defaultEngine } from '../optimum/engines';
import { createSolver, prepareParts } from '../optimum/solver';
import { assessStudy, type StudyRows } from '../regression/assess';

/** The optimum at one checkpoint of the runs, and the quality of its fit. */
export interface ScheduleMoment {
  /** Steps that the runs had done. */
  readonly step: number;
  /** D weights within the bounds that sum to 1. */
  readonly weights: Float64Array;
  /** Predicted value of the target at the checkpoint, in its unit. */
  readonly predicted: number;
  /** Cross-validated Spearman's rho of the fit, over `n` runs. */
  readonly rho: number;
  readonly n: number;
  /** What this optimum holds out to somebody who would train on it up to this checkpoint. */
  readonly advice: Advice;
}

/** The question answered at every checkpoint. */
export interface ScheduleQuestion {
  /** Id of a target. */
  readonly target: string;
  readonly regressor: RegressorId;
  readonly options: FitOptions;
  /** Bounds of every phase: a schedule of such phases is within them as a whole. */
  readonly bounds: Bounds;
  readonly base: Pick<Objective, 'kl' | 'prior' | 'unique'>;
}

/**
 * Fits a target anew at every checkpoint and finds the optimum there (after RegMix-D, arXiv 2606.18663).
 *
 * @returns one moment per checkpoint, by step
 * @throws StageError when there is no checkpoint, or the runs of one cannot be fitted
 */
export function* optimaOverTraining(
  { targets, training }: Omit<StudyRows, 'testSets'>,
  { steps, losses }: Trajectory,
  { target, regressor, options, bounds, base }: ScheduleQuestion,
): Job<ScheduleMoment[]> {
  if (steps.length === 0) {
    throw new StageError(
      'verify',
      'This study has no losses at checkpoints.',
      'Add a trajectory of its runs.',
    );
  }
  const direction = targets.find(({ id }) => id === target)?.direction ?? 'lower';
  const moments: ScheduleMoment[] = [];
  for (const [place, step] of steps.entries()) {
    const progress = { done: place, total: steps.length, unit: 'checkpoints' };
    yield progress;
    const study = { targets, training: { ...training, losses: losses[place] }, testSets: [] };
    const fit = yield* within(assessStudy(study, target, regressor, options), progress);
    const objective: Objective = {
      ...base,
      kind: 'weighted',
      terms: [{ target, model: fit.model, direction, weight: 1, scale: 1 }],
      seek: 'best',
    };
    const problem = {
      objective,
      runs: training.mixtures,
      human: null,
      yours: null,
      samples: simulation.samples,
      seed: options.seed,
    };
    const parts = yield* within(prepareParts(problem), progress);
    const solver = yield* within(createSolver(problem, parts), progress);
    const found = yield* within(
      solver.solve(defaultEngine(objective), bounds, simulation.topK),
      progress,
    );
    moments.push({
      step,
      weights: found.optimum.weights,
      predicted: found.optimum.predicted,
      rho: fit.crossValidation.spearman,
      n: fit.crossValidation.n,
      advice: adviceOn({
        objective,
        fits: [fit],
        found,
        isPreliminary: false,
        mayHaveSeenRuns: false,
      }),
    });
  }
  return moments;
}

/** A part of a longer computation, whose progress is reported. */
function* within<Result>(
  part: Job<Result>,
  progress: { readonly done: number; readonly total: number; readonly unit: string },
): Job<Result> {
  let step = part.next();
  while (!step.done) {
    yield progress;
    step = part.next();
  }
  return step.value;
}
