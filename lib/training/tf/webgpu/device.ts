/** Runs WGSL kernels on the device of tfjs. */
import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** A WGSL program for the device of tfjs. */
export interface Kernel {
  /** Names the pipeline on a device: programs of one name are one program. */
  readonly name: string;
  /** Arrays that it reads, by their names in the code. */
  readonly reads: readonly ArrayName[];
  /** Arrays that it writes. */
  readonly writes: readonly string[];
  /** Whether it reads `settings`, eight numbers that change from run to run. */
  readonly hasSettings?: boolean;
  /** WGSL with a compute entry point `main`; bindings are declared for it. */
  readonly code: string;
}

type ArrayName = string | { readonly name: string; readonly type: 'i32' };

/** Where a kernel writes: an existing tensor, or the shape of a new one. */
type Output = tf.Tensor | readonly number[];

interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/**
 * Private members of tfjs 4.22 that our programs share, so that all work of a thread is recorded in one
 * order: one reason why its version is pinned.
 */
interface Recording {
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
}

/** Programs between two submissions: long ones exceed the limit of two seconds that systems set. */
const programsPerSubmission = 32;

interface DeviceState {
  readonly kernels: Map<string, Compiled>;
  readonly settings: GPUBuffer;
  waiting: number;
}
const states = new WeakMap<GPUDevice, DeviceState>();

/**
 * Runs a kernel on the device of tfjs's active backend, in order with tfjs's own.
 *
 * @param inputs as many as it reads
 * @param outputs as many as it writes; none of them among the inputs
 * @param groups workgroups in x, y and z
 * @param settings up to eight numbers, where it has settings
 * @returns the outputs
 */
export function runKernel(
  kernel: Kernel,
  inputs: readonly tf.Tensor[],
  outputs: readonly Output[],
  groups: readonly [number, number, number],
  settings: readonly number[] = [],
): tf.Tensor[] {
  const backend = tf.backend() as WebGPUBackend;
  const { device } = backend;
  const state = stateOf(device);
  const { pipeline, layout } = compiled(kernel, device, state);
  const written = outputs.map((output) =>
    output instanceof tf.Tensor ? output : emptyTensor(output),
  );
  const buffers = [...inputs, ...written].map((tensor) => bufferOf(tensor, backend));
  if (kernel.hasSettings) writeSettings(settings, state, backend);
  const bound = kernel.hasSettings ? [...buffers, state.settings] : buffers;
  const bindGroup = device.createBindGroup({
    layout,
    entries: bound.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });

  backend.ensureCommandEncoderReady();
  const recording = recordingOf(backend);
  recording.computePassEncoder ??= recording.commandEncoder?.beginComputePass() ?? null;
  const pass = recording.computePassEncoder;
  if (!pass) throw new Error('tfjs gave no command encoder: another version of it?');
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(...groups);
  state.waiting++;
  if (state.waiting >= programsPerSubmission) {
    state.waiting = 0;
    // A pass that is still open when it is submitted would be lost silently.
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
  return written;
}

/** An uninitialised tensor of the active backend: every number of it must be written. */
export function emptyTensor(shape: readonly number[]): tf.Tensor {
  const backend = tf.backend() as WebGPUBackend;
  return tf.engine().makeTensorFromTensorInfo(backend.makeTensorInfo([...shape], 'float32'));
}

function recordingOf(backend: WebGPUBackend): Recording {
  return backend as unknown as Recording;
}

function stateOf(device: GPUDevice): DeviceState {
  const known = states.get(device);
  if (known) return known;
  const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const made = {
    kernels: new Map(),
    settings: device.createBuffer({ size: 32, usage }),
    waiting: 0,
  };
  states.set(device, made);
  return made;
}

function bufferOf(tensor: tf.Tensor, backend: WebGPUBackend): GPUBuffer {
  backend.uploadToGPU(tensor.dataId);
  const { resource } = backend.tensorMap.get(tensor.dataId);
  if (!(resource instanceof GPUBuffer)) throw new Error('a tensor lies in no buffer of the device');
  return resource;
}

/** Uses a copy that is recorded with the programs: a queue write would overtake pending ones. */
function writeSettings(
  settings: readonly number[],
  state: DeviceState,
  backend: WebGPUBackend,
): void {
  const values = new Float32Array(8);
  values.set(settings);
  const tensor = tf.tensor1d(values);
  const source = bufferOf(tensor, backend);
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  recordingOf(backend).commandEncoder?.copyBufferToBuffer(source, 0, state.settings, 0, 32);
  tensor.dispose();
}

function compiled(kernel: Kernel, device: GPUDevice, { kernels }: DeviceState): Compiled {
  const known = kernels.get(kernel.name);
  if (known) return known;
  const arrays = [
    ...kernel.reads.map((read) => {
      const { name, type } = typeof read === 'string' ? { name: read, type: 'f32' } : read;
      return { variable: `var<storage, read> ${name}: array<${type}>`, type: 'read-only-storage' };
    }),
    ...kernel.writes.map((name) => ({
      variable: `var<storage, read_write> ${name}: array<f32>`,
      type: 'storage',
    })),
    ...(kernel.hasSettings
      ? [{ variable: 'var<uniform> settings: array<vec4f, 2>', type: 'uniform' }]
      : []),
  ] as const;
  const declarations = arrays.map(
    ({ variable }, binding) => `@group(0) @binding(${binding}) ${variable};`,
  );
  const layout = device.createBindGroupLayout({
    entries: arrays.map(({ type }, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: type as GPUBufferBindingType },
    })),
  });
  const module = device.createShaderModule({
    label: kernel.name,
    code: `${declarations.join('\n')}\n${kernel.code}`,
  });
  const pipeline = device.createComputePipeline({
    label: kernel.name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: 'main' },
  });
  const made = { pipeline, layout };
  kernels.set(kernel.name, made);
  return made;
}
