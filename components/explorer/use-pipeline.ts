'use client';

import { useEffect } from 'react';
import { createClient } from '../../lib/rpc/client';
import type { FitMethods, OptimumMethods } from '../../lib/rpc/methods';
import { startPipeline } from '../../lib/store/pipeline';
import type { Stores } from './stores';

/** Starts the workers that keep the analysis in step with the session, until the page goes. */
export function usePipeline({ study, analysis, demand, explore }: Stores): void {
  useEffect(() => {
    const fit = createClient<FitMethods>(
      () => new Worker(new URL('../../workers/fit.worker.ts', import.meta.url), { type: 'module' }),
    );
    const optimum = createClient<OptimumMethods>(
      () =>
        new Worker(new URL('../../workers/optimum.worker.ts', import.meta.url), { type: 'module' }),
    );
    // Until here a click on the served page does nothing; tests and styles can tell.
    document.documentElement.dataset.live = 'true';
    const stop = startPipeline(study, analysis, demand, fit, optimum);
    return () => {
      stop();
      fit.close();
      optimum.close();
      explore.close();
    };
  }, [study, analysis, demand, explore]);
}
