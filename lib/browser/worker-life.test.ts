import { describe, expect, it, vi } from 'vitest';
import { announceLife, type LifeMessage, watchLife } from './worker-life';

/** Locks of a browser with one worker, whose locks end with it. */
function browser() {
  const held = new Set<string>();
  const waiting: { readonly name: string; readonly grant: () => void }[] = [];
  const request = (...args: readonly unknown[]): Promise<unknown> => {
    const [name, options, callback] = args.length === 2 ? [args[0], {}, args[1]] : args;
    const { signal } = options as { readonly signal?: AbortSignal };
    const run = callback as () => unknown;
    return new Promise((resolve, reject) => {
      const grant = () => {
        held.add(String(name));
        resolve(run());
      };
      if (held.has(String(name))) waiting.push({ name: String(name), grant });
      else grant();
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  };
  return {
    locks: { request } as Pick<LockManager, 'request'>,
    kill() {
      held.clear();
      for (const { grant } of waiting.splice(0)) grant();
    },
  };
}

function born(locks: Pick<LockManager, 'request'>): LifeMessage {
  const said: LifeMessage[] = [];
  announceLife((message) => said.push(message), locks);
  expect(said).toHaveLength(1);
  return said[0];
}

describe('the life of a worker', () => {
  it('is reported to the page when it ends, not before and only once', () => {
    const { locks, kill } = browser();
    const onDeath = vi.fn();
    watchLife(born(locks), onDeath, locks);
    expect(onDeath).not.toHaveBeenCalled();
    kill();
    kill();
    expect(onDeath).toHaveBeenCalledTimes(1);
  });

  it('is not reported any more once the page has stopped watching', () => {
    const { locks, kill } = browser();
    const onDeath = vi.fn();
    watchLife(born(locks), onDeath, locks)();
    kill();
    expect(onDeath).not.toHaveBeenCalled();
  });

  it('is known by its own lock, unlike that of any other', () => {
    const { locks } = browser();
    expect(born(locks).lock).not.toBe(born(locks).lock);
  });

  it('is not announced where locks are refused', async () => {
    const send = vi.fn();
    announceLife(send, { request: () => Promise.reject(new DOMException('no', 'SecurityError')) });
    await Promise.resolve();
    expect(send).not.toHaveBeenCalled();
  });
});
