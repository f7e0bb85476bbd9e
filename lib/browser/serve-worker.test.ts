import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../rpc/protocol';
import { serveWorker } from './serve-worker';
import { createWorkerClient, type WorkerLike } from './worker-client';

type Echo = { say: { request: string; result: string } };

const handlers = {
  // biome-ignore lint/correctness/useYield: it has nothing to report
  *say(text: string) {
    return text;
  },
};

/** Locks as a browser has them: one holder each, the next is granted when its holder is gone. */
function createLocks() {
  const held = new Map<string, () => void>();
  return {
    names: () => [...held.keys()],
    request(name: string, hold: () => Promise<never>) {
      if (held.has(name)) throw new Error(`${name} is held`);
      let free = () => {};
      const freed = new Promise<void>((resolve) => {
        free = resolve;
      });
      held.set(name, free);
      void hold();
      return freed;
    },
    /** Ends the holder, as a browser that kills a worker does. */
    kill: (name: string) => held.get(name)?.(),
  };
}

function openEcho(locks: Parameters<typeof serveWorker>[2]) {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  port2.start();
  const messages: unknown[] = [];
  const worker: WorkerLike = {
    postMessage: (message) => port1.postMessage(message),
    terminate: () => port1.close(),
    onmessage: null,
    onmessageerror: null,
    onerror: null,
  };
  port1.onmessage = (event) => {
    messages.push(event.data);
    worker.onmessage?.(event);
  };
  const scope: Endpoint = port2;
  void serveWorker<Echo>(handlers, scope, locks);
  return { worker, messages };
}

describe('a worker', () => {
  it('holds a lock of its own, names it, and answers calls', async () => {
    const locks = createLocks();
    const { worker, messages } = openEcho(locks);
    const waited: string[] = [];
    const client = createWorkerClient<Echo>(() => worker, {
      lockReleased: (name) => {
        waited.push(name);
        return new Promise(() => {});
      },
    });
    await expect(client.call('say', 'hello')).resolves.toBe('hello');
    expect(waited).toEqual(locks.names());
    expect(messages.slice(0, 2)).toEqual([{ kind: 'alive', lock: waited[0] }, { kind: 'ready' }]);
    client.close();
  });

  it.each([
    ['there are no locks', null],
    ['locks are refused', { request: () => Promise.reject(new Error('SecurityError')) }],
  ])('serves without one where %s, and answers pings', async (_, locks) => {
    const { worker, messages } = openEcho(locks);
    const client = createWorkerClient<Echo>(() => worker);
    await expect(client.call('say', 'hello')).resolves.toBe('hello');
    worker.postMessage({ kind: 'ping' });
    await expect(client.call('say', 'again')).resolves.toBe('again');
    expect(messages).toContainEqual({ kind: 'alive', lock: null });
    expect(messages).toContainEqual({ kind: 'pong' });
    client.close();
  });
});
