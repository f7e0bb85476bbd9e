import { describe, expect, it } from 'vitest';
import { createWorkerClient, type WorkerLike } from '../browser/worker-client';
import { StageError } from '../model/errors';
import type { Job, Predict, Progress } from '../model/job';
import { zeros } from '../model/matrix';
import type { OnnxModel } from '../model/regressor';
import { predictModel } from '../regression/predict';
import { CancelledError, RemoteError } from './client';
import type { FromWorker } from './protocol';
import { type Handlers, serve } from './serve';

type Arithmetic = {
  sum: { request: number[]; result: number };
  forever: { request: null; result: never };
  refuse: { request: null; result: never };
  break: { request: null; result: never };
  ask: { request: number; result: number };
  hang: { request: null; result: never };
  fill: { request: number; result: { readonly nested: readonly Float64Array[] } };
};

function* sum(values: number[]): Job<number> {
  let total = 0;
  for (let index = 0; index < values.length; index++) {
    total += values[index];
    yield { done: index + 1, total: values.length, unit: 'numbers' };
  }
  return total;
}

/** Jobs of `ask` that were started and have not run their `finally`. */
let openJobs = 0;

/** Predictions of so many mixtures by an imported model, added up. */
function* ask(rows: number): Job<number> {
  const model: OnnxModel = { kind: 'onnx', id: 'network', features: 2 };
  openJobs++;
  try {
    const predicted = yield* predictModel(model, zeros(rows, 2));
    return predicted.reduce((sum, value) => sum + value, 0);
  } finally {
    openJobs--;
  }
}

let kept: Float64Array | null = null;

function* fill(length: number): Job<{ readonly nested: readonly Float64Array[] }> {
  kept = new Float64Array(length).fill(0.5);
  yield { done: 1, total: 1, unit: 'arrays' };
  return { nested: [kept] };
}

/** Signals that calls of `hang` were given. */
const signals: AbortSignal[] = [];

function* forever(): Job<never> {
  while (true) yield { done: 0, total: 1, unit: 'numbers' };
}

/** A worker made of a message channel: messages cross asynchronously and by structured clone. */
function open({ silent = false, predict }: { silent?: boolean; predict?: Predict } = {}) {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  if (!silent) {
    port2.start();
    const handlers: Handlers<Arithmetic> = {
      sum,
      forever,
      ask,
      fill,
      hang: (_, signal) => {
        signals.push(signal);
        return new Promise(() => {});
      },
      refuse: () => {
        throw new StageError('runs', 'No rows.', 'Add rows.');
      },
      break: () => {
        throw new TypeError('x is undefined');
      },
    };
    serve(port2, handlers, () => new Promise((resolve) => setImmediate(resolve)));
  }
  const worker: WorkerLike = {
    postMessage: (message) => port1.postMessage(message),
    terminate: () => port1.close(),
    onmessage: null,
    onmessageerror: null,
    onerror: null,
  };
  port1.onmessage = (event) => worker.onmessage?.(event);
  return { client: createWorkerClient<Arithmetic>(() => worker, { predict }), worker };
}

describe('worker calls', () => {
  it('return what the job returns', async () => {
    const { client } = open();
    await expect(client.call('sum', [1, 2, 3])).resolves.toBe(6);
    client.close();
  });

  it('move large arrays and copy small ones', async () => {
    const { client } = open();
    const large = await client.call('fill', 200_000);
    expect(large.nested[0][199_999]).toBe(0.5);
    expect(kept?.length).toBe(0);
    const small = await client.call('fill', 10);
    expect(Array.from(small.nested[0])).toEqual(Array(10).fill(0.5));
    expect(kept?.length).toBe(10);
    client.close();
  });

  it('answer several calls each with its own result', async () => {
    const { client } = open();
    const calls = [[1], [2, 2], [3, 3, 3]].map((values) => client.call('sum', values));
    await expect(Promise.all(calls)).resolves.toEqual([1, 4, 9]);
    client.close();
  });

  it('carry a StageError with its stage and advice, and a defect by its message', async () => {
    const { client } = open();
    const refused = await client.call('refuse', null).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RemoteError);
    expect(refused).toMatchObject({ stage: 'runs', message: 'No rows.', advice: 'Add rows.' });
    await expect(client.call('break', null)).rejects.toMatchObject({
      name: 'Error',
      stage: null,
      message: 'x is undefined',
    });
    client.close();
  });

  it('have imported models predict on the page’s side, in batches', async () => {
    const asked: number[] = [];
    const { client } = open({
      predict: async (model, { rows }) => {
        expect(model).toBe('network');
        asked.push(rows);
        return new Float64Array(rows).fill(0.5);
      },
    });
    await expect(client.call('ask', 250_000)).resolves.toBe(125_000);
    expect(asked).toEqual([100_000, 100_000, 50_000]);
    await expect(client.call('sum', [1, 2])).resolves.toBe(3);
    client.close();
  });

  it('fail with what the model’s side says, and where there is none', async () => {
    const refusal = new StageError('regression', 'It predicts NaN.', 'Fit it again.');
    const { client } = open({ predict: () => Promise.reject(refusal) });
    await expect(client.call('ask', 1)).rejects.toMatchObject({
      stage: 'regression',
      message: 'It predicts NaN.',
      advice: 'Fit it again.',
    });
    // The job was closed with its resources.
    expect(openJobs).toBe(0);
    await expect(client.call('sum', [1])).resolves.toBe(1);
    client.close();
    const { client: alone } = open();
    await expect(alone.call('ask', 1)).rejects.toMatchObject({ stage: 'regression' });
    alone.close();
  });

  it('are cancelled while they wait for a model that never answers', async () => {
    const abort = new AbortController();
    const { client } = open({
      predict: () => {
        abort.abort();
        return new Promise(() => {});
      },
    });
    await expect(client.call('ask', 1, { signal: abort.signal })).rejects.toBeInstanceOf(
      CancelledError,
    );
    await expect(client.call('sum', [1])).resolves.toBe(1);
    client.close();
  });

  it('report progress while they run', async () => {
    const { client } = open();
    const seen: Progress[] = [];
    const abort = new AbortController();
    const call = client.call('forever', null, {
      signal: abort.signal,
      onProgress: (progress) => {
        seen.push(progress);
        abort.abort();
      },
    });
    await expect(call).rejects.toBeInstanceOf(CancelledError);
    expect(seen.length).toBeGreaterThan(0);
    client.close();
  });

  it('report only the newest progress where the page was busy, and none after the result', async () => {
    const { client, worker } = open({ silent: true });
    const say = (data: FromWorker) => worker.onmessage?.({ data } as MessageEvent);
    const progress = (done: number) => ({ done, total: 101, unit: 'numbers' });
    const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
    const seen: number[] = [];
    const call = client.call('sum', [1], { onProgress: ({ done }) => seen.push(done) });
    say({ kind: 'ready' });
    await turn();
    for (let done = 1; done <= 100; done++)
      say({ kind: 'progress', id: 1, progress: progress(done) });
    await turn();
    expect(seen).toEqual([100]);
    say({ kind: 'progress', id: 1, progress: progress(101) });
    say({ kind: 'result', id: 1, result: 1 });
    await expect(call).resolves.toBe(1);
    await turn();
    expect(seen).toEqual([100]);
    client.close();
  });

  it('stop when cancelled, and the next call still runs', async () => {
    const { client } = open();
    const abort = new AbortController();
    const endless = client.call('forever', null, { signal: abort.signal });
    const queued = client.call('sum', [5]);
    abort.abort();
    await expect(endless).rejects.toBeInstanceOf(CancelledError);
    await expect(queued).resolves.toBe(5);
    client.close();
  });

  it('stop when cancelled though what they wait for never comes, and the next call still runs', async () => {
    const { client } = open();
    const abort = new AbortController();
    const hanging = client.call('hang', null, { signal: abort.signal });
    const queued = client.call('sum', [5]);
    await expect.poll(() => signals).toHaveLength(1);
    expect(signals[0].aborted).toBe(false);
    abort.abort();
    await expect(hanging).rejects.toBeInstanceOf(CancelledError);
    await expect(queued).resolves.toBe(5);
    expect(signals[0].aborted).toBe(true);
    client.close();
  });

  it('are refused when cancelled before they were sent', async () => {
    const { client } = open();
    const call = client.call('sum', [1], { signal: AbortSignal.abort() });
    await expect(call).rejects.toBeInstanceOf(CancelledError);
    client.close();
  });
});
