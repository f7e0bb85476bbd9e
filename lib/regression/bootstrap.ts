import { mersenne } from 'pure-rand/generator/mersenne';
import type { Job } from '../job';
import { sampleOf } from './sample';
import type { FitOptions, Regressor, RowModel, Sample } from './types';

/**
 * Models as they might have come out of other runs: each fitted to as many rows, drawn with
 * replacement (Efron and Tibshirani 1993, section 6.2).
 *
 * @param model the fit to all rows, from which refits start
 */
export function* bootstrapModels(
  regressor: Regressor,
  sample: Sample,
  model: RowModel,
  options: FitOptions,
  count: number,
): Job<RowModel[]> {
  const n = sample.values.length;
  const random = mersenne((options.seed + 1) | 0);
  const models: RowModel[] = [];
  for (let replicate = 0; replicate < count; replicate++) {
    yield { done: replicate, total: count, unit: 'refits' };
    const rows = Int32Array.from({ length: n }, () => ((random.next() >>> 0) / 4294967296) * n);
    const drawn = sampleOf(sample, rows);
    models.push(
      regressor.refit
        ? yield* regressor.refit(drawn, model, options)
        : yield* regressor.fit(drawn, options),
    );
  }
  return models;
}
