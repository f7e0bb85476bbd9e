/** PyTorch training the same proxies, where there is one: `torch_population.py`. */
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { createBatches } from '../lib/training/batches';
import type { Engine, PopulationPlan } from '../lib/training/engine';
import type { SizeId } from '../lib/training/shape';

/** The script that trains by PyTorch. */
export const torchScript = fileURLToPath(new URL('./torch_population.py', import.meta.url));

/** The first of `PYTHON`, python3 and Debian's own python3 that has PyTorch, or null. */
export function findTorch(): string | null {
  // Looks for the package and does not load it, which takes seconds.
  const look = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)';
  const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'];
  return (
    candidates.find((python) => python && spawnSync(python, ['-c', look]).status === 0) ?? null
  );
}

const figures = v.object({
  /** Its version. */
  torch: v.string(),
  tokensPerSecond: v.number(),
  tokensPerProcessorSecond: v.number(),
  /** File names of the libraries of linear algebra that it multiplies by. */
  blas: v.array(v.string()),
});

export interface TorchFigures extends v.InferOutput<typeof figures> {}

/** How PyTorch trains: so many proxies side by side, on so many threads, measured for so many seconds. */
export interface TorchCase {
  readonly size: SizeId;
  readonly population: number;
  readonly threads: number;
  readonly seconds: number;
}

/** Trains on the CPU, in a process of its own. */
export async function measureTorch(
  python: string,
  { size, population, threads, seconds }: TorchCase,
): Promise<TorchFigures> {
  const args = ['--sizes', size, '--populations', population, '--threads', threads];
  const { stdout } = await promisify(execFile)(
    python,
    [torchScript, ...[...args, '--seconds', seconds].map(String)],
    // PyTorch does not tell an OpenBLAS that has threads of its own.
    { env: { ...process.env, OPENBLAS_NUM_THREADS: String(threads) } },
  );
  return v.parse(figures, JSON.parse(stdout));
}

/**
 * Losses of PyTorch and of our engine from the same parameters on the same batches: steps x P each.
 *
 * @param createEngine ours
 */
export async function lossesOfBoth(
  python: string,
  plan: PopulationPlan,
  createEngine: (plan: PopulationPlan) => Engine,
  steps: number,
): Promise<{ readonly torch: number[][]; readonly ours: number[][] }> {
  const { shape, training, proxies, tokens } = plan;
  const engine = createEngine(plan);
  const { parameters } = await engine.checkpoint();
  const length = shape.context + 1;
  const sources = proxies.map(({ mixture, seed }) =>
    createBatches(tokens, mixture, seed, { rows: training.rows, context: shape.context }),
  );
  const batches: number[][][][] = [];
  const ours: number[][] = [];
  for (let step = 0; step < steps; step++) {
    batches.push(
      sources.map((source) => {
        const batch = new Int32Array(training.rows * length);
        source.fill(step, batch, 0);
        return Array.from({ length: training.rows }, (_, row) => [
          ...batch.subarray(row * length, (row + 1) * length),
        ]);
      }),
    );
    engine.advance();
    ours.push([...(await engine.latestLosses())]);
  }
  engine.dispose();
  const bytes = Buffer.from(parameters.buffer, parameters.byteOffset, parameters.byteLength);
  const input = JSON.stringify({
    shape,
    training,
    count: proxies.length,
    parameters: bytes.toString('base64'),
    batches,
  });
  const { stdout, stderr, status } = spawnSync(python, [torchScript, '--check'], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`PyTorch failed: ${stderr}`);
  const { losses } = v.parse(
    v.object({ losses: v.array(v.array(v.number())) }),
    JSON.parse(stdout),
  );
  return { torch: losses, ours };
}
