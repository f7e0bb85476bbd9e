/**
 * The npm package that adds WebGPU to Node (Dawn); imported by a variable name, as it is no
 * dependency of ours.
 */
const packageName = 'webgpu';

interface GpuPackage {
  /** @param options Dawn's options, usually none */
  readonly create: (options: readonly string[]) => GPU;
  /** The classes and constants that are globals in browsers. */
  readonly globals: Readonly<Record<string, unknown>>;
}

/** Objects that must live as long as the process: Dawn crashes if one is collected while in use. */
const retained: object[] = [];

/**
 * Adds the WebGPU of browsers, `navigator.gpu` and its classes, to this process before tfjs looks
 * for it. Such a process must end by `process.exit` or a signal: otherwise Dawn may keep it alive
 * or crash it.
 *
 * @throws Error when the package is not installed or does not load here
 */
export async function provideGpu(): Promise<GPU> {
  const { create, globals }: GpuPackage = await import(packageName);
  Object.assign(globalThis, globals);
  const gpu = create([]);
  const requestAdapter = gpu.requestAdapter.bind(gpu);
  const provided = {
    wgslLanguageFeatures: gpu.wgslLanguageFeatures,
    getPreferredCanvasFormat: () => gpu.getPreferredCanvasFormat(),
    requestAdapter: async (options?: GPURequestAdapterOptions) => {
      const adapter = await requestAdapter(options);
      if (adapter) {
        retained.push(adapter);
        const requestDevice = adapter.requestDevice.bind(adapter);
        adapter.requestDevice = async (descriptor) => {
          const device = await requestDevice(descriptor);
          retained.push(device);
          return device;
        };
      }
      return adapter;
    },
  } as GPU;
  retained.push(gpu);
  // Later versions of Node have a navigator of their own, without `gpu`.
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: provided }, configurable: true });
  return provided;
}

/** The adapter as reported by `describe-gpu.ts`. */
export interface GpuAdapter {
  readonly name: string;
  /** Whether it is a software adapter that runs on the CPU. */
  readonly isSoftware: boolean;
  /** Maximum bytes of one buffer. */
  readonly largestBuffer: number;
}

/** As Dawn and current browsers have it; tfjs's types are older. */
interface DescribedAdapter extends GPUAdapter {
  readonly info: Readonly<
    Record<'vendor' | 'architecture' | 'device' | 'description', string> & {
      isFallbackAdapter: boolean;
    }
  >;
}

/** Names of drivers that run on the CPU, which not all of them report. */
const software = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

/** @throws Error when there is no adapter */
export async function describeAdapter(): Promise<GpuAdapter> {
  const gpu = await provideGpu();
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('no adapter');
  const { info, limits } = adapter as DescribedAdapter;
  const name = [info.vendor, info.architecture, info.device, info.description]
    .filter((part) => part !== '')
    .join(' ');
  return {
    name,
    isSoftware: info.isFallbackAdapter || software.test(name),
    largestBuffer: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
  };
}
