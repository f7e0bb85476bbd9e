import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CancelledError, type Client, RemoteError, WorkerFailedError } from '../rpc/client';
import type { FromWorker } from '../rpc/protocol';
import { createWorkerClient, type WorkerLike } from './worker-client';

type Shop = {
  load: { request: string; result: null };
  ask: { request: string; result: string };
};

/** A worker that is driven by the test. */
class FakeWorker implements WorkerLike {
  onmessage: ((event: MessageEvent) => void) | null = null;
  onmessageerror: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  readonly received: { kind: string; id: number; method: string; request: unknown }[] = [];
  isTerminated = false;

  postMessage(message: unknown): void {
    if (this.isTerminated) return;
    // As a browser does it: what cannot cross between threads is refused.
    this.received.push(structuredClone(message) as (typeof this.received)[number]);
  }
  terminate(): void {
    this.isTerminated = true;
  }
  say(message: FromWorker): void {
    this.onmessage?.({ data: message } as MessageEvent);
  }
  open(lock: string | null = 'lock'): void {
    this.say({ kind: 'alive', lock });
    this.say({ kind: 'ready' });
  }
  answer(place: number, result: unknown): void {
    this.say({ kind: 'result', id: this.received[place].id, result });
  }
  crash(message?: string): void {
    this.onerror?.(Object.assign(new Event('error'), { message }) as ErrorEvent);
  }
  get asked(): string[] {
    return this.received
      .filter(({ kind }) => kind === 'call')
      .map(({ method, request }) => `${method} ${request}`);
  }
}

let workers: FakeWorker[];
let release: (() => void)[];
let client: Client<Shop>;

function create(): FakeWorker {
  const worker = new FakeWorker();
  workers.push(worker);
  return worker;
}

beforeEach(() => {
  vi.useFakeTimers();
  workers = [];
  release = [];
  client = createWorkerClient<Shop>(create, {
    stateful: ['load'],
    lockReleased: () => new Promise((resolve) => release.push(resolve)),
  });
});
afterEach(() => {
  client.close();
  vi.useRealTimers();
});

/** What a call came to, without waiting for it. */
function watch<Result>(call: Promise<Result>): { is: Result | Error | 'pending' } {
  const seen: { is: Result | Error | 'pending' } = { is: 'pending' };
  call.then(
    (result) => {
      seen.is = result;
    },
    (error: Error) => {
      seen.is = error;
    },
  );
  return seen;
}

/** Lets everything happen that is due within 15 seconds. */
const soon = () => vi.advanceTimersByTimeAsync(15_000);

describe('a worker', () => {
  it('starts with the first call, and is sent it once it is ready', async () => {
    expect(workers).toHaveLength(0);
    const call = watch(client.call('ask', 'a'));
    expect(workers).toHaveLength(1);
    expect(workers[0].asked).toEqual([]);
    workers[0].open();
    expect(workers[0].asked).toEqual(['ask a']);
    workers[0].answer(0, 'A');
    await soon();
    expect(call.is).toBe('A');
    expect(workers).toHaveLength(1);
  });

  it.each([
    ['crashes', () => workers[0].crash('out of memory')],
    ['is killed without a word', () => release[0]()],
    ['sends what cannot be read', () => workers[0].onmessageerror?.({} as MessageEvent)],
  ])('that %s is replaced, and asked the same again', async (_, stop) => {
    const first = watch(client.call('ask', 'a'));
    const second = watch(client.call('ask', 'b'));
    workers[0].open();
    stop();
    await soon();
    expect(workers).toHaveLength(2);
    expect(workers[0].isTerminated).toBe(true);
    workers[1].open();
    expect(workers[1].asked).toEqual(['ask a', 'ask b']);
    workers[1].answer(0, 'A');
    workers[1].answer(1, 'B');
    await soon();
    expect([first.is, second.is]).toEqual(['A', 'B']);
  });

  it('that was killed without pending calls is replaced with the next call', async () => {
    const before = watch(client.call('ask', 'a'));
    workers[0].open();
    workers[0].answer(0, 'A');
    release[0]();
    await soon();
    expect(before.is).toBe('A');
    expect(workers).toHaveLength(1);
    const call = watch(client.call('ask', 'b'));
    workers[1].open();
    workers[1].answer(0, 'B');
    await soon();
    expect(call.is).toBe('B');
  });

  it('is brought to where the one before was', async () => {
    void client.call('load', 'first');
    void client.call('load', 'second');
    workers[0].open();
    workers[0].answer(0, null);
    workers[0].answer(1, null);
    const call = watch(client.call('ask', 'a'));
    workers[0].crash();
    await soon();
    workers[1].open();
    expect(workers[1].asked).toEqual(['load second', 'ask a']);
    workers[1].answer(0, null);
    workers[1].answer(1, 'A');
    await soon();
    expect(call.is).toBe('A');
  });

  it('is brought there too where the one before was given up before it knew', async () => {
    const load = watch(client.call('load', 'first'));
    for (let start = 0; start < 4; start++) {
      workers[start].crash();
      await soon();
    }
    expect(load.is).toBeInstanceOf(WorkerFailedError);
    void client.call('ask', 'a').catch(() => {});
    workers[4].open();
    expect(workers[4].asked).toEqual(['load first', 'ask a']);
  });

  it('does not get a call a third time that has stopped two; calls behind it are repeated', async () => {
    const first = watch(client.call('ask', 'bad'));
    const second = watch(client.call('ask', 'good'));
    for (const place of [0, 1]) {
      workers[place].open();
      workers[place].crash('out of memory');
      await soon();
    }
    expect(first.is).toBeInstanceOf(WorkerFailedError);
    expect(first.is).toMatchObject({
      message: 'A worker of this page stopped: out of memory.',
      advice: 'Try again; if it stops again, reload the page.',
    });
    workers[2].open();
    expect(workers[2].asked).toEqual(['ask good']);
    workers[2].answer(0, 'fine');
    await soon();
    expect(second.is).toBe('fine');
  });

  it('whose script does not load is started three times more, then reported', async () => {
    const call = watch(client.call('ask', 'a'));
    for (let start = 0; start < 4; start++) {
      expect(workers).toHaveLength(start + 1);
      workers[start].crash();
      await soon();
    }
    expect(workers).toHaveLength(4);
    expect(call.is).toMatchObject({
      name: 'WorkerFailedError',
      message: 'A part of the page could not be loaded.',
      advice: 'Check the connection, then reload the page.',
    });
    const next = watch(client.call('ask', 'b'));
    expect(workers).toHaveLength(5);
    workers[4].open();
    workers[4].answer(0, 'B');
    await soon();
    expect(next.is).toBe('B');
  });

  it('that cannot be created is reported', async () => {
    const call = watch(
      createWorkerClient<Shop>(() => {
        throw new Error('refused by policy');
      }).call('ask', 'a'),
    );
    await soon();
    expect(call.is).toMatchObject({
      message: 'A part of the page could not be loaded. (refused by policy)',
    });
  });

  it('that never says that it is ready is replaced', async () => {
    void client.call('ask', 'a').catch(() => {});
    await vi.advanceTimersByTimeAsync(65_000);
    expect(workers).toHaveLength(2);
    expect(workers[0].isTerminated).toBe(true);
  });

  it('that answers between its failures is not given up', async () => {
    for (let round = 0; round < 10; round++) {
      const call = watch(client.call('ask', 'a'));
      const [first, second] = [2 * round, 2 * round + 1];
      workers[first].open();
      workers[first].crash();
      await soon();
      workers[second].open();
      workers[second].answer(0, 'A');
      workers[second].crash();
      await soon();
      expect(call.is).toBe('A');
    }
  });

  it('is not started again once the client is closed', async () => {
    const call = watch(client.call('ask', 'a'));
    workers[0].open();
    workers[0].crash();
    client.close();
    await soon();
    expect(workers).toHaveLength(1);
    expect(call.is).toBeInstanceOf(CancelledError);
    await expect(client.call('ask', 'a')).rejects.toThrow('closed');
  });
});

describe('a cancelled call', () => {
  it('is rejected at once, and cancelled in the worker', async () => {
    const abort = new AbortController();
    const call = watch(client.call('ask', 'a', { signal: abort.signal }));
    workers[0].open();
    abort.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(call.is).toBeInstanceOf(CancelledError);
    expect(workers[0].received.at(-1)).toMatchObject({
      kind: 'cancel',
      id: workers[0].received[0].id,
    });
  });

  it('is not repeated by the next worker', async () => {
    const abort = new AbortController();
    void client.call('ask', 'a', { signal: abort.signal }).catch(() => {});
    void client.call('ask', 'b').catch(() => {});
    workers[0].open();
    abort.abort();
    workers[0].crash();
    await soon();
    workers[1].open();
    expect(workers[1].asked).toEqual(['ask b']);
  });

  it('that waited for a worker is never sent', async () => {
    const abort = new AbortController();
    const call = watch(client.call('ask', 'a', { signal: abort.signal }));
    abort.abort();
    workers[0].open();
    await soon();
    expect(workers[0].asked).toEqual([]);
    expect(call.is).toBeInstanceOf(CancelledError);
  });
});

describe('a request', () => {
  it('that cannot be sent is refused by itself', async () => {
    const broken = createWorkerClient<{ run: { request: () => void; result: null } }>(create);
    const call = watch(broken.call('run', () => {}));
    workers[0].open(null);
    await soon();
    expect(call.is).toMatchObject({ name: 'DataCloneError' });
    expect(workers).toHaveLength(1);
    broken.close();
  });

  it('that the worker refuses is not repeated', async () => {
    const call = watch(client.call('ask', 'a'));
    workers[0].open();
    const error = { name: 'Error', stage: null, message: 'No.', advice: '' };
    workers[0].say({ kind: 'error', id: workers[0].received[0].id, error });
    await soon();
    expect(call.is).toBeInstanceOf(RemoteError);
    expect(workers).toHaveLength(1);
  });
});

describe('without locks', () => {
  /** Answers pings for as long, as a worker does between two slices of a job. */
  async function answerPings(worker: FakeWorker, minutes: number): Promise<void> {
    for (let second = 0; second < minutes * 60; second += 10) {
      await vi.advanceTimersByTimeAsync(10_000);
      worker.say({ kind: 'pong' });
    }
  }

  it('a worker that answers pings may take any time', async () => {
    const call = watch(client.call('ask', 'a'));
    workers[0].open(null);
    await answerPings(workers[0], 60);
    workers[0].answer(0, 'A');
    await soon();
    expect(call.is).toBe('A');
    expect(workers).toHaveLength(1);
  });

  it('one that computes for two minutes without a message is not replaced', async () => {
    void client.call('ask', 'a').catch(() => {});
    workers[0].open(null);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(workers).toHaveLength(1);
  });

  it('one that stays silent for minutes is replaced', async () => {
    void client.call('ask', 'a').catch(() => {});
    workers[0].open(null);
    await answerPings(workers[0], 5);
    await vi.advanceTimersByTimeAsync(240_000);
    workers[1].open(null);
    expect(workers[1].asked).toEqual(['ask a']);
  });

  it('one without pending calls is not replaced', async () => {
    void client.call('ask', 'a');
    workers[0].open(null);
    workers[0].answer(0, 'A');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(workers[0].isTerminated).toBe(false);
  });
});
