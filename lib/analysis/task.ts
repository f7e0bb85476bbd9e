import type { Progress } from '../model/job';

/** The state of something that a worker computes on request. */
export interface Task<Value> {
  readonly status: 'idle' | 'running' | 'done' | 'failed';
  readonly progress: Progress | null;
  /**
   * The result once `done`. Before that, the result of an earlier request about the same subject, to be shown
   * but not saved; null when there is none.
   */
  readonly value: Value | null;
  /** The error message; empty unless it failed. */
  readonly problem: string;
}

/** A task with its request. */
export interface TaskState<Value> extends Task<Value> {
  /** Identifies the request: equal keys have equal answers. */
  readonly key: string;
  /**
   * What the result is about, as named on the page: results about another subject must not be shown under it.
   */
  readonly subject: string;
}

const idle = { status: 'idle', progress: null, value: null, problem: '' } as const;
const running = { status: 'running', progress: null, problem: '' } as const;

/** The state of a request that has just been made. */
export function startedTask<Value>(
  before: TaskState<Value> | null,
  key: string,
  subject: string,
): TaskState<Value> {
  return { ...running, key, subject, value: before?.subject === subject ? before.value : null };
}

/**
 * The task to show for a request.
 *
 * @param key of the request; null = no request, such as while waiting for a fit
 */
export function taskOf<Value>(
  known: TaskState<Value> | null,
  key: string | null,
  subject: string,
): Task<Value> {
  if (key === null) return { ...idle, value: known?.subject === subject ? known.value : null };
  return known?.key === key ? known : startedTask(known, key, subject);
}
