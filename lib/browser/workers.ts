import type {
  CorporaMethods,
  ExploreMethods,
  FitMethods,
  OnnxMethods,
  OptimumMethods,
  RunsMethods,
} from '../analysis/methods';
import type { Predict } from '../model/job';
import type { Client } from '../rpc/client';
import { createWorkerClient } from './worker-client';

// The bundler only recognises exactly this expression.

/** Fits a study's targets. */
export function createFitClient(predict: Predict): Client<FitMethods> {
  return createWorkerClient<FitMethods>(
    () => new Worker(new URL('../../workers/fit.worker.ts', import.meta.url), { type: 'module' }),
    { stateful: ['load'], predict },
  );
}

/** Finds optima of the fitted models. */
export function createOptimumClient(predict: Predict): Client<OptimumMethods> {
  return createWorkerClient<OptimumMethods>(
    () =>
      new Worker(new URL('../../workers/optimum.worker.ts', import.meta.url), { type: 'module' }),
    { stateful: ['prepare'], predict },
  );
}

/** Runs analyses beyond fit and optimum. */
export function createExploreWorkerClient(predict: Predict): Client<ExploreMethods> {
  return createWorkerClient<ExploreMethods>(
    () =>
      new Worker(new URL('../../workers/explore.worker.ts', import.meta.url), { type: 'module' }),
    { stateful: ['load'], predict },
  );
}

/** Reads runs and whole studies. */
export function createRunsClient(): Client<RunsMethods> {
  return createWorkerClient<RunsMethods>(
    () => new Worker(new URL('../../workers/runs.worker.ts', import.meta.url), { type: 'module' }),
    { stateful: ['read'] },
  );
}

/** Reads text to train on. */
export function createCorporaClient(): Client<CorporaMethods> {
  return createWorkerClient<CorporaMethods>(
    () =>
      new Worker(new URL('../../workers/corpora.worker.ts', import.meta.url), { type: 'module' }),
  );
}

/** Writes ONNX files, and runs them. */
export function createOnnxWorkerClient(): Client<OnnxMethods> {
  return createWorkerClient<OnnxMethods>(
    () => new Worker(new URL('../../workers/onnx.worker.ts', import.meta.url), { type: 'module' }),
    { stateful: ['open'] },
  );
}
