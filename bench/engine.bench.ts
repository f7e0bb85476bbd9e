/**
 * The engine on WebAssembly: tokens per second of processor time beside tfjs on WebAssembly, in turns, and beside
 * the rate of plain multiplying and adding.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Engine } from '../lib/training/engine';
import { type SizeId, sizes } from '../lib/training/shape';
import { ModuleBuilder } from '../lib/training/simd/builder';
import { createSimdEngine } from '../lib/training/simd/engine';
import { defineProduct } from '../lib/training/simd/products';
import { buildProgram } from '../lib/training/simd/program';
import type { Benchmark } from './benchmark';
import { createTfjsWasmEngine, startTfjsWasm } from './tfjs-wasm';
import { operationsPerToken, planOf, processorSeconds, stepAll } from './training';

const measured: readonly SizeId[] = ['7k', '20k', '100k', '400k'];
/** Processor time of a reading, in seconds. */
const reading = 0.3;

/** Tokens per second of processor time while `turn`, which handles so many, is repeated. */
async function rateOf(tokens: number, turn: () => Promise<unknown>): Promise<number> {
  const before = processorSeconds();
  let turns = 0;
  do {
    await turn();
    turns++;
  } while (processorSeconds() - before < reading);
  return (turns * tokens) / (processorSeconds() - before);
}

/** What is measured of an engine: how many tokens a turn handles, and the turn. */
type Work = (engine: Engine, size: SizeId) => { tokens: number; turn: () => Promise<unknown> };

const training: Work = (engine, size) => ({
  tokens: 8 * sizes[size].context,
  turn: () => stepAll([engine]),
});
const evaluation: Work = (engine, size) => {
  const length = sizes[size].context + 1;
  const windows = planOf(size, 1).tokens[0].subarray(0, 16 * length);
  return {
    tokens: 16 * sizes[size].context,
    turn: () => engine.evaluate(Int32Array.from(windows)),
  };
};

const engines = new Map<string, Engine>();
/** An engine of a size, kept and warm. */
async function engineOf(kind: 'ours' | 'tfjs', size: SizeId): Promise<Engine> {
  const key = `${kind} ${size}`;
  let engine = engines.get(key);
  if (!engine) {
    if (kind === 'tfjs') await startTfjsWasm();
    engine = (kind === 'ours' ? createSimdEngine : createTfjsWasmEngine)(planOf(size, 1));
    engines.set(key, engine);
    for (const work of [training, evaluation]) {
      const { tokens, turn } = work(engine, size);
      await rateOf(tokens, turn);
    }
  }
  return engine;
}

async function rate(kind: 'ours' | 'tfjs', size: SizeId, work: Work): Promise<number> {
  const { tokens, turn } = work(await engineOf(kind, size), size);
  return rateOf(tokens, turn);
}

/** Multiplications and additions a second of the tile that products are made of, where it reads nothing new. */
function createPeak(): () => number {
  const module = new ModuleBuilder();
  const terms = 4096;
  // The same few numbers again and again.
  const product = defineProduct(module, 'product', {
    rows: 4,
    columns: 8,
    terms,
    left: { row: 4, term: 0 },
    right: { row: 0 },
    out: 32,
  });
  const turns = 500;
  const peak = module.define(
    'peak',
    0,
    (body) => body.repeat(turns, [], () => body.call(product, 1024, 8192, 32_768)),
    true,
  );
  if (peak.parameters !== 0) throw new RangeError('the peak takes no parameters');
  const memory = new WebAssembly.Memory({ initial: 1 });
  const run = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), { env: { memory } })
    .exports.peak as () => void;
  for (let warm = 0; warm < 20; warm++) run();
  return () => {
    const before = processorSeconds();
    let count = 0;
    do {
      run();
      count++;
    } while (processorSeconds() - before < reading);
    return (count * turns * 2 * 4 * 8 * terms) / (processorSeconds() - before);
  };
}

let peak: (() => number) | null = null;

/** Tokens per second of processor time in a process of its own, from its start. */
async function alone(kind: 'ours' | 'tfjs', size: SizeId, seconds: number): Promise<number> {
  const script = fileURLToPath(new URL('./train-alone.ts', import.meta.url));
  const args = ['--import', 'tsx', script, kind, size, String(seconds)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}

async function twoTrainers(size: SizeId): Promise<number> {
  const one = await alone('ours', size, 2);
  const [first, second] = await Promise.all([alone('ours', size, 2), alone('ours', size, 2)]);
  return (first + second) / one;
}

export const benchmarks: Benchmark[] = [
  ...measured.flatMap((size): Benchmark[] => [
    {
      name: `engine: ${size}, training, per second of processor time`,
      unit: 'tokens/s',
      run: () => rate('ours', size, training),
    },
    {
      name: `engine: ${size}, training once warm, beside tfjs on WebAssembly`,
      unit: 'times',
      run: async () => (await rate('ours', size, training)) / (await rate('tfjs', size, training)),
    },
    {
      // tfjs's operations are compiled while they run: warm, it is several times as fast.
      name: `engine: ${size}, first second of a training, beside tfjs on WebAssembly`,
      unit: 'times',
      runs: 3,
      run: async () => (await alone('ours', size, 1)) / (await alone('tfjs', size, 1)),
    },
    {
      name: `engine: ${size}, evaluation, beside tfjs on WebAssembly`,
      unit: 'times',
      run: async () =>
        (await rate('ours', size, evaluation)) / (await rate('tfjs', size, evaluation)),
    },
    {
      name: `engine: ${size}, training, share of multiplying and adding alone`,
      unit: '%',
      run: async () => {
        peak ??= createPeak();
        const operations = (await rate('ours', size, training)) * operationsPerToken(sizes[size]);
        return (100 * operations) / peak();
      },
    },
  ]),
  {
    name: 'engine: 1m, training, per second of processor time',
    unit: 'tokens/s',
    run: () => rate('ours', '1m', training),
  },
  {
    name: 'engine: 20k, two trainers beside one, per second of processor time',
    unit: 'times',
    run: () => twoTrainers('20k'),
  },
  {
    name: 'engine: 20k, rate at step 3,000 beside that at step 100',
    unit: '%',
    runs: 1,
    run: async () => {
      const plan = planOf('20k', 1);
      const engine = createSimdEngine(plan);
      const at = async (step: number) => {
        while (engine.step < step) engine.advance();
        return rateOf(plan.training.rows * plan.shape.context, async () => engine.advance());
      };
      const early = await at(100);
      return (100 * (await at(3000))) / early;
    },
  },
  {
    name: 'engine: 1m, generate and compile, processor time',
    unit: 'ms',
    run: () => {
      const before = processorSeconds();
      new WebAssembly.Module(buildProgram(sizes['1m'], 8).bytes);
      return 1000 * (processorSeconds() - before);
    },
  },
];
