/**
 * The engine on WebAssembly beside PyTorch on the same cores, in turns: the same proxies, side by side in PyTorch as
 * many as are fastest there.
 */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { SizeId } from '../lib/training/shape';
import { type Benchmark, median } from './benchmark';
import { findTorch, measureTorch, type TorchFigures } from './torch';

const measured: readonly SizeId[] = ['7k', '20k', '100k'];
const populations = [1, 8, 32];
/** Of a reading. */
const seconds = 1;
const runs = 3;
const cores = availableParallelism();

const torch = findTorch();

/** Tokens per second of one turn of either. */
interface Turn {
  readonly ours: number;
  readonly theirs: number;
}

/** Tokens per second of a process of ours, from its start. */
async function ourProcess(size: SizeId, by: 'processor' | 'clock'): Promise<number> {
  const script = fileURLToPath(new URL('./train-alone.ts', import.meta.url));
  const args = ['--import', 'tsx', script, 'ours', size, String(seconds), by];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}

/** The largest of PyTorch's rates over populations. */
async function bestOf(measure: (population: number) => Promise<number>): Promise<number> {
  const rates: number[] = [];
  for (const population of populations) rates.push(await measure(population));
  return Math.max(...rates);
}

/** Per second of processor time, a process on one thread each. */
async function onOneCore(python: string, size: SizeId): Promise<Turn> {
  const ours = await ourProcess(size, 'processor');
  const theirs = await bestOf(async (population) => {
    const figures = await measureTorch(python, { size, population, threads: 1, seconds });
    return figures.tokensPerProcessorSecond;
  });
  return { ours, theirs };
}

/** By the clock on all cores: a process of ours on each; PyTorch likewise, or one process on as many threads. */
async function onAllCores(python: string, size: SizeId): Promise<Turn> {
  const all = <Result>(start: () => Promise<Result>) =>
    Promise.all(Array.from({ length: cores }, start));
  const sum = (rates: readonly number[]) => rates.reduce((total, rate) => total + rate, 0);
  const rateOf = ({ tokensPerSecond }: TorchFigures) => tokensPerSecond;
  const ours = sum(await all(() => ourProcess(size, 'clock')));
  const theirs = await bestOf(async (population) => {
    const work = { size, population, seconds };
    const threads = rateOf(await measureTorch(python, { ...work, threads: cores }));
    const processes = await all(() => measureTorch(python, { ...work, threads: 1 }));
    return Math.max(threads, sum(processes.map(rateOf)));
  });
  return { ours, theirs };
}

/** The ratio, taken turn by turn, and both rates of the same turns. */
function compared(name: string, turn: () => Promise<Turn>): Benchmark[] {
  const turns: Turn[] = [];
  const fill = async () => {
    while (turns.length < runs) turns.push(await turn());
    return turns;
  };
  const once = { runs: 1, warmsUp: true } as const;
  return [
    {
      ...once,
      name: `${name}, ours beside PyTorch`,
      unit: 'times',
      run: async () => (await fill()).map(({ ours, theirs }) => ours / theirs),
    },
    {
      ...once,
      name: `${name}, ours`,
      unit: 'tokens/s',
      run: async () => median((await fill()).map(({ ours }) => ours)),
    },
    {
      ...once,
      name: `${name}, PyTorch`,
      unit: 'tokens/s',
      run: async () => median((await fill()).map(({ theirs }) => theirs)),
    },
  ];
}

/** Which PyTorch, and what it multiplies by, which decides its rate; or that there is none. */
export async function notesOn(): Promise<string[]> {
  if (!torch) {
    const advice = 'PYTHON names another; Debian has python3-torch and libopenblas0';
    return [`torch: left out: no python3 with PyTorch (${advice})`];
  }
  const work = { size: '7k', population: 1, threads: 1, seconds: 0.1 } as const;
  const { torch: version, blas } = await measureTorch(torch, work);
  const products = blas.length > 0 ? ` and ${blas.join(', ')}` : '';
  return [`torch: PyTorch ${version}${products}, best of P = ${populations.join(', ')}`];
}

export const benchmarks: Benchmark[] = torch
  ? measured.flatMap((size) => [
      ...compared(`torch: ${size}, a second of processor time`, () => onOneCore(torch, size)),
      ...compared(`torch: ${size}, by the clock on all cores`, () => onAllCores(torch, size)),
    ])
  : [];
