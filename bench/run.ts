/**
 * Measures the hot paths: every `bench/*.bench.ts`, or those benchmarks whose name contains the
 * argument. Prints a table and writes all figures as JSON to `bench/results/`.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Benchmark, median } from './benchmark';
import { dataKind } from './data';

/** After one run to warm up. */
const measuredRuns = 5;

const folder = fileURLToPath(new URL('.', import.meta.url));
const filter = process.argv.at(2) ?? '';

async function findBenchmarks(): Promise<Benchmark[]> {
  const found: Benchmark[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.bench.ts')) continue;
    const module: { benchmarks: Benchmark[] } = await import(
      pathToFileURL(join(folder, file)).href
    );
    found.push(...module.benchmarks.filter(({ name }) => name.includes(filter)));
  }
  return found;
}

function measure({ name, unit, run }: Benchmark) {
  run();
  const values = Array.from({ length: measuredRuns }, run);
  const figures = { median: median(values), min: Math.min(...values), max: Math.max(...values) };
  const spread = `(${rounded(figures.min)} .. ${rounded(figures.max)})`;
  console.log(
    `${name.padEnd(66)} ${rounded(figures.median).padStart(7)} ${unit.padEnd(5)}  ${spread}`,
  );
  return { name, unit, ...figures, values };
}

function rounded(value: number): string {
  return value < 100 ? value.toPrecision(3) : value.toFixed(0);
}

const machine = {
  cpu: cpus()[0].model,
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
const date = new Date().toISOString();
console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; ${dataKind} runs\n`);
const results = (await findBenchmarks()).map(measure);
const json = JSON.stringify({ date, machine, data: dataKind, measuredRuns, results }, null, 2);
mkdirSync(join(folder, 'results'), { recursive: true });
const path = join(folder, 'results', `${date.replaceAll(':', '-')}.json`);
writeFileSync(path, `${json}\n`);
console.log(`\n${json}\n\nwritten to ${path}`);
