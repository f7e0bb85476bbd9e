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

/** What holding a lock needs of `navigator.locks`. */
export interface WorkerLocks {
  request(name: string, hold: () => Promise<never>): Promise<unknown>;
}

/**
 * Acquires a lock for the lifetime of this worker.
 *
 * @param locks null outside of secure contexts; injected for tests
 * @returns the name of the lock once it is held; null where the browser has or allows none
 */
export function holdForLife(
  locks: WorkerLocks | null = navigator.locks ?? null,
): Promise<string | null> {
  if (!locks) return Promise.resolve(null);
  const name = `regmix-worker-${crypto.randomUUID()}`;
  return new Promise((resolve) => {
    const hold = async () => {
      await locks.request(name, () => {
        resolve(name);
        return new Promise<never>(() => {});
      });
    };
    hold().catch(() => resolve(null));
  });
}

/**
 * Acquires a lock for the lifetime of this worker, and sends its name.
 *
 * @param send posts the message to the page; never called where the browser has or allows no locks
 */
export async function announceLife(
  send: (message: LifeMessage) => void,
  locks?: WorkerLocks | null,
): Promise<void> {
  const lock = await holdForLife(locks);
  // Without a lock, silence is the only sign of death.
  if (lock !== null) send({ kind: 'life', lock });
}

export function isLifeMessage(message: { readonly kind: string }): message is LifeMessage {
  return message.kind === 'life';
}

/**
 * Resolves when the worker that holds a lock by {@link holdForLife} is gone.
 *
 * @throws when the signal is aborted, or the browser refuses locks
 */
export async function lifeEnded(
  lock: string,
  signal: AbortSignal,
  locks: Pick<LockManager, 'request'> = navigator.locks,
): Promise<void> {
  await locks.request(lock, { signal }, () => {});
  signal.throwIfAborted();
}
