import type { BackendId } from './engine';

/** The names of backends for people. */
export const backendNames: Readonly<Record<BackendId, string>> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  webgl: 'WebGL',
  cpu: 'plain JavaScript',
};
