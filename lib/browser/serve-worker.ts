import type { Endpoint, FromWorker, Methods, Ping, ToWorker } from '../rpc/protocol';
import { type Handlers, serve } from '../rpc/serve';
import { holdForLife, type WorkerLocks } from './worker-life';

/**
 * Serves calls in a worker, and lets its client detect when the worker is gone. A browser that kills a
 * worker, e.g. for lack of memory, fires no event, but releases the Web Lock that the worker holds all its
 * life.
 *
 * @param locks null outside of secure contexts; injected for tests
 */
export async function serveWorker<M extends Methods>(
  handlers: Handlers<M>,
  scope: Endpoint = self,
  locks?: WorkerLocks | null,
): Promise<void> {
  // Wait until it is granted before naming it: a client could otherwise acquire it first.
  const lock = await holdForLife(locks);
  scope.addEventListener('message', (event: MessageEvent<ToWorker<M> | Ping>) => {
    if (event.data.kind !== 'ping') return;
    event.stopImmediatePropagation();
    scope.postMessage({ kind: 'pong' } satisfies FromWorker);
  });
  scope.postMessage({ kind: 'alive', lock } satisfies FromWorker);
  serve(scope, handlers);
}
