import { describe, expect, it } from 'vitest';
import { StageError } from '../errors';
import type { AsyncJob, Progress } from '../job';
import { createCorporaHandlers } from './handlers';
import { textOf } from './tokens';
import type { LoadedCorpora } from './types';

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

describe('text of the user’s own', () => {
  const lines = Array.from({ length: 4_000 }, (_, at) => JSON.stringify({ text: `né ${at}` }));

  it('is read from files as it streams in, with progress', async () => {
    const handlers = createCorporaHandlers();
    const file = new Blob([lines.join('\n')]);
    const { read, told } = await finish(handlers.files({ files: [{ path: 'b-1.jsonl', file }] }));
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

  it('is refused from an address that never ends, whose answer is let go', async () => {
    const { state, answer } = endless(new Uint8Array(8e6).fill(97));
    const handlers = createCorporaHandlers(async () => answer);
    await expect(
      finish(handlers.addresses({ urls: ['https://example.org/a-1.txt'] })),
    ).rejects.toThrow(StageError);
    expect(state.cancelled).toBe(true);
    expect(state.given).toBeLessThan(240e6);
  });

  it('lets an answer go when the reading is given up', async () => {
    const { state, answer } = endless(new Uint8Array(1e3).fill(97));
    const handlers = createCorporaHandlers(async () => answer);
    const job = handlers.addresses({ urls: ['https://example.org/a-1.txt'] });
    const steps = job as AsyncJob<LoadedCorpora>;
    for (let count = 0; count < 3; count++) expect((await steps.next()).done).toBe(false);
    await (steps as AsyncIterator<Progress, unknown>).return?.();
    expect(state.cancelled).toBe(true);
  });
});
