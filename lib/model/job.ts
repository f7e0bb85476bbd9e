import type { Matrix } from './matrix';

/** Predictions of a model that only another thread can evaluate: an imported one. */
export interface PredictionRequest {
  /** Id of the imported model. */
  readonly model: string;
  /** N x D. */
  readonly mixtures: Matrix;
  /** N values in the target's unit, set by the driver of the job; null until then. */
  predicted: Float64Array | null;
}

/** Answers prediction requests: N values for N x D mixtures. */
export type Predict = (model: string, mixtures: Matrix) => Promise<Float64Array>;

/** Progress of a long computation. */
export interface Progress {
  /** Units done so far, `0 <= done <= total`. */
  readonly done: number;
  readonly total: number;
  /** What one unit is, in the plural and in lower case: `rounds`, `mixtures`, `rows`. */
  readonly unit: string;
  /** Predictions that the job needs to continue; absent when it needs none. */
  readonly request?: PredictionRequest;
}

/**
 * A long computation as a generator: it yields its progress every few milliseconds of work and
 * returns its result. A worker drives it in slices, so that it can be cancelled between two yields
 * (see `lib/rpc/serve.ts`); Node and tests drive it to the end with {@link runJob}.
 */
export type Job<Result> = Generator<Progress, Result, void>;

/** A job that also awaits I/O, such as a file or a server. */
export type AsyncJob<Result> = AsyncGenerator<Progress, Result, void>;

/** Drives a job to its end without pausing. One that needs an imported model throws. */
export function runJob<Result>(job: Job<Result>): Result {
  let step = job.next();
  while (!step.done) step = job.next();
  return step.value;
}

/** Drives a job to its end and answers its prediction requests. */
export async function runJobWith<Result>(job: Job<Result>, predict: Predict): Promise<Result> {
  let step = job.next();
  while (!step.done) {
    const { request } = step.value;
    if (request) request.predicted = await predict(request.model, request.mixtures);
    step = job.next();
  }
  return step.value;
}

/** The job with its progress mapped, e.g. to a part of a longer job. */
export function* withProgress<Result>(
  job: Job<Result>,
  mapProgress: (progress: Progress) => Progress,
): Job<Result> {
  let step = job.next();
  while (!step.done) {
    yield mapProgress(step.value);
    step = job.next();
  }
  return step.value;
}
