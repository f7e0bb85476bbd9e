/** The npm package that brings WebGPU to Node (Dawn); a name in a variable, as it is no dependency of ours. */
const packageName = 'webgpu';

interface GpuPackage {
  /** @param options Dawn's, none as a rule */
  readonly create: (options: readonly string[]) => GPU;
  /** The classes and constants that browsers have as globals. */
  readonly globals: Readonly<Record<string, unknown>>;
}

/** What has to live as long as the process: Dawn crashes once one of them is collected while it is used. */
const retained: object[] = [];

/**
 * Gives this process the WebGPU of browsers, `navigator.gpu` and its classes, before tfjs looks for it.
 * A process that did so ends by `process.exit` or a signal: left to itself, Dawn may keep it or crash it.
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

/** What a process of its own found out: see `describe-gpu.ts`. */
export interface GpuAdapter {
  readonly name: string;
  /** Whether it only pretends to be one, on the CPU. */
  readonly isSoftware: boolean;
  /** Bytes that one buffer may have. */
  readonly largestBuffer: number;
}

/** As Dawn and today's browsers have it; the types that tfjs brings are older. */
interface DescribedAdapter extends GPUAdapter {
  readonly info: Readonly<
    Record<'vendor' | 'architecture' | 'device' | 'description', string> & {
      isFallbackAdapter: boolean;
    }
  >;
}

/** Names of drivers that compute on the CPU, which not all of them admit. */
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
