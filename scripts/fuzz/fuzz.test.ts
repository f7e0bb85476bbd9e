import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { readers } from './readers';

const script = new URL('./fuzz-thread.ts', import.meta.url).href;
const cases = 10_000;
const seed = 1_000_000;
const megabytes = 256;
/** A case that keeps the processor this long hangs, however long it took on a machine that others use. */
const longestMs = 2_000;

interface Outcome {
  readonly taken: number;
  readonly refused: number;
  /** Bytes outside the heap, which has a ceiling of its own. */
  readonly mostExternal: number;
  readonly broken: readonly string[];
}

/**
 * Reads cases in a thread.
 *
 * @returns rejects at a case that hangs, or when the thread dies of its memory
 */
function run(name: string, count: number): Promise<Outcome> {
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
function problemsOf({ broken, mostExternal }: Outcome): string[] {
  const isLarge = mostExternal > megabytes * 2 ** 20;
  return isLarge ? [...broken, 'took too much memory outside the heap'] : [...broken];
}

describe('ten thousand damaged files', () => {
  it.each(Object.keys(readers))(
    'as %s are taken or refused, never hang, and change nothing',
    async (name) => {
      const outcome = await run(name, cases);
      expect(problemsOf(outcome)).toEqual([]);
      expect(outcome.taken + outcome.refused).toBe(cases);
      // Damage that always refuses, or never, would test nothing.
      expect(outcome.taken).toBeGreaterThan(100);
      expect(outcome.refused).toBeGreaterThan(100);
    },
  );
});

describe('the harness', () => {
  it.each([
    ['throws an untyped error', /TypeError/],
    ['says nothing', /case 1000000/],
    ['takes all memory', /after case .*memory/i],
    ['takes all memory outside the heap', /outside the heap/],
    ['changes the study', /study changed/],
    ['changes every object', /every object changed/],
    ['hangs', /case 1000005 hangs/],
  ])('tells a reader that %s', async (name, told) => {
    const problems = await run(name, 200).then(problemsOf, (error: unknown) => [String(error)]);
    expect(problems.join()).toMatch(told);
  });
});
