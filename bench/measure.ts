/** Measures benchmarks one after the other: prints each figure at once, and writes all so far as JSON. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { type Benchmark, median } from './benchmark';

/** Measurements after one warm-up run, unless a benchmark sets its own number. */
export const measuredRuns = 5;

/** The machine that figures are from. */
export const machine = {
  cpu: cpus()[0].model,
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};

interface Figures {
  readonly name: string;
  readonly unit: Benchmark['unit'];
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly values: readonly number[];
}

/** A benchmark that gave no figure, and why. */
interface Failure {
  readonly name: string;
  readonly failed: string;
}

export type Measured = Figures | Failure;

/** Measures a benchmark and prints its figure; one that throws is told, and the next can go on. */
export async function measure(benchmark: Benchmark): Promise<Measured> {
  const { name, unit } = benchmark;
  try {
    const values = await valuesOf(benchmark);
    const figures = { median: median(values), min: Math.min(...values), max: Math.max(...values) };
    const spread = `(${rounded(figures.min)} .. ${rounded(figures.max)})`;
    console.log(
      `${name.padEnd(72)} ${rounded(figures.median).padStart(7)} ${unit.padEnd(8)}  ${spread}`,
    );
    return { name, unit, ...figures, values };
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    console.log(`${name.padEnd(72)} failed: ${failed}`);
    return { name, failed };
  }
}

async function valuesOf({ runs = measuredRuns, warmsUp = false, run }: Benchmark) {
  if (!warmsUp) await run();
  const values: number[] = [];
  for (let done = 0; done < runs; done++) {
    const value = await run();
    values.push(...(typeof value === 'number' ? [value] : value));
  }
  return values;
}

function rounded(value: number): string {
  return value < 100 ? value.toPrecision(3) : value.toFixed(0);
}

/** Writes JSON, in a folder that is made if need be. */
export function writeReport(path: string, report: object): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
}

/** Ends the process, once all is printed: Dawn, if it was started, would keep it alive or crash it at exit. */
export function end(isFine: boolean): void {
  process.stdout.write('', () => process.exit(isFine ? 0 : 1));
}
