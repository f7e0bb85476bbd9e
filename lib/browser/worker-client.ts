/** The page's side of calls to a worker, which is restarted when it stops. */
import { reasonOf, StageError } from '../model/errors';
import type { Predict, Progress } from '../model/job';
import { missingCode } from '../model/load-code';
import { CancelledError, type Client, RemoteError, WorkerFailedError } from '../rpc/client';
import type { FromWorker, Methods, Ping, ToWorker } from '../rpc/protocol';
import { lifeEnded } from './worker-life';

/** What the client needs of a worker: `Worker` implements it, tests pass a MessagePort. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): void;
  onmessage: ((event: MessageEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

interface WorkerClientOptions<M extends Methods> {
  /**
   * Methods that leave state in the worker which later calls depend on, in order of dependence. A new worker
   * first gets the last answered request of each.
   */
  readonly stateful?: readonly (keyof M & string)[];
  /** Answers prediction requests of the worker's jobs; without it, those fail. */
  readonly predict?: Predict;
  /**
   * Settles once the worker that holds a Web Lock is gone; `navigator.locks` by default, injected for tests.
   */
  readonly lockReleased?: (name: string, signal: AbortSignal) => Promise<void>;
}

/** A call that has not been answered yet. */
interface Call {
  readonly id: number;
  readonly method: string;
  readonly request: unknown;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  resolve(result: unknown): void;
  reject(error: Error): void;
  /** Already rejected, but the worker may still be running it. */
  isCancelled: boolean;
  /** Number of workers that stopped while running it. */
  crashes: number;
}

/** A worker from its start to its end. */
interface Life {
  readonly worker: WorkerLike;
  readonly ended: AbortController;
  /** Messages are sent only once the worker is ready. */
  isReady: boolean;
  /** Ids of calls that restore the state of the previous worker. */
  readonly restoring: Set<number>;
}

/** Timeout until `ready`; slow machines need several seconds. */
const readyWithinMs = 60_000;
/** Delays before restarts, one per failure in a row; after the last, the worker is given up. */
const restartAfterMs = [200, 1_000, 4_000];
/** A call is retried once: one that stopped two workers would stop a third. */
const maxCrashes = 2;
/**
 * Without locks, a worker is pinged. It answers between two slices of a job: usually within milliseconds, but
 * a computation that cannot be sliced may take many seconds. A worker counts as dead after several pings in a
 * row without any message. Timer ticks are counted, not time: after the machine slept there is only one.
 */
const pingEveryMs = 10_000;
const maxSilentPings = 18;

/**
 * A client of a worker that is started with the first call, and restarted when it stops because it crashed,
 * its script failed to load, or the browser killed it. Pending calls are then repeated, so methods must be
 * safe to call twice. A worker that keeps stopping is given up, and its calls are rejected with a
 * {@link WorkerFailedError}; the next call tries again.
 *
 * @param create makes the worker; injected so that both sides can be tested without a browser
 */
export function createWorkerClient<M extends Methods>(
  create: () => WorkerLike,
  { stateful = [], predict = noModels, lockReleased = lifeEnded }: WorkerClientOptions<M> = {},
): Client<M> {
  /** In call order, in which a worker answers. */
  const calls = new Map<number, Call>();
  /** The last request of each stateful method that was answered. */
  const states = new Map<string, unknown>();
  let life: Life | null = null;
  let restart: ReturnType<typeof setTimeout> | null = null;
  let failuresInARow = 0;
  let isClosed = false;
  let nextId = 1;

  function start(): void {
    restart = null;
    let worker: WorkerLike;
    try {
      worker = create();
    } catch (error) {
      failed(false, reasonOf(error));
      return;
    }
    const current: Life = {
      worker,
      ended: new AbortController(),
      isReady: false,
      restoring: new Set(),
    };
    life = current;
    const stop = (reason: string) => {
      if (life !== current) return;
      end(current);
      failed(current.isReady, reason);
    };
    const readyTimer = setTimeout(
      () => stop(`it did not start within ${readyWithinMs / 1000} seconds`),
      readyWithinMs,
    );
    current.ended.signal.addEventListener('abort', () => clearTimeout(readyTimer));
    worker.onerror = (event) => {
      // The callers get the error, so it is not reported to the console.
      event.preventDefault?.();
      stop(event.message ?? '');
    };
    worker.onmessageerror = () => stop('a message of it could not be read');
    let silentPings = 0;
    worker.onmessage = (event: MessageEvent<FromWorker>) => {
      if (life !== current) return;
      silentPings = 0;
      const message = event.data;
      switch (message.kind) {
        case 'alive':
          if (message.lock === null) {
            pingRegularly(current, () => {
              if (calls.size === 0) return;
              silentPings++;
              if (silentPings > maxSilentPings) stop('it no longer answers');
              else worker.postMessage({ kind: 'ping' } satisfies Ping);
            });
          } else {
            lockReleased(message.lock, current.ended.signal).then(
              () => stop('the browser ended it'),
              () => {},
            );
          }
          break;
        case 'pong':
          break;
        case 'ready':
          clearTimeout(readyTimer);
          current.isReady = true;
          restore(current);
          for (const call of calls.values()) send(current, call);
          break;
        case 'progress': {
          const call = calls.get(message.id);
          if (!call?.isCancelled) call?.onProgress?.(message.progress);
          break;
        }
        case 'predict':
          void answer(current, message);
          break;
        default:
          failuresInARow = 0;
          if (!current.restoring.delete(message.id)) settle(message);
      }
    };
  }

  function end(current: Life): void {
    life = null;
    current.ended.abort();
    current.worker.terminate();
  }

  /** Restarts the worker if calls are pending, unless that has failed too often. */
  function failed(wasReady: boolean, reason: string): void {
    failuresInARow++;
    const error = wasReady ? stoppedError(reason) : missingError(reason);
    // Calls are answered one after the other: the worker was running the first.
    const [first] = calls.values();
    if (first && wasReady) {
      first.crashes++;
      if (first.crashes >= maxCrashes) rejectCall(first, error);
    }
    for (const call of [...calls.values()]) if (call.isCancelled) calls.delete(call.id);
    if (calls.size === 0) return;
    const pause = restartAfterMs[failuresInARow - 1];
    if (pause !== undefined) {
      restart = setTimeout(start, pause);
      return;
    }
    for (const call of [...calls.values()]) {
      // Later calls depend on it.
      if (stateful.includes(call.method)) states.set(call.method, call.request);
      rejectCall(call, error);
    }
  }

  /** Restores the state of the previous worker. */
  function restore(current: Life): void {
    for (const method of stateful) {
      if (!states.has(method)) continue;
      const id = nextId++;
      current.restoring.add(id);
      current.worker.postMessage({ kind: 'call', id, method, request: states.get(method) });
    }
  }

  function send(current: Life, call: Call): void {
    const { id, method, request } = call;
    try {
      current.worker.postMessage({ kind: 'call', id, method, request });
    } catch (error) {
      // The request cannot be cloned.
      rejectCall(call, error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Sends a job the predictions that it waits for. */
  async function answer(
    current: Life,
    { id, model, mixtures }: Extract<FromWorker, { kind: 'predict' }>,
  ): Promise<void> {
    let reply: ToWorker<M>;
    try {
      reply = { kind: 'predicted', id, predicted: await predict(model, mixtures) };
    } catch (error) {
      const message = reasonOf(error);
      const advice =
        error instanceof RemoteError || error instanceof StageError ? error.advice : '';
      reply = { kind: 'notPredicted', id, error: { name: 'Error', stage: null, message, advice } };
    }
    if (life === current && calls.has(id)) current.worker.postMessage(reply);
  }

  function rejectCall(call: Call, error: Error): void {
    calls.delete(call.id);
    call.reject(error);
  }

  function settle(message: Extract<FromWorker, { kind: 'result' | 'cancelled' | 'error' }>): void {
    const call = calls.get(message.id);
    if (!call) return;
    calls.delete(message.id);
    if (message.kind === 'cancelled') call.reject(new CancelledError('Cancelled.'));
    else if (message.kind === 'error') call.reject(new RemoteError(message.error));
    else {
      if (stateful.includes(call.method)) states.set(call.method, call.request);
      call.resolve(message.result);
    }
  }

  return {
    async call(method, request, options = {}) {
      const { signal, onProgress } = options;
      if (isClosed) throw new WorkerFailedError('The worker is closed.');
      if (signal?.aborted) throw new CancelledError('Cancelled.');
      const id = nextId++;
      let onAbort = () => {};
      try {
        return await new Promise<M[typeof method]['result']>((resolve, reject) => {
          const call: Call = {
            id,
            method,
            request,
            onProgress:
              onProgress && newestOnly(onProgress, () => calls.get(id)?.isCancelled === false),
            resolve: (result) => resolve(result as M[typeof method]['result']),
            reject,
            isCancelled: false,
            crashes: 0,
          };
          calls.set(id, call);
          onAbort = () => {
            call.isCancelled = true;
            reject(new CancelledError('Cancelled.'));
            if (life?.isReady) life.worker.postMessage({ kind: 'cancel', id });
            else calls.delete(id);
          };
          signal?.addEventListener('abort', onAbort, { once: true });
          if (life?.isReady) send(life, call);
          else if (!life && restart === null) start();
        });
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
    close() {
      isClosed = true;
      if (restart !== null) clearTimeout(restart);
      if (life) end(life);
      const error = new CancelledError('The worker is closed.');
      for (const call of [...calls.values()]) rejectCall(call, error);
    },
  };
}

function missingError(reason: string): WorkerFailedError {
  const { message, advice } = missingCode;
  return new WorkerFailedError(reason === '' ? message : `${message} (${reason})`, advice);
}

function stoppedError(reason: string): WorkerFailedError {
  return new WorkerFailedError(
    `A worker of this page stopped${reason === '' ? '' : `: ${reason}`}.`,
    'Try again; if it stops again, reload the page.',
  );
}

function noModels(): Promise<Float64Array> {
  const advice = 'Choose another regressor for this.';
  return Promise.reject(
    new StageError('regression', 'An imported ONNX model cannot be used here.', advice),
  );
}

function pingRegularly({ ended }: Life, ping: () => void): void {
  const timer = setInterval(ping, pingEveryMs);
  ended.signal.addEventListener('abort', () => clearInterval(timer));
}

/**
 * Reports only the newest progress. A page that takes longer to render one report than the worker takes for
 * the next would otherwise render without end.
 */
function newestOnly(
  report: (progress: Progress) => void,
  isOpen: () => boolean,
): (progress: Progress) => void {
  let newest: Progress | null = null;
  return (progress) => {
    const isScheduled = newest !== null;
    newest = progress;
    if (isScheduled) return;
    setTimeout(() => {
      const latest = newest;
      newest = null;
      if (latest && isOpen()) report(latest);
    });
  };
}
