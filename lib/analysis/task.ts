import type { Progress } from '../model/job';

/** What is known of something that a worker computes on request. */
export interface Task<Value> {
  readonly status: 'idle' | 'running' | 'done' | 'failed';
  readonly progress: Progress | null;
  /**
   * The answer once it is `done`. Before: that to an earlier request about the same subject, to be drawn
   * until the newer one is there, and not to be saved; null when there is none.
   */
  readonly value: Value | null;
  /** Why it failed, in words; empty otherwise. */
  readonly problem: string;
}

/** A task with the request that it is of. */
export interface TaskState<Value> extends Task<Value> {
  /** Identifies the request: equal keys have equal answers. */
  readonly key: string;
  /** What the answer is about, as the page names it: answers about another subject must not stand under it. */
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
 * What may stand on view for a request, whatever is known of others.
 *
 * @param key of the request; null = nothing is asked, such as while a fit is awaited
 */
export function taskOf<Value>(
  known: TaskState<Value> | null,
  key: string | null,
  subject: string,
): Task<Value> {
  if (key === null) return { ...idle, value: known?.subject === subject ? known.value : null };
  return known?.key === key ? known : startedTask(known, key, subject);
}
