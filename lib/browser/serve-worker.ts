import type { Endpoint, FromWorker, Methods, Ping, ToWorker } from '../rpc/protocol';
import { type Handlers, serve } from '../rpc/serve';

/** What this needs of `navigator.locks`. */
interface Locks {
  request(name: string, hold: () => Promise<never>): Promise<unknown>;
}

/**
 * Serves calls in a worker, and lets its client tell when the worker is gone. A browser that kills a worker,
 * for lack of memory say, tells nobody; but it gives back the Web Lock that the worker holds all its life.
 *
 * @param locks null where the page did not come by https; injected so that it can be tested
 */
export async function serveWorker<M extends Methods>(
  handlers: Handlers<M>,
  scope: Endpoint = self,
  locks: Locks | null = navigator.locks ?? null,
): Promise<void> {
  // Granted before it is named: a client that asks for it sooner would have it first.
  const lock = await holdForLife(locks);
  scope.addEventListener('message', (event: MessageEvent<ToWorker<M> | Ping>) => {
    if (event.data.kind !== 'ping') return;
    event.stopImmediatePropagation();
    scope.postMessage({ kind: 'pong' } satisfies FromWorker);
  });
  scope.postMessage({ kind: 'alive', lock } satisfies FromWorker);
  serve(scope, handlers);
}

/** @returns the name of the lock; null where there are none */
function holdForLife(locks: Locks | null): Promise<string | null> {
  if (!locks) return Promise.resolve(null);
  const name = `regmix-worker-${crypto.randomUUID()}`;
  return new Promise((resolve) => {
    locks
      .request(name, () => {
        resolve(name);
        return new Promise<never>(() => {});
      })
      .catch(() => resolve(null));
  });
}
