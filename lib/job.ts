/** What a long computation says of itself while it runs. */
export interface Progress {
  /** Units done so far, `0 <= done <= total`. */
  readonly done: number;
  readonly total: number;
  /** What one unit is, in the plural and in lower case: `rounds`, `mixtures`, `rows`. */
  readonly unit: string;
}

/**
 * A long computation as a generator: it yields its progress every few milliseconds of work and
 * returns its result. A worker drives it in slices, so that it can be cancelled between two yields
 * (see `lib/rpc/serve.ts`); Node and tests drive it to the end with {@link runJob}.
 */
export type Job<Result> = Generator<Progress, Result, void>;

/** A job that also waits for others: bytes of a file or of a server, say. */
export type AsyncJob<Result> = AsyncGenerator<Progress, Result, void>;

/** Drives a job to its end without pausing. */
export function runJob<Result>(job: Job<Result>): Result {
  let step = job.next();
  while (!step.done) step = job.next();
  return step.value;
}
