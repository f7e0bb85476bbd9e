/**
 * Notifies the page when a worker has died. A worker that is terminated, e.g. for lack of memory, fires no
 * event; but it holds a Web Lock as long as it lives, and whoever waits for that lock gets it as soon as the
 * worker dies, however busy, throttled or frozen either side is.
 */

/** A worker's message with the name of the lock that it holds. */
export interface LifeMessage {
  readonly kind: 'life';
  readonly lock: string;
}

type Locks = Pick<LockManager, 'request'>;

/**
 * Acquires a lock for the lifetime of this worker, and sends its name.
 *
 * @param send posts the message to the page; never called where the browser has or allows no locks
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
 * @returns a function that stops waiting
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
