import { Worker } from 'node:worker_threads';
import { expect } from 'vitest';

const script = new URL('./fuzz-thread.ts', import.meta.url).href;
const seed = 1_000_000;
const megabytes = 256;
/** A case that keeps the processor this long hangs, however long it took on a machine that others use. */
const longestMs = 2_000;

/** What reading so many cases came to. */
export interface Outcome {
  readonly taken: number;
  readonly refused: number;
  /** Bytes outside the heap, which has a ceiling of its own. */
  readonly maxExternal: number;
  readonly broken: readonly string[];
}

/**
 * Reads damaged cases, the same each time, in a thread.
 *
 * @param name of a reader, or of one that is planted to break
 * @returns rejects at a case that hangs, or when the thread dies of its memory
 */
export function readCases(name: string, count: number): Promise<Outcome> {
  const place = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  // Threads do not take over the loader of TypeScript that their process was started with.
  const code = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${JSON.stringify(script)}, ${JSON.stringify(import.meta.url)}))`;
  const thread = new Worker(code, {
    eval: true,
    workerData: { name, from: seed, to: seed + count, place },
    // Beyond this the thread dies of it, and the test fails.
    resourceLimits: { maxOldGenerationSizeMb: megabytes },
  });
  return new Promise((resolve, reject) => {
    let last = -1;
    let before = process.cpuUsage();
    const watch = setInterval(() => {
      const now = Atomics.load(place, 0);
      // This process does nothing else meanwhile: what it used, the case did.
      const { user, system } = process.cpuUsage(before);
      if (now !== last || now === -1) before = process.cpuUsage();
      else if ((user + system) / 1000 > longestMs) {
        clearInterval(watch);
        void thread.terminate().then(() => reject(new Error(`case ${now} hangs`)));
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

/** What a reader did that it must not. */
export function problemsOf({ broken, maxExternal }: Outcome): string[] {
  const isLarge = maxExternal > megabytes * 2 ** 20;
  return isLarge ? [...broken, 'took too much memory outside the heap'] : [...broken];
}

/** Expects that a reader takes or refuses so many damaged texts, never hangs, and changes nothing. */
export async function expectRobust(name: string, count: number): Promise<void> {
  const outcome = await readCases(name, count);
  expect(problemsOf(outcome)).toEqual([]);
  expect(outcome.taken + outcome.refused).toBe(count);
  // Damage that always refuses, or never, would test nothing; some readers take hardly one in a hundred.
  const least = count < 10_000 ? 1 : count / 100;
  expect(outcome.taken).toBeGreaterThan(least);
  expect(outcome.refused).toBeGreaterThan(least);
}
