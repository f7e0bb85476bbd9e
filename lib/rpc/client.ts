import { StageError } from '../errors';
import type { Predict, Progress } from '../job';
import type { ErrorPayload, FromWorker, Methods, ToWorker } from './protocol';

/** What the client needs of a worker; `Worker` has it, tests pass a MessagePort in its place. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): void;
  onmessage: ((event: MessageEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

interface CallOptions {
  /** Aborting cancels the call: it rejects with a {@link CancelledError}. */
  readonly signal?: AbortSignal;
  /** Told the newest progress; what a busy page did not get to meanwhile is left out. */
  readonly onProgress?: (progress: Progress) => void;
}

/** The call was cancelled by its caller; nothing went wrong. */
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

/** The worker did not start, or stopped; every call that waited on it fails with this. */
export class WorkerFailedError extends Error {
  override readonly name = 'WorkerFailedError';
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
  onProgress?: (progress: Progress) => void;
}

type ClientState = 'opening' | 'ready' | 'failed' | 'closed';

/** A typed client of one worker. Calls wait until the worker has said that it is ready. */
export interface Client<M extends Methods> {
  readonly state: ClientState;
  call<K extends keyof M & string>(
    method: K,
    request: M[K]['request'],
    options?: CallOptions,
  ): Promise<M[K]['result']>;
  close(): void;
}

/** A worker that has not said `ready` after this long is taken for dead. Slow machines need several seconds. */
const readyWithinMs = 60_000;

/**
 * @param create makes the worker; injected so that both sides can be tested without a browser
 * @param predict answers what the worker's jobs ask of imported models; those fail without it
 */
export function createClient<M extends Methods>(
  create: () => WorkerLike,
  predict: Predict = noModels,
): Client<M> {
  const waiting = new Map<number, Waiting>();
  let state: ClientState = 'opening';
  let failure: WorkerFailedError | null = null;
  let nextId = 1;
  let openingDone: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    openingDone = resolve;
  });
  const worker = create();

  function fail(message: string): void {
    if (state === 'closed' || state === 'failed') return;
    state = 'failed';
    failure = new WorkerFailedError(message);
    worker.terminate();
    for (const call of waiting.values()) call.reject(failure);
    waiting.clear();
    openingDone();
  }

  const readyTimer = setTimeout(
    () => fail(`The worker did not start within ${readyWithinMs / 1000} seconds.`),
    readyWithinMs,
  );
  worker.onerror = (event) => fail(`The worker stopped: ${event.message ?? 'unknown error'}.`);
  worker.onmessageerror = () => fail('The worker sent a message that could not be read.');
  worker.onmessage = (event: MessageEvent<FromWorker>) => {
    const message = event.data;
    if (message.kind === 'ready') {
      clearTimeout(readyTimer);
      if (state === 'opening') state = 'ready';
      openingDone();
      return;
    }
    const call = waiting.get(message.id);
    if (!call) return;
    if (message.kind === 'predict') {
      void answer(message);
      return;
    }
    if (message.kind === 'progress') {
      call.onProgress?.(message.progress);
      return;
    }
    waiting.delete(message.id);
    if (message.kind === 'result') call.resolve(message.result);
    else if (message.kind === 'cancelled') call.reject(new CancelledError('Cancelled.'));
    else call.reject(new RemoteError(message.error));
  };

  async function answer({ id, model, mixtures }: Extract<FromWorker, { kind: 'predict' }>) {
    let reply: ToWorker<M>;
    try {
      reply = { kind: 'predicted', id, predicted: await predict(model, mixtures) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const advice =
        error instanceof RemoteError || error instanceof StageError ? error.advice : '';
      reply = { kind: 'notPredicted', id, error: { name: 'Error', stage: null, message, advice } };
    }
    if (waiting.has(id)) worker.postMessage(reply);
  }

  return {
    get state() {
      return state;
    },
    async call(method, request, options = {}) {
      await opened;
      if (failure) throw failure;
      if (state === 'closed') throw new WorkerFailedError('The worker is closed.');
      if (options.signal?.aborted) throw new CancelledError('Cancelled.');
      const id = nextId++;
      return new Promise((resolve, reject) => {
        const onAbort = () => worker.postMessage({ kind: 'cancel', id });
        options.signal?.addEventListener('abort', onAbort, { once: true });
        const settle = () => options.signal?.removeEventListener('abort', onAbort);
        waiting.set(id, {
          resolve(result) {
            settle();
            resolve(result as M[typeof method]['result']);
          },
          reject(error) {
            settle();
            reject(error);
          },
          onProgress: options.onProgress && newestOnly(options.onProgress, () => waiting.has(id)),
        });
        worker.postMessage({ kind: 'call', id, method, request });
      });
    },
    close() {
      if (state === 'closed') return;
      clearTimeout(readyTimer);
      worker.terminate();
      state = 'closed';
      for (const call of waiting.values()) call.reject(new CancelledError('The worker is closed.'));
      waiting.clear();
      openingDone();
    },
  };
}

function noModels(): Promise<Float64Array> {
  const advice = 'Choose another regressor for this.';
  return Promise.reject(
    new StageError('regression', 'Imported ONNX models are not run here.', advice),
  );
}

/**
 * Tells the newest of the reports that came in one after the other. Told each of them, a page that takes
 * longer to draw one than the worker takes for the next would draw without an end.
 */
function newestOnly(
  tell: (progress: Progress) => void,
  isWanted: () => boolean,
): (progress: Progress) => void {
  let newest: Progress | null = null;
  return (progress) => {
    const isScheduled = newest !== null;
    newest = progress;
    if (isScheduled) return;
    setTimeout(() => {
      const latest = newest;
      newest = null;
      if (latest && isWanted()) tell(latest);
    });
  };
}
