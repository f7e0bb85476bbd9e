import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BackendId } from '../../lib/training/engine';
import { usualTraining } from '../../lib/training/options';
import { memoryOf, type ProxyShape } from '../../lib/training/shape';
import { UsageError } from '../cli/arguments';
import type { GpuAdapter } from './gpu';

export const engines = ['auto', 'webgpu', 'wasm', 'cpu'] as const;

/** How a training is run on this machine. */
export interface TrainingMeans {
  readonly backend: BackendId;
  /** Proxies side by side in a process. */
  readonly population: number;
  readonly processes: number;
  /** The adapter that it runs on, where it runs on one. */
  readonly adapter: GpuAdapter | null;
}

/** Proxies side by side on a GPU at most, and the bytes that they may take together. */
const maxTogether = 128;
const maxBytes = 4 * 2 ** 30;

const advice = 'install it with npm install --no-save webgpu; it needs a Vulkan driver';

/**
 * Finds the means for an engine: `auto` is WebGPU where its package is installed and has a real GPU, else wasm.
 *
 * @param processes to train in, where it is not on a GPU
 * @throws UsageError when WebGPU is asked for and is not there
 */
export async function chooseMeans(
  engine: (typeof engines)[number],
  shape: ProxyShape,
  processes: number,
): Promise<TrainingMeans> {
  const onCores = (backend: 'wasm' | 'cpu') => ({
    backend,
    population: 1,
    processes,
    adapter: null,
  });
  if (engine === 'wasm' || engine === 'cpu') return onCores(engine);
  const found = await findAdapter();
  if (engine === 'auto' && (typeof found === 'string' || found.isSoftware)) return onCores('wasm');
  if (typeof found === 'string') throw new UsageError(`--engine webgpu: ${found}: ${advice}`);
  return {
    backend: 'webgpu',
    population: populationFor(shape, found.largestBuffer),
    processes: 1,
    adapter: found,
  };
}

/** The largest power of two that fits. */
function populationFor(shape: ProxyShape, largestBuffer: number): number {
  let population = maxTogether;
  while (population > 1) {
    const { total, largest } = memoryOf(shape, usualTraining.rows, population);
    if (total <= maxBytes && largest <= largestBuffer) break;
    population /= 2;
  }
  return population;
}

/** The adapter of this machine, or why there is none: asked in a process of its own, which Dawn may crash. */
export async function findAdapter(): Promise<GpuAdapter | string> {
  const name = 'webgpu';
  try {
    createRequire(import.meta.url).resolve(name);
  } catch {
    return 'the npm package webgpu is not installed';
  }
  const script = fileURLToPath(new URL('./describe-gpu.ts', import.meta.url));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script]);
    return JSON.parse(stdout);
  } catch {
    return 'the npm package webgpu found no GPU adapter';
  }
}
