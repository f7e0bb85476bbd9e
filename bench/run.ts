/**
 * Measures the hot paths: every `bench/*.bench.ts`, or those benchmarks whose name contains the
 * argument. Prints a table and writes all figures as JSON to `bench/results/`.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Benchmark } from './benchmark';
import { dataKind } from './data';
import { end, type Measured, machine, measure, measuredRuns, writeReport } from './measure';

const folder = fileURLToPath(new URL('.', import.meta.url));
const filter = process.argv.at(2) ?? '';

interface BenchmarkFile {
  readonly benchmarks: readonly Benchmark[];
  /** What a reader of the figures must know; asked for when they are measured. */
  readonly notesOn?: () => readonly string[] | Promise<readonly string[]>;
}

/** The benchmarks that match the filter, and the notes of their files. */
async function findBenchmarks() {
  const found: Benchmark[] = [];
  const notes: string[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.bench.ts')) continue;
    const { benchmarks, notesOn }: BenchmarkFile = await import(
      pathToFileURL(join(folder, file)).href
    );
    const chosen = benchmarks.filter(({ name }) => name.includes(filter));
    found.push(...chosen);
    if (!notesOn || (chosen.length === 0 && benchmarks.length > 0)) continue;
    const remarks = await notesOn();
    // Where nothing can be measured here, the notes alone say why.
    const isNamed = remarks.some((note) => note.toLowerCase().includes(filter.toLowerCase()));
    if (chosen.length > 0 || isNamed) notes.push(...remarks);
  }
  return { found, notes };
}

const date = new Date().toISOString();
console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; ${dataKind} runs\n`);
const { found, notes } = await findBenchmarks();
for (const note of notes) console.log(note);
const path = join(folder, 'results', `${date.replaceAll(':', '-')}.json`);
const results: Measured[] = [];
for (const benchmark of found) {
  results.push(await measure(benchmark));
  // After each figure, so that a run that is cut off leaves those that it had.
  writeReport(path, { date, machine, data: dataKind, measuredRuns, notes, results });
}
if (found.length > 0) console.log(`\nwritten to ${path}`);
end(results.every((result) => !('failed' in result)));
