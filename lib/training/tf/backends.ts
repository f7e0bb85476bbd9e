import * as tf from '@tensorflow/tfjs';
import { loadCode } from '../../model/load-code';
import type { BackendId } from '../engine';

/** Backends that are tfjs's. */
export type TfBackend = Exclude<BackendId, 'wasm'>;

/**
 * Activates a backend of tfjs in this thread.
 *
 * @param onDeviceError called when the device is lost or runs out of memory later on
 * @throws Error when the backend cannot start here
 */
export async function startBackend(
  backend: TfBackend,
  onDeviceError: (message: string) => void = () => {},
): Promise<void> {
  tf.enableProdMode();
  if (backend === 'webgpu') {
    await loadCode(() => import('@tensorflow/tfjs-backend-webgpu'));
    // tfjs assumes an adapter.
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) throw new Error('there is no WebGPU adapter here');
  }
  const started = await tf.setBackend(backend);
  await tf.ready();
  if (!started || tf.getBackend() !== backend) throw new Error(`tfjs could not start ${backend}`);
  if (backend === 'webgpu') await watchDevice(onDeviceError);
}

async function watchDevice(onDeviceError: (message: string) => void): Promise<void> {
  const { WebGPUBackend } = await loadCode(() => import('@tensorflow/tfjs-backend-webgpu'));
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) return;
  const { device } = backend;
  void device.lost.then(({ message }) => onDeviceError(`the GPU device was lost: ${message}`));
  // Errors outside of any awaited call: the results that they corrupt look like any others.
  device.onuncapturederror = ({ error }) => {
    const what = error instanceof GPUOutOfMemoryError ? 'out of GPU memory' : 'a GPU error';
    onDeviceError(`${what}: ${error.message.slice(0, 200)}`);
  };
}
