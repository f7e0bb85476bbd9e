import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';

const script = new URL('./fuzz-thread.ts', import.meta.url).href;
const cases = 10_000;
const seed = 1_000_000;
const megabytes = 256;
/** A case that takes this long three times is a hang. */
const longestMs = 2_000;
const attempts = 3;

interface Outcome {
  readonly taken: number;
  readonly refused: number;
  /** Bytes outside the heap, which has a ceiling of its own. */
  readonly mostExternal: number;
  readonly broken: readonly string[];
}

/** Reads the cases from `from` on; ends early, with the case's number, at one that takes too long. */
function run(name: string, from: number): Promise<Outcome | { readonly slow: number }> {
  const place = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  // Threads do not take over the loader of TypeScript that their process was started with.
  const code = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${JSON.stringify(script)}, ${JSON.stringify(import.meta.url)}))`;
  const thread = new Worker(code, {
    eval: true,
    workerData: { name, from, to: seed + cases, place },
    // Beyond this the thread dies of it, and the test fails.
    resourceLimits: { maxOldGenerationSizeMb: megabytes },
  });
  return new Promise((resolve, reject) => {
    let last = -1;
    let since = Date.now();
    const watch = setInterval(() => {
      const now = Atomics.load(place, 0);
      if (now !== last || now === -1) since = Date.now();
      else if (Date.now() - since > longestMs) {
        clearInterval(watch);
        void thread.terminate().then(() => resolve({ slow: now }));
      }
      last = now;
    }, 100);
    thread.once('message', (outcome: Outcome) => {
      clearInterval(watch);
      resolve(outcome);
    });
    thread.once('error', (error) => {
      clearInterval(watch);
      reject(new Error(`after case ${Atomics.load(place, 0)}: ${String(error)}`));
    });
  });
}

describe('ten thousand damaged texts', () => {
  it.each(['runs', 'domain table', 'study', 'model', 'text files'])(
    'as %s are taken or refused, never hang, and change nothing',
    async (name) => {
      let from = seed;
      let tries = 0;
      let outcome = await run(name, from);
      while ('slow' in outcome) {
        // A busy machine stops a thread for longer than a case takes: only a case that is slow again counts.
        tries = outcome.slow === from ? tries + 1 : 1;
        if (tries >= attempts) throw new Error(`case ${outcome.slow} hangs`);
        from = outcome.slow;
        outcome = await run(name, from);
      }
      expect(outcome.broken).toEqual([]);
      expect(outcome.mostExternal).toBeLessThan(megabytes * 2 ** 20);
      if (from === seed) expect(outcome.taken + outcome.refused).toBe(cases);
      // Damage that always refuses, or never, would test nothing.
      expect(outcome.taken).toBeGreaterThan(100);
      expect(outcome.refused).toBeGreaterThan(100);
    },
  );
});
