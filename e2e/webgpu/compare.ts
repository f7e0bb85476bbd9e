import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** The largest error relative to the largest true value, which is returned as well. */
export interface Comparison {
  readonly name: string;
  readonly apart: number;
  readonly largest: number;
}

export function compare(
  name: string,
  values: ArrayLike<number>,
  truth: ArrayLike<number>,
): Comparison {
  if (values.length !== truth.length) throw new RangeError(`${name}: ${values.length} numbers`);
  let largest = 0;
  let apart = 0;
  for (let at = 0; at < truth.length; at++) {
    const off = Math.abs(values[at] - truth[at]);
    largest = Math.max(largest, Math.abs(truth[at]));
    // A NaN is the largest possible error.
    apart = Number.isNaN(off) ? Number.POSITIVE_INFINITY : Math.max(apart, off);
  }
  return { name, apart: apart / largest, largest };
}

/**
 * Overwrites every buffer that tfjs caches for reuse: a program that does not run must not find an
 * old result in them.
 */
export async function scrub(): Promise<void> {
  const backend = tf.backend() as WebGPUBackend;
  const probe = tf.tensor1d([1]);
  await tf.mul(probe, 2).data();
  probe.dispose();
  const { freeBuffers } = backend.bufferManager as unknown as {
    freeBuffers: Map<string, GPUBuffer[]>;
  };
  for (const buffers of freeBuffers.values()) {
    for (const buffer of buffers) {
      if ((buffer.usage & GPUBufferUsage.STORAGE) === 0) continue;
      backend.queue.writeBuffer(buffer, 0, new Float32Array(buffer.size / 4).fill(7.7e7));
    }
  }
}

/** Counts dispatches while an action runs. */
export function countDispatches(action: () => void): number {
  const { prototype } = GPUComputePassEncoder;
  const original = prototype.dispatchWorkgroups;
  let count = 0;
  prototype.dispatchWorkgroups = function (...groups) {
    count++;
    return original.apply(this, groups);
  };
  try {
    action();
  } finally {
    prototype.dispatchWorkgroups = original;
  }
  return count;
}
