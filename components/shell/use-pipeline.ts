'use client';

import { useEffect } from 'react';
import { createAnswerMemory } from '../../lib/analysis/kept-answer';
import { startPipeline } from '../../lib/analysis/pipeline';
import { lastAnswerFlag } from '../../lib/browser/flags';
import { createFitClient, createOptimumClient } from '../../lib/browser/workers';
import type { Stores } from './stores';

/** Starts the workers that keep the analysis in sync with the session, until the page unmounts. */
export function usePipeline({ study, analysis, demand, explore, onnx }: Stores): void {
  useEffect(() => {
    const fit = createFitClient(onnx.predict);
    const optimum = createOptimumClient(onnx.predict);
    const stop = startPipeline(
      study,
      analysis,
      demand,
      fit,
      optimum,
      createAnswerMemory(lastAnswerFlag),
    );
    return () => {
      stop();
      fit.close();
      optimum.close();
      explore.close();
      onnx.close();
    };
  }, [study, analysis, demand, explore, onnx]);
}
