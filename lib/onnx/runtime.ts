import type { InferenceSession, Tensor } from 'onnxruntime-web/wasm';

/** An input or output of a model. */
export interface OnnxValue {
  readonly name: string;
  /** `float32`; null when it is no tensor: a sequence, a map. */
  readonly type: string | null;
  /** Size per dimension; null where it is open. */
  readonly shape: readonly (number | null)[];
}

/** Output of a model: numbers in the order of their dimensions. */
export interface OnnxAnswer {
  /** null when it is no tensor of float32 or float64. */
  readonly values: Float32Array | Float64Array | null;
  readonly dimensions: readonly number[];
}

/** An opened model. */
export interface OnnxSession {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /**
   * Runs the model on its first input.
   *
   * @param values rows x columns
   * @returns its first output
   */
  run(values: Float32Array | Float64Array, rows: number, columns: number): Promise<OnnxAnswer>;
  close(): Promise<void>;
}

/** Opens models: onnxruntime-web in a worker, and in Node in tests. */
export interface OnnxRuntime {
  /** @throws Error when it is no ONNX file, or one that the runtime does not know how to run */
  open(file: Uint8Array): Promise<OnnxSession>;
}

/** The part of onnxruntime-web that is used; the module is injected, so that nothing here loads it. */
interface OnnxModule {
  readonly InferenceSession: {
    create(file: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: {
    new (type: 'float32', values: Float32Array, shape: number[]): Tensor;
    new (type: 'float64', values: Float64Array, shape: number[]): Tensor;
  };
}

/** An open dimension without a name: -1 as an unsigned number. */
const openSize = 0xffffffff;

/** onnxruntime-web on wasm, one thread. */
export function createRuntime({
  InferenceSession: sessions,
  Tensor: Input,
}: OnnxModule): OnnxRuntime {
  return {
    async open(file) {
      const session = await sessions.create(file, {
        executionProviders: ['wasm'],
        logSeverityLevel: 4,
      });
      const inputs = session.inputMetadata.map(describeValue);
      const outputs = session.outputMetadata.map(describeValue);
      return {
        inputs,
        outputs,
        async run(values, rows, columns) {
          const shape = [rows, columns];
          const input =
            values instanceof Float32Array
              ? new Input('float32', values, shape)
              : new Input('float64', values, shape);
          const results = await session.run({ [inputs[0].name]: input });
          const { data, dims }: Partial<Tensor> = results[outputs[0].name];
          const isFloat = data instanceof Float32Array || data instanceof Float64Array;
          return { values: isFloat ? data : null, dimensions: dims ?? [] };
        },
        close: () => session.release(),
      };
    },
  };
}

function describeValue(value: InferenceSession.ValueMetadata): OnnxValue {
  if (!value.isTensor) return { name: value.name, type: null, shape: [] };
  const shape = value.shape.map((size) =>
    typeof size === 'number' && size > 0 && size < openSize ? size : null,
  );
  return { name: value.name, type: value.type, shape };
}
