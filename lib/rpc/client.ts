import type { Progress } from '../model/job';
import type { ErrorPayload, Methods } from './protocol';

interface CallOptions {
  /** Aborting cancels the call: it rejects with a {@link CancelledError} at once. */
  readonly signal?: AbortSignal;
  /** Called with the newest progress; reports that a busy page had no time for are skipped. */
  readonly onProgress?: (progress: Progress) => void;
}

/** The call was cancelled by its caller. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

/** The worker answered with an error; name, stage and advice are those of the original. */
export class RemoteError extends Error {
  override readonly name: string;
  readonly stage: string | null;
  readonly advice: string;

  constructor(payload: ErrorPayload) {
    super(payload.message);
    this.name = payload.name;
    this.stage = payload.stage;
    this.advice = payload.advice;
  }
}

/** The worker did not start, or stopped, and restarting it failed. */
export class WorkerFailedError extends RemoteError {
  constructor(message: string, advice = '') {
    super({ name: 'WorkerFailedError', stage: null, message, advice });
  }
}

/** A typed client of one worker, which may be replaced when it stops. */
export interface Client<M extends Methods> {
  /**
   * @throws CancelledError when it is cancelled or the client is closed meanwhile
   * @throws RemoteError with the error that the worker threw
   * @throws WorkerFailedError when there is no worker to answer it
   */
  call<K extends keyof M & string>(
    method: K,
    request: M[K]['request'],
    options?: CallOptions,
  ): Promise<M[K]['result']>;
  close(): void;
}
