import type { Job, Progress } from '../job';

/** The job with its progress told in other terms: as a part of a longer one, say. */
export function* withProgress<Result>(
  job: Job<Result>,
  tell: (progress: Progress) => Progress,
): Job<Result> {
  let step = job.next();
  while (!step.done) {
    yield tell(step.value);
    step = job.next();
  }
  return step.value;
}
