import type { AnalysisStore } from './analysis-store';

/**
 * Calls back once when the analysis has an answer for the data on view, or has failed to find one: a mixture of
 * the latest fit, preliminary or not.
 *
 * @returns gives up
 */
export function whenSettled(store: AnalysisStore, callback: () => void): () => void {
  const stop = store.subscribe(({ optimum: { status } }) => {
    if (status !== 'ready' && status !== 'infeasible' && status !== 'failed') return;
    stop();
    callback();
  });
  return stop;
}
