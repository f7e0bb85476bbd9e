/** The worker's side of calls: runs jobs in slices, reports progress, and cancels. */
import { StageError } from '../model/errors';
import type { AsyncJob, Job, PredictionRequest, Progress } from '../model/job';
import type { Endpoint, ErrorPayload, FromWorker, Methods, ToWorker } from './protocol';

/**
 * One handler per method: starts the job that answers a request. The signal is aborted when the call is
 * cancelled; a handler that awaits I/O must end by it.
 */
export type Handlers<M extends Methods> = {
  readonly [K in keyof M]: (
    request: M[K]['request'],
    signal: AbortSignal,
  ) => Job<M[K]['result']> | AsyncJob<M[K]['result']> | Promise<Job<M[K]['result']>>;
};

type Steps<Result> = Iterator<Progress, Result, void> | AsyncIterator<Progress, Result, void>;

/** How long a job runs before the worker reads messages: short compared with a frame of 16 ms. */
const sliceMs = 8;
/** Interval of progress messages. */
const progressMs = 80;

/**
 * Serves calls on `endpoint`, one after the other in the order they came. Between slices of a job the worker
 * reads its messages, so that a cancelled call stops within about 8 ms, even while it awaits something that
 * never arrives, and the next call runs. Large arrays of a result are transferred, not copied: a handler must
 * not retain the result.
 *
 * @param pause lets waiting messages in; tests inject Node's `setImmediate`, since Node reads up to a
 *   thousand messages of one channel in a row
 */
export function serve<M extends Methods>(
  endpoint: Endpoint,
  handlers: Handlers<M>,
  pause: () => Promise<void> = createPause(),
): void {
  /** Calls that are not answered yet. */
  const pending = new Map<number, AbortController>();
  /** The call that waits for predictions: calls run one after the other. */
  let predicting: Predicting | null = null;
  let queue: Promise<void> = Promise.resolve();
  const send = (message: FromWorker, transfer: ArrayBuffer[] = []) =>
    endpoint.postMessage(message, transfer);

  function predict(id: number, request: PredictionRequest): Promise<void> {
    const { model, mixtures } = request;
    return new Promise((resolve, reject) => {
      predicting = {
        id,
        settle(predicted) {
          predicting = null;
          request.predicted = predicted;
          resolve();
        },
        fail(error) {
          predicting = null;
          reject(error);
        },
      };
      send({ kind: 'predict', id, model, mixtures }, largeBuffers(mixtures));
    });
  }

  async function answer<K extends keyof M & string>(
    id: number,
    method: K,
    request: M[K]['request'],
    signal: AbortSignal,
  ): Promise<void> {
    const job: Steps<M[K]['result']> = await unlessAborted(
      handlers[method](request, signal),
      signal,
    );
    let lastProgress = performance.now();
    let sliceStart = lastProgress;
    try {
      let step = await unlessAborted(job.next(), signal);
      while (!step.done) {
        const now = performance.now();
        if (now - lastProgress > progressMs) {
          const { done, total, unit } = step.value;
          send({ kind: 'progress', id, progress: { done, total, unit } });
          lastProgress = now;
        }
        if (now - sliceStart > sliceMs) {
          await pause();
          signal.throwIfAborted();
          sliceStart = performance.now();
        }
        const { request: wanted } = step.value;
        if (wanted) await unlessAborted(predict(id, wanted), signal);
        step = await unlessAborted(job.next(), signal);
      }
      signal.throwIfAborted();
      send({ kind: 'result', id, result: step.value }, largeBuffers(step.value));
    } catch (error) {
      if (predicting?.id === id) predicting = null;
      void close(job);
      throw error;
    }
  }

  async function run<K extends keyof M & string>(
    id: number,
    method: K,
    request: M[K]['request'],
    signal: AbortSignal,
  ): Promise<void> {
    try {
      signal.throwIfAborted();
      await answer(id, method, request, signal);
    } catch (error) {
      if (signal.aborted) send({ kind: 'cancelled', id });
      else send({ kind: 'error', id, error: errorPayload(error) });
    }
    pending.delete(id);
  }

  endpoint.addEventListener('message', (event: MessageEvent<ToWorker<M>>) => {
    const message = event.data;
    if (message.kind === 'cancel') {
      pending.get(message.id)?.abort();
      return;
    }
    if (message.kind === 'predicted' || message.kind === 'notPredicted') {
      // The call was cancelled meanwhile.
      if (predicting?.id !== message.id) return;
      if (message.kind === 'predicted') predicting.settle(message.predicted);
      else predicting.fail(errorOf(message.error));
      return;
    }
    const call = new AbortController();
    pending.set(message.id, call);
    queue = queue.then(() => run(message.id, message.method, message.request, call.signal));
  });
  send({ kind: 'ready' });
}

/** A call that waits for predictions. */
interface Predicting {
  readonly id: number;
  settle(predicted: Float64Array): void;
  fail(error: Error): void;
}

/**
 * Closes a job's resources (a file, a response) by its `finally`; one that has ended stays as it is. Callers
 * need not wait for it.
 */
async function close(job: Steps<unknown>): Promise<void> {
  try {
    await job.return?.();
  } catch {
    // The call is answered with the error that ended it.
  }
}

function errorOf({ message, advice }: ErrorPayload): StageError {
  return new StageError('regression', message, advice);
}

/**
 * Settles as the promise or rejects with the signal's reason, whichever is first; a plain value is returned
 * as it is.
 */
function unlessAborted<Value>(
  value: Value | Promise<Value>,
  signal: AbortSignal,
): Value | Promise<Value> {
  signal.throwIfAborted();
  if (!(value instanceof Promise)) return value;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
    value.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function errorPayload(error: unknown): ErrorPayload {
  if (error instanceof StageError) {
    const { name, stage, message, advice } = error;
    return { name, stage, message, advice };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { name: 'Error', stage: null, message, advice: '' };
}

/** Buffers in a result from this size on are transferred: copying 100 MB would block the page. */
const movedFrom = 1_000_000;
/**
 * Number of list entries that are searched for large arrays. Lists that hold large arrays are short, one
 * entry per target or domain; searching a long list would cost more than copying it.
 */
const searchedEntries = 1_000;

function largeBuffers(value: unknown, found: ArrayBuffer[] = []): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    const { buffer } = value;
    if (
      buffer instanceof ArrayBuffer &&
      buffer.byteLength >= movedFrom &&
      !found.includes(buffer)
    ) {
      found.push(buffer);
    }
  } else if (value !== null && typeof value === 'object') {
    for (const entry of Array.isArray(value)
      ? value.slice(0, searchedEntries)
      : Object.values(value)) {
      largeBuffers(entry, found);
    }
  }
  return found;
}

/** Uses a message channel, since browsers delay nested timers by 4 ms. */
function createPause(): () => Promise<void> {
  const channel = new MessageChannel();
  let resume: () => void = () => {};
  channel.port1.onmessage = () => resume();
  return () =>
    new Promise((resolve) => {
      resume = resolve;
      channel.port2.postMessage(null);
    });
}
