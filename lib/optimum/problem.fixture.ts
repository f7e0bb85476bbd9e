import { sampleDirichlet } from '../mixture/sampling';
import { runJob } from '../model/job';
import type { Bounds, ObjectiveTerm } from '../model/limits';
import { type Matrix, rowOf } from '../model/matrix';
import type { LawModel, LinearModel, Model, SmoothModel } from '../model/regressor';
import type { Target } from '../model/study';
import { boost } from '../regression/gbdt/boosting';
import { fitGaussianProcess } from '../regression/gp/fit';
import { evaluateSmooth } from '../regression/predict';
import { findRegressor } from '../regression/regressors';
import type { Problem } from './solver';

export function linear(coefficients: ArrayLike<number>): LinearModel {
  return {
    kind: 'linear',
    intercept: 3,
    coefficients: Float64Array.from(coefficients),
    penalty: 0,
  };
}

export function bounds(lower: ArrayLike<number>, upper: ArrayLike<number>): Bounds {
  return {
    lower: Float64Array.from(lower),
    upper: Float64Array.from(upper),
    source: Array.from(upper, () => 'max' as const),
  };
}

export function unbounded(domains: number): Bounds {
  return bounds(new Float64Array(domains), new Float64Array(domains).fill(1));
}

/** Trees fitted to a curved function of four domains, with the runs they were fitted to. */
export function treeProblem(direction: 'lower' | 'higher'): Problem {
  const runs = runJob(sampleDirichlet(Float64Array.of(0.6, 0.5, 0.4, 0.3), 120, 11));
  const curve = (row: number) => {
    const [a, b, c, d] = rowOf(runs, row);
    return 4 - Math.sqrt(a + 0.01) - 0.6 * Math.sqrt(b + 0.01) - 0.3 * c + 0.5 * d;
  };
  const sign = direction === 'lower' ? 1 : -1;
  const values = Float64Array.from({ length: runs.rows }, (_, row) => sign * curve(row));
  const model = runJob(boost({ features: runs, values }, { rounds: 150, minRowsPerLeaf: 5 }));
  return problemOf(model, runs, Float64Array.of(0.4, 0.3, 0.2, 0.1), direction);
}

/** One target, optimised by one model. */
export function problemOf(
  model: Model,
  runs: Matrix,
  prior: Float64Array,
  direction: 'lower' | 'higher' = 'lower',
): Problem {
  const term: ObjectiveTerm = { target: 'first', model, direction, weight: 1, scale: 1 };
  return {
    objective: { kind: 'weighted', terms: [term], kl: 0, prior, unique: null, seek: 'best' },
    runs,
    human: null,
    yours: null,
    samples: 2_000,
    seed: 3,
  };
}

/** One model of every smooth kind, for four domains. */
export function smoothModels(): {
  name: string;
  model: SmoothModel;
  direction: Target['direction'];
}[] {
  const law: LawModel = {
    kind: 'law',
    sign: 1,
    constant: 1.9,
    base: 0.2,
    exponent: 0.6,
    amounts: Float64Array.of(0.9, 0.4, 0.15, 0.05),
    powers: Float64Array.of(0.6, 0.5, 0.7, 0.4),
    offset: 1e-4,
  };
  const score: LawModel = {
    ...law,
    sign: -1,
    constant: 40,
    amounts: law.amounts.slice().reverse(),
  };
  const exponential: SmoothModel = {
    kind: 'exponential',
    sign: 1,
    constant: 2,
    intercept: 0,
    coefficients: Float64Array.of(-1.2, 0.3, 0.8, -0.4),
  };
  const powers: SmoothModel = {
    kind: 'powers',
    sign: 1,
    constant: 1.5,
    scales: Float64Array.of(0.4, 0.3, 0.2, 0.1),
    offsets: Float64Array.of(0.02, 0.05, 0.01, 0.3),
    exponents: Float64Array.of(0.3, 0.2, 0.4, 0.9),
  };
  const features = runJob(sampleDirichlet(Float64Array.of(0.6, 0.5, 0.4, 0.3), 40, 5));
  const values = Float64Array.from({ length: 40 }, (_, row) =>
    evaluateSmooth(law, rowOf(features, row), null),
  );
  const process = runJob(fitGaussianProcess({ features, values }, { seed: 1 }));
  const sum: SmoothModel = { kind: 'sum', weights: [0.5, 0.5], models: [law, process] };
  const corrected = runJob(findRegressor('law+gp').fit({ features, values }, { seed: 1 }));
  if (corrected.kind !== 'corrected') throw new Error('a corrected law was expected');
  return [
    { name: 'a law', model: law, direction: 'lower' },
    { name: 'a law of a score', model: score, direction: 'higher' },
    { name: 'an exponential law', model: exponential, direction: 'lower' },
    { name: 'a sum of powers', model: powers, direction: 'lower' },
    { name: 'a Gaussian process', model: process, direction: 'lower' },
    { name: 'the mean of a law and a Gaussian process', model: sum, direction: 'lower' },
    { name: 'a corrected law', model: corrected, direction: 'lower' },
  ];
}
