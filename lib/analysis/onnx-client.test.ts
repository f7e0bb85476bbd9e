import { describe, expect, it } from 'vitest';
import { fromRows } from '../model/matrix';
import type { OnnxSource } from '../model/regressor';
import { CancelledError, type Client } from '../rpc/client';
import type { OnnxMethods } from './methods';
import { createOnnxClient } from './onnx-client';

const mixtures = fromRows([[0.5, 0.5]]);
const sourceOf = (byte: number): OnnxSource => ({ bytes: Uint8Array.of(byte), columns: [0, 1] });

/** Workers that answer by `answer`, and a log of their requests. */
function workers(answer: (method: string, worker: number) => Promise<unknown>) {
  const log: string[] = [];
  let started = 0;
  const start = (): Client<OnnxMethods> => {
    const worker = ++started;
    const pending = new Set<(error: Error) => void>();
    return {
      call(method, request) {
        const model = 'model' in request && typeof request.model === 'string' ? request.model : '';
        log.push(`${worker} ${method} ${model}`.trim());
        return new Promise((resolve, reject) => {
          pending.add(reject);
          answer(method, worker).then((value) => resolve(value as never), reject);
        });
      },
      close() {
        log.push(`${worker} closed`);
        for (const reject of pending) reject(new CancelledError('The worker is closed.'));
      },
    };
  };
  return { start, log };
}

const works = (method: string) => Promise.resolve(method === 'predict' ? Float64Array.of(2) : null);

describe('the client of the ONNX worker', () => {
  it('opens a model once, and again when its file is another', async () => {
    const { start, log } = workers(works);
    let source = sourceOf(1);
    const client = createOnnxClient(
      start,
      () => 'wasm/',
      () => source,
    );
    expect(await client.predict('a', mixtures)).toEqual(Float64Array.of(2));
    await client.predict('a', mixtures);
    source = sourceOf(2);
    await client.predict('a', mixtures);
    expect(log).toEqual(['1 open a', '1 predict a', '1 predict a', '1 open a', '1 predict a']);
  });

  it('says that a model is not of the study on view', async () => {
    const { start, log } = workers(works);
    const client = createOnnxClient(
      start,
      () => 'wasm/',
      () => null,
    );
    await expect(client.predict('a', mixtures)).rejects.toThrow(/belongs to another study/);
    expect(log).toEqual([]);
  });

  it('ends a worker whose model never answers, and starts another for the next', async () => {
    const { start, log } = workers((method, worker) =>
      method === 'predict' && worker === 1 ? new Promise(() => {}) : works(method),
    );
    const client = createOnnxClient(
      start,
      () => 'wasm/',
      () => sourceOf(1),
      20,
    );
    await expect(client.predict('loop', mixtures)).rejects.toThrow(/did not answer within/);
    expect(log.at(-1)).toBe('1 closed');
    expect(await client.predict('loop', mixtures)).toEqual(Float64Array.of(2));
    expect(log.slice(-2)).toEqual(['2 open loop', '2 predict loop']);
  });

  it('asks again for what was lost with a worker that another model broke', async () => {
    let isBroken = false;
    const { start, log } = workers((method, worker) => {
      if (method !== 'predict') return works(method);
      if (worker > 1) return works(method);
      if (isBroken) return Promise.reject(new Error('memory access out of bounds'));
      isBroken = true;
      return new Promise(() => {});
    });
    const client = createOnnxClient(
      start,
      () => 'wasm/',
      () => sourceOf(1),
    );
    const waiting = client.predict('a', mixtures);
    await expect(client.predict('b', mixtures)).rejects.toThrow(/out of bounds/);
    expect(await waiting).toEqual(Float64Array.of(2));
    expect(log.filter((line) => line === '2 predict a')).toHaveLength(1);
  });

  it('starts anew rather than hold ever more models open', async () => {
    const { start, log } = workers(works);
    const client = createOnnxClient(
      start,
      () => 'wasm/',
      () => sourceOf(1),
    );
    for (let model = 0; model < 17; model++) await client.predict(String(model), mixtures);
    expect(log.filter((line) => line.endsWith('closed'))).toEqual(['1 closed']);
    expect(log.at(-1)).toBe('2 predict 16');
  });

  it('asks for nothing again once the page is done with it', async () => {
    const { start, log } = workers((method) =>
      method === 'predict' ? new Promise(() => {}) : works(method),
    );
    const source = sourceOf(1);
    const client = createOnnxClient(
      start,
      () => 'wasm/',
      () => source,
    );
    const waiting = client.predict('a', mixtures);
    while (!log.includes('1 predict a')) await Promise.resolve();
    client.close();
    await expect(waiting).rejects.toThrow(CancelledError);
    expect(log.at(-1)).toBe('1 closed');
  });
});
