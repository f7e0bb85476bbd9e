import type { OnnxMethods } from '../lib/analysis/methods';
import { serveWorker } from '../lib/browser/serve-worker';
import type { Job } from '../lib/model/job';
import { loadCode } from '../lib/model/load-code';
import { onnxLimits, onnxRefusal } from '../lib/onnx/errors';
import { exportOnnx, importOnnx } from '../lib/onnx/exchange';
import { openPredictor, type Predictor } from '../lib/onnx/predictor';
import { createRuntime, type OnnxRuntime } from '../lib/onnx/runtime';

let runtime: Promise<OnnxRuntime> | null = null;
const predictors = new Map<string, Predictor>();
let tries = 0;

/** The runtime is imported from the folder of its wasm, so that the bundler adds no second copy. */
async function load(folder: string): Promise<OnnxRuntime> {
  const address = new URL('ort.wasm.min.mjs', folder).href;
  const onnx: typeof import('onnxruntime-web/wasm') = await loadCode(() => {
    tries++;
    // A module that failed to load is cached as missing under its address.
    const fresh = tries === 1 ? address : `${address}?try=${tries}`;
    return import(/* webpackIgnore: true */ /* turbopackIgnore: true */ fresh);
  });
  onnx.env.wasm.wasmPaths = folder;
  onnx.env.wasm.numThreads = 1;
  return createRuntime(onnx);
}

function runtimeAt(folder: string): Promise<OnnxRuntime> {
  runtime ??= load(folder).catch((error: unknown) => {
    runtime = null;
    throw error;
  });
  return runtime;
}

/** A job that is already done: the runtime itself cannot be interrupted. */
function* done<Result>(result: Result): Job<Result> {
  yield { done: 1, total: 1, unit: 'files' };
  return result;
}

void serveWorker<OnnxMethods>({
  export: async ({ folder, model, labels, comparison }) =>
    done(await exportOnnx(await runtimeAt(folder), model, labels, comparison)),
  import: async ({ folder, file, domains, order, comparison }) => {
    if (file.size > onnxLimits.bytes) {
      throw onnxRefusal(`it has more than ${onnxLimits.bytes / 1e6} MB`, 'Export a smaller model.');
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    return done(await importOnnx(await runtimeAt(folder), bytes, domains, order, comparison));
  },
  open: async ({ folder, model, source }) => {
    await predictors.get(model)?.close();
    predictors.delete(model);
    predictors.set(model, await openPredictor(await runtimeAt(folder), source));
    return done(null);
  },
  predict: async ({ model, mixtures }) => {
    const predictor = predictors.get(model);
    if (!predictor) throw new RangeError('a model is opened before it predicts');
    return done(await predictor.predict(mixtures));
  },
});
