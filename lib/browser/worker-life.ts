/**
 * Tells the page that a worker has died. A worker that is terminated, by itself or for want of memory, gives the
 * page no event; but it holds a lock of the browser as long as it lives, and whoever waits for that lock gets it
 * in the moment of its death, however busy, throttled or frozen either of them is.
 */

/** What a worker says of itself: the name of the lock that it holds. */
export interface LifeMessage {
  readonly kind: 'life';
  readonly lock: string;
}

type Locks = Pick<LockManager, 'request'>;

/**
 * Takes a lock for as long as this worker lives, and says which.
 *
 * @param send passes the message on to the page; never called where the browser has no locks, or allows none
 */
export function announceLife(
  send: (message: LifeMessage) => void,
  locks: Locks | undefined = navigator.locks,
): void {
  if (!locks) return;
  const lock = `regmix-worker ${crypto.randomUUID()}`;
  locks
    .request(lock, () => {
      send({ kind: 'life', lock });
      return new Promise(() => {});
    })
    // Without a lock, silence is the only sign of death.
    .catch(() => {});
}

export function isLifeMessage(message: { readonly kind: string }): message is LifeMessage {
  return message.kind === 'life';
}

/**
 * Waits for the death of a worker.
 *
 * @param onDeath called once, when the worker is gone
 * @returns stops waiting
 */
export function watchLife(
  { lock }: LifeMessage,
  onDeath: () => void,
  locks: Locks | undefined = navigator.locks,
): () => void {
  const abort = new AbortController();
  locks
    ?.request(lock, { signal: abort.signal }, () => {
      if (!abort.signal.aborted) onDeath();
    })
    // Aborted, or refused: then silence is the only sign of death.
    .catch(() => {});
  return () => abort.abort();
}
