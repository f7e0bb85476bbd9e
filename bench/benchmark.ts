/** One measured figure of one hot path. A `bench/*.bench.ts` exports a list of them as `benchmarks`. */
export interface Benchmark {
  readonly name: string;
  /** `times`: speed relative to the alternative it is compared with. */
  readonly unit: 'ms' | 'times' | 'tokens/s' | 'GFLOP/s' | '%' | 'dispatches';
  /** Number of measurements after one warm-up run; usually five. */
  readonly runs?: number;
  /** Whether `run` warms up by itself: then no run is thrown away. */
  readonly warmsUp?: boolean;
  /** Measures once, or takes several readings. Setup that is not measured is done before, by {@link once}. */
  run(): Reading | Promise<Reading>;
}

/** One figure, or several readings of one. */
type Reading = number | readonly number[];

/** Duration of an action, in milliseconds. */
export function milliseconds(action: () => unknown): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

/** Creates a value on first use, so that a filtered run creates only what it needs. */
export function once<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | null = null;
  return () => {
    made ??= { result: make() };
    return made.result;
  };
}

/** The median of the values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  return (low + high) / 2;
}
