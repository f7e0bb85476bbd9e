import { afterEach, describe, expect, test, vi } from 'vitest';
import { StageError } from '../model/errors';
import { runJob } from '../model/job';
import { fetchFile } from './fetch-file';

const url = 'https://example.org/runs.csv';
/** Of a call that is not cancelled. */
const { signal } = new AbortController();

function answer(body: BodyInit, status = 200) {
  const get = vi.fn(async (_url: string, _init: RequestInit) => new Response(body, { status }));
  vi.stubGlobal('fetch', get);
  vi.stubGlobal('navigator', { onLine: true });
  return get;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a file from an address', () => {
  test('is requested without cookies, referrer or redirects', async () => {
    const get = answer('a,b\n1,2');
    const { text, sha256 } = runJob(await fetchFile(url, signal));
    expect(text).toBe('a,b\n1,2');
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(get.mock.calls).toEqual([
      [url, { credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'error', signal }],
    ]);
  });

  test('is given up as soon as it is too long, however long it goes on', async () => {
    let pieces = 0;
    answer(
      new ReadableStream<Uint8Array>({
        pull(controller) {
          pieces++;
          controller.enqueue(new Uint8Array(10_000_000));
        },
      }),
    );
    await expect(fetchFile(url, signal)).rejects.toThrow(/larger than 50 MB/);
    expect(pieces).toBeLessThan(9);
  });

  test('is not waited for any longer than it is wanted', async () => {
    const get = answer('');
    get.mockImplementation(
      (_url, init) =>
        new Promise((_, reject) => {
          init.signal?.addEventListener('abort', () => reject(init.signal?.reason));
        }),
    );
    const abort = new AbortController();
    const reading = fetchFile(url, abort.signal);
    abort.abort();
    await expect(reading).rejects.toThrow(DOMException);

    answer(new ReadableStream({ pull: () => new Promise(() => {}) }));
    const later = new AbortController();
    const stuck = fetchFile(url, later.signal);
    await Promise.resolve();
    later.abort();
    await expect(stuck).rejects.toThrow(DOMException);
  });

  test('that cannot be had, in whole or in part, is refused with the typed error', async () => {
    answer('', 404);
    await expect(fetchFile(url, signal)).rejects.toThrow(/answered with HTTP 404/);
    answer(new ReadableStream({ pull: (controller) => controller.error(new Error('cut')) }));
    await expect(fetchFile(url, signal)).rejects.toThrow(StageError);
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    await expect(fetchFile(url, signal)).rejects.toThrow(/example\.org could not be reached/);
  });
});
