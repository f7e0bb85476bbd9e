/** One measured figure of one hot path. A `bench/*.bench.ts` exports a list of them as `benchmarks`. */
export interface Benchmark {
  readonly name: string;
  /** `times`: how many times as fast as what it is compared with. */
  readonly unit: 'ms' | 'times' | 'tokens/s' | 'GFLOP/s' | '%' | 'dispatches';
  /** Measured so often, after one run to warm up; usually five times. */
  readonly runs?: number;
  /** Measures once. What a measurement needs but does not measure is made before, by {@link once}. */
  run(): number | Promise<number>;
}

/** How long an action takes, in milliseconds. */
export function milliseconds(action: () => unknown): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

/** Makes a thing when it is first asked for, so that a filtered run makes only what it needs. */
export function once<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | null = null;
  return () => {
    made ??= { result: make() };
    return made.result;
  };
}

/** The middle one of the values, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  return (low + high) / 2;
}
