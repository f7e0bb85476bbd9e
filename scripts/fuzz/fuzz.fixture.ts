import { Worker } from 'node:worker_threads';
import { expect } from 'vitest';

const script = new URL('./fuzz-thread.ts', import.meta.url).href;
const seed = 1_000_000;
const megabytes = 256;
/**
 * Processor time after which a case counts as a hang, in milliseconds; independent of other load on
 * the machine.
 */
const longestMs = 2_000;

/** The outcome of reading a number of cases. */
export interface Outcome {
  readonly taken: number;
  readonly refused: number;
  /** Bytes outside the heap, which has its own limit. */
  readonly maxExternal: number;
  readonly broken: readonly string[];
}

/**
 * Reads damaged cases, deterministically, in a thread.
 *
 * @param name name of a reader, or of one with a planted defect
 * @returns rejects for a case that hangs, or when the thread runs out of memory
 */
export function readCases(name: string, count: number): Promise<Outcome> {
  const place = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  // Threads do not inherit the TypeScript loader of their process.
  const code = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${JSON.stringify(script)}, ${JSON.stringify(import.meta.url)}))`;
  const thread = new Worker(code, {
    eval: true,
    workerData: { name, from: seed, to: seed + count, place },
    // Beyond this the thread is ended, and the test fails.
    resourceLimits: { maxOldGenerationSizeMb: megabytes },
  });
  return new Promise((resolve, reject) => {
    let last = -1;
    let before = process.cpuUsage();
    const watch = setInterval(() => {
      const now = Atomics.load(place, 0);
      // This process does nothing else meanwhile: its processor time is the case's.
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

/** The faults of a reader. */
export function problemsOf({ broken, maxExternal }: Outcome): string[] {
  const isLarge = maxExternal > megabytes * 2 ** 20;
  return isLarge ? [...broken, 'took too much memory outside the heap'] : [...broken];
}

/**
 * Expects a reader to accept or refuse this many damaged texts, without hanging or changing global
 * state.
 */
export async function expectRobust(name: string, count: number): Promise<void> {
  const outcome = await readCases(name, count);
  expect(problemsOf(outcome)).toEqual([]);
  expect(outcome.taken + outcome.refused).toBe(count);
  // Damage that is always or never refused would test nothing; some readers accept hardly one in a
  // hundred.
  const least = count < 10_000 ? 1 : count / 100;
  expect(outcome.taken).toBeGreaterThan(least);
  expect(outcome.refused).toBeGreaterThan(least);
}
