import { describe, expect, it, vi } from 'vitest';
import { announceLife, holdForLife, type LifeMessage, lifeEnded } from './worker-life';

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

async function born(locks: Pick<LockManager, 'request'>): Promise<string> {
  const said: LifeMessage[] = [];
  await announceLife((message) => said.push(message), locks);
  expect(said).toHaveLength(1);
  return said[0].lock;
}

/** Whatever follows from what has happened is done within this turn. */
const turn = () => new Promise((resolve) => setTimeout(resolve));

describe('the life of a worker', () => {
  it('is reported to the page when it ends, and not before', async () => {
    const { locks, kill } = browser();
    const onDeath = vi.fn();
    const ended = lifeEnded(await born(locks), new AbortController().signal, locks).then(onDeath);
    await turn();
    expect(onDeath).not.toHaveBeenCalled();
    kill();
    await ended;
    expect(onDeath).toHaveBeenCalledTimes(1);
  });

  it.each(['before', 'just after'])(
    'is not reported to a page that stops watching %s it ends',
    async (when) => {
      const { locks, kill } = browser();
      const watching = new AbortController();
      const ended = lifeEnded(await born(locks), watching.signal, locks);
      if (when === 'before') watching.abort();
      kill();
      watching.abort();
      await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
    },
  );

  it('is known by its own lock, unlike that of any other', async () => {
    const { locks } = browser();
    expect(await born(locks)).not.toBe(await born(locks));
  });

  it.each([
    ['there are no locks', null],
    [
      'locks are refused',
      { request: () => Promise.reject(new DOMException('no', 'SecurityError')) },
    ],
    [
      'locks are refused at once',
      {
        request: () => {
          throw new DOMException('no', 'SecurityError');
        },
      },
    ],
  ])('is not announced where %s', async (_, locks) => {
    const send = vi.fn();
    await announceLife(send, locks);
    expect(send).not.toHaveBeenCalled();
    expect(await holdForLife(locks)).toBeNull();
  });
});
