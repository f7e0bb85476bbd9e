import type { Client } from '../rpc/client';
import type {
  CorporaMethods,
  ExploreMethods,
  FitMethods,
  OnnxMethods,
  OptimumMethods,
  RunsMethods,
} from '../rpc/methods';
import { createWorkerClient } from './worker-client';

// The bundler finds a worker by exactly this form of words.

/** Fits a study's targets. */
export function createFitClient(): Client<FitMethods> {
  return createWorkerClient<FitMethods>(
    () => new Worker(new URL('../../workers/fit.worker.ts', import.meta.url), { type: 'module' }),
    { stateful: ['load'] },
  );
}

/** Finds optima of what is fitted. */
export function createOptimumClient(): Client<OptimumMethods> {
  return createWorkerClient<OptimumMethods>(
    () =>
      new Worker(new URL('../../workers/optimum.worker.ts', import.meta.url), { type: 'module' }),
    { stateful: ['prepare'] },
  );
}

/** Looks into what stands beside the main line. */
export function createExploreWorkerClient(): Client<ExploreMethods> {
  return createWorkerClient<ExploreMethods>(
    () =>
      new Worker(new URL('../../workers/explore.worker.ts', import.meta.url), { type: 'module' }),
    { stateful: ['load'] },
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

/** Writes and reads ONNX files. */
export function createOnnxClient(): Client<OnnxMethods> {
  return createWorkerClient<OnnxMethods>(
    () => new Worker(new URL('../../workers/onnx.worker.ts', import.meta.url), { type: 'module' }),
  );
}
