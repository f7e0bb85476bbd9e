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

/** How a training runs on this machine. */
export interface TrainingMeans {
  readonly backend: BackendId;
  /** Proxies trained together in a process. */
  readonly population: number;
  readonly processes: number;
  /** The adapter, if it runs on a GPU. */
  readonly adapter: GpuAdapter | null;
}

/** Limits on a GPU: proxies trained together, and the bytes that they may use in total. */
const maxTogether = 128;
const maxBytes = 4 * 2 ** 30;

const advice = 'install it with npm install --no-save webgpu; it needs a Vulkan driver';

/**
 * Chooses the means for an engine: `auto` is WebGPU if its package is installed and has a real GPU,
 * else wasm.
 *
 * @param processes number of processes when not on a GPU
 * @throws UsageError when WebGPU is requested but not available
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

/**
 * The adapter of this machine, or why there is none: queried in a separate process, because Dawn
 * may crash it.
 */
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
