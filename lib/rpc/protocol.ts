import type { Progress } from '../model/job';
import type { Matrix } from '../model/matrix';

/**
 * The methods of a worker: each name with its request and its result. Both ends are typed by one such map, so
 * that a call that the worker does not know does not compile.
 */
export type Methods = Record<string, { request: unknown; result: unknown }>;

/** An error as it crosses between threads, where classes do not survive. */
export interface ErrorPayload {
  /** Class of the error: `StageError`, `RunsError`, or `Error` for a defect. */
  readonly name: string;
  readonly stage: string | null;
  readonly message: string;
  readonly advice: string;
}

export type ToWorker<M extends Methods> =
  | {
      readonly [K in keyof M & string]: {
        readonly kind: 'call';
        readonly id: number;
        readonly method: K;
        readonly request: M[K]['request'];
      };
    }[keyof M & string]
  | { readonly kind: 'cancel'; readonly id: number }
  /** Of the predictions that the call `id` waits for. */
  | { readonly kind: 'predicted'; readonly id: number; readonly predicted: Float64Array }
  | { readonly kind: 'notPredicted'; readonly id: number; readonly error: ErrorPayload };

/** Checks whether a worker is alive; answered between two slices of a job. */
export interface Ping {
  readonly kind: 'ping';
}

export type FromWorker =
  /** Sent before `ready`: the Web Lock that the worker holds while it lives; null = use pings. */
  | { readonly kind: 'alive'; readonly lock: string | null }
  | { readonly kind: 'pong' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  /** The call waits for predictions of an imported model, one batch at a time. */
  | {
      readonly kind: 'predict';
      readonly id: number;
      readonly model: string;
      readonly mixtures: Matrix;
    }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'cancelled'; readonly id: number }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorPayload };

/** What a Worker, its global scope and a MessagePort have in common. */
export interface Endpoint {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}
