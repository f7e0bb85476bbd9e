import { describe, expect, it } from 'vitest';
import { textOf } from '../corpora/tokens';
import type { LoadedCorpora } from '../corpora/types';
import { StageError } from '../model/errors';
import type { AsyncJob, Progress } from '../model/job';
import { createCorporaHandlers } from './corpora-handlers';

async function finish(
  job: unknown,
): Promise<{ readonly read: LoadedCorpora; readonly told: Progress[] }> {
  const steps = job as AsyncJob<LoadedCorpora>;
  const told: Progress[] = [];
  for (;;) {
    const step = await steps.next();
    if (step.done) return { read: step.value, told };
    told.push(step.value);
  }
}

/** A body that gives the same bytes again and again. */
function endless(piece: Uint8Array) {
  const state = { given: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      state.given += piece.length;
      controller.enqueue(piece);
    },
    cancel() {
      state.cancelled = true;
    },
  });
  return { state, answer: new Response(body) };
}

/** A call that is not cancelled. */
const { signal } = new AbortController();

/** A server that accepts the request and never responds: its fetch ends only by its signal. */
function silent(): { readonly get: typeof fetch; readonly asked: string[] } {
  const asked: string[] = [];
  const get = (url: string | URL | Request, init?: RequestInit) =>
    new Promise<Response>((_, reject) => {
      asked.push(String(url));
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
    });
  return { get, asked };
}

describe('text of the user’s own', () => {
  const lines = Array.from({ length: 4_000 }, (_, at) => JSON.stringify({ text: `né ${at}` }));

  it('is read from files as it streams in, with progress', async () => {
    const handlers = createCorporaHandlers();
    const file = new Blob([lines.join('\n')]);
    const { read, told } = await finish(
      handlers.files({ files: [{ path: 'b-1.jsonl', file }] }, signal),
    );
    expect(read.domains.map(({ about }) => about.id)).toEqual(['b']);
    const [{ about, training, validation }] = read.domains;
    expect(about.documents).toBe(lines.length);
    expect(`${textOf(training)}\n${textOf(validation)}`.split('\n').sort()).toEqual(
      lines.map((line) => JSON.parse(line).text).sort(),
    );
    const kilobytes = told.filter(({ unit }) => unit === 'kB');
    expect(kilobytes.length).toBeGreaterThan(0);
    expect(kilobytes.at(-1)?.done).toBe(kilobytes.at(-1)?.total);
  });

  it('is refused from an address that never ends, whose response is closed', async () => {
    const { state, answer } = endless(new Uint8Array(8e6).fill(97));
    const handlers = createCorporaHandlers(async () => answer);
    await expect(
      finish(handlers.addresses({ urls: ['https://example.org/a-1.txt'] }, signal)),
    ).rejects.toThrow(StageError);
    expect(state.cancelled).toBe(true);
    expect(state.given).toBeLessThan(240e6);
  });

  it('lets an answer go when the reading is given up', async () => {
    const { state, answer } = endless(new Uint8Array(1e3).fill(97));
    const handlers = createCorporaHandlers(async () => answer);
    const job = handlers.addresses({ urls: ['https://example.org/a-1.txt'] }, signal);
    const steps = job as AsyncJob<LoadedCorpora>;
    for (let count = 0; count < 3; count++) expect((await steps.next()).done).toBe(false);
    await (steps as AsyncIterator<Progress, unknown>).return?.();
    expect(state.cancelled).toBe(true);
  });

  it('is not waited for any longer than it is wanted, from a server that never answers', async () => {
    const { get, asked } = silent();
    const handlers = createCorporaHandlers(get);
    const abort = new AbortController();
    const reading = finish(
      handlers.addresses({ urls: ['https://example.org/a-1.txt'] }, abort.signal),
    );
    await expect.poll(() => asked).toHaveLength(1);
    abort.abort();
    await expect(reading).rejects.toThrow();
    const manifest = new AbortController();
    const opening = handlers.builtIn({ manifest: 'https://example.org/m.json' }, manifest.signal);
    manifest.abort();
    await expect(opening).rejects.toThrow();
  });

  it('is cancelled in the middle of a response that stalls', async () => {
    let isCancelled = false;
    let isBegun = false;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (isBegun) await new Promise(() => {});
        isBegun = true;
        controller.enqueue(new Uint8Array(1000).fill(97));
      },
      cancel: () => {
        isCancelled = true;
      },
    });
    const handlers = createCorporaHandlers(async () => new Response(body));
    const abort = new AbortController();
    const reading = finish(
      handlers.addresses({ urls: ['https://example.org/a-1.txt'] }, abort.signal),
    );
    await expect.poll(() => isBegun).toBe(true);
    abort.abort();
    await expect(reading).rejects.toThrow();
    expect(isCancelled).toBe(true);
  });
});
