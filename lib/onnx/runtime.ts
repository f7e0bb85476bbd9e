import type { InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import type { OnnxRuntime } from './agree';

/** As much of onnxruntime-web as is used; the module is handed in, so that nothing here loads it. */
interface OnnxModule {
  readonly InferenceSession: {
    create(file: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: new (type: 'float32', values: Float32Array, shape: number[]) => Tensor;
}

/** onnxruntime-web on wasm, one thread. */
export function createRuntime({
  InferenceSession: sessions,
  Tensor: Input,
}: OnnxModule): OnnxRuntime {
  return {
    async run(file, { input, output }, rows, columns, values) {
      const session = await sessions.create(file, {
        executionProviders: ['wasm'],
        logSeverityLevel: 4,
      });
      try {
        const results = await session.run({
          [input]: new Input('float32', values, [rows, columns]),
        });
        const { data, type } = results[output];
        if (!(data instanceof Float32Array) || data.length !== rows) {
          throw new RangeError(`${data.length} outputs of ${type} for ${rows} mixtures`);
        }
        return data.slice();
      } finally {
        await session.release();
      }
    },
  };
}
