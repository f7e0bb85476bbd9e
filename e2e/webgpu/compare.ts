import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** How far numbers are from the truth, relative to the truth's largest, which is told as well. */
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
    // A NaN is as far away as can be.
    apart = Number.isNaN(off) ? Number.POSITIVE_INFINITY : Math.max(apart, off);
  }
  return { name, apart: apart / largest, largest };
}

/** Fills every buffer that tfjs keeps to use again: a program that does not run finds no old answer in them. */
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
