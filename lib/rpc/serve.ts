import { StageError } from '../errors';
import type { AsyncJob, Job, PredictionRequest, Progress } from '../job';
import type { Endpoint, ErrorPayload, FromWorker, Methods, ToWorker } from './protocol';

/** One handler per method: starts the job that answers a request. */
export type Handlers<M extends Methods> = {
  readonly [K in keyof M]: (
    request: M[K]['request'],
  ) => Job<M[K]['result']> | AsyncJob<M[K]['result']> | Promise<Job<M[K]['result']>>;
};

type Steps<Result> = Iterator<Progress, Result, void> | AsyncIterator<Progress, Result, void>;

/** How long a job runs before the worker looks for messages: short against a frame of 16 ms. */
const sliceMs = 8;
/** How often progress is worth a message. */
const progressMs = 80;

/**
 * Serves calls on `endpoint`, one after the other in the order they came. Between slices of a job
 * the worker reads its messages, so that a cancelled call stops within about 8 ms. Large arrays of a
 * result are moved, not copied: a handler must not keep the result it returned.
 *
 * @param pause gives way to waiting messages; tests pass Node's own way, which reads up to a
 *   thousand messages of a channel before any other
 */
export function serve<M extends Methods>(
  endpoint: Endpoint,
  handlers: Handlers<M>,
  pause: () => Promise<void> = createPause(),
): void {
  const cancelled = new Set<number>();
  const pending = new Set<number>();
  /** The call that waits for predictions: calls run one after the other. */
  let predicting: Predicting | null = null;
  let queue: Promise<void> = Promise.resolve();
  const send = (message: FromWorker, transfer: ArrayBuffer[] = []) =>
    endpoint.postMessage(message, transfer);

  /** Settles with the predictions, or without where the call is cancelled meanwhile. */
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

  async function run<K extends keyof M & string>(
    id: number,
    method: K,
    request: M[K]['request'],
  ): Promise<void> {
    if (!cancelled.has(id)) {
      try {
        const job: Steps<M[K]['result']> = await handlers[method](request);
        let lastProgress = performance.now();
        let sliceStart = lastProgress;
        let step = await job.next();
        while (!step.done && !cancelled.has(id)) {
          const now = performance.now();
          if (now - lastProgress > progressMs) {
            const { done, total, unit } = step.value;
            send({ kind: 'progress', id, progress: { done, total, unit } });
            lastProgress = now;
          }
          if (now - sliceStart > sliceMs) {
            await pause();
            sliceStart = performance.now();
          }
          const { request: wanted } = step.value;
          if (wanted && !cancelled.has(id)) await predict(id, wanted);
          if (!cancelled.has(id)) step = await job.next();
        }
        // What it still holds open (a file, an answer of a server) is let go.
        if (!step.done) await job.return?.();
        if (step.done && !cancelled.has(id)) {
          send({ kind: 'result', id, result: step.value }, largeBuffers(step.value));
        }
      } catch (error) {
        if (!cancelled.has(id)) send({ kind: 'error', id, error: errorPayload(error) });
      }
    }
    if (cancelled.delete(id)) send({ kind: 'cancelled', id });
    pending.delete(id);
  }

  endpoint.addEventListener('message', (event: MessageEvent<ToWorker<M>>) => {
    const message = event.data;
    if (message.kind === 'cancel') {
      if (pending.has(message.id)) cancelled.add(message.id);
      if (predicting?.id === message.id) predicting.settle(null);
      return;
    }
    if (message.kind === 'predicted' || message.kind === 'notPredicted') {
      // What was cancelled meanwhile is no longer waited for.
      if (predicting?.id !== message.id) return;
      if (message.kind === 'predicted') predicting.settle(message.predicted);
      else predicting.fail(errorOf(message.error));
      return;
    }
    pending.add(message.id);
    queue = queue.then(() => run(message.id, message.method, message.request));
  });
  send({ kind: 'ready' });
}

/** A call that waits for predictions. */
interface Predicting {
  readonly id: number;
  /** @param predicted null where the call was cancelled */
  settle(predicted: Float64Array | null): void;
  fail(error: Error): void;
}

function errorOf({ message, advice }: ErrorPayload): StageError {
  return new StageError('regression', message, advice);
}

function errorPayload(error: unknown): ErrorPayload {
  if (error instanceof StageError) {
    const { name, stage, message, advice } = error;
    return { name, stage, message, advice };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { name: 'Error', stage: null, message, advice: '' };
}

/** Buffers in a result from this size on are moved: copying 100 MB would hold up the page. */
const movedFrom = 1_000_000;
/**
 * How far into a list large arrays are looked for. Lists that hold large arrays are short, one entry
 * a target or a domain; to walk every record of a long list would cost more than copying it.
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

/** A message channel, since browsers hold nested timers back by 4 ms. */
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
