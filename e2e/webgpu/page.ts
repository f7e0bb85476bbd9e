import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { startBackend } from '../../lib/training/tf/backends';
import { checkGradients, checkSteps, dispatches, grow, resume, trainTogether } from './engine';
import { checkKernels } from './kernels';

const errors: string[] = [];

/** Functions that the spec calls in the page. */
const checks = {
  async start() {
    await startBackend('webgpu', (message) => errors.push(message));
  },
  /** Errors since the last call. */
  takeErrors: async () => errors.splice(0),
  checkKernels,
  checkGradients: () => checkGradients(),
  checkSteps,
  trainTogether,
  resume,
  grow,
  dispatches,
  /** Errors reported when a device is destroyed during use. */
  async lose() {
    (tf.backend() as WebGPUBackend).device.destroy();
    await new Promise((resolve) => setTimeout(resolve, 500));
    return errors.splice(0);
  },
};
export type Checks = typeof checks;
Object.assign(globalThis, { checks });
