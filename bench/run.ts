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

/** Measurements after one warm-up run, unless a benchmark sets its own number. */
const measuredRuns = 5;

const folder = fileURLToPath(new URL('.', import.meta.url));
const filter = process.argv.at(2) ?? '';

/** The benchmarks that match the filter, and the notes of their files. */
async function findBenchmarks() {
  const found: Benchmark[] = [];
  const notes: string[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.bench.ts')) continue;
    const module: { benchmarks: Benchmark[]; notes?: string[] } = await import(
      pathToFileURL(join(folder, file)).href
    );
    const chosen = module.benchmarks.filter(({ name }) => name.includes(filter));
    found.push(...chosen);
    if (chosen.length > 0) notes.push(...(module.notes ?? []));
  }
  return { found, notes };
}

async function measure({ name, unit, runs = measuredRuns, run }: Benchmark) {
  await run();
  const values: number[] = [];
  while (values.length < runs) values.push(await run());
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
const { found, notes } = await findBenchmarks();
for (const note of notes) console.log(note);
const results = [];
for (const benchmark of found) results.push(await measure(benchmark));
const json = JSON.stringify(
  { date, machine, data: dataKind, measuredRuns, notes, results },
  null,
  2,
);
mkdirSync(join(folder, 'results'), { recursive: true });
const path = join(folder, 'results', `${date.replaceAll(':', '-')}.json`);
writeFileSync(path, `${json}\n`);
console.log(`\n${json}\n\nwritten to ${path}`);
// Dawn, if it was started, would keep the process alive or crash it at exit.
process.stdout.write('', () => process.exit());
