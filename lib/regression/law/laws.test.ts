import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../../mixture/sampling';
import { runJob } from '../../model/job';
import { type Matrix, rowOf, selectRows } from '../../model/matrix';
import { createRandomStream } from '../../model/random';
import type { LawModel, Regressor, Sample, SmoothModel } from '../../model/regressor';
import { spearman } from '../../model/statistics';
import { evaluateSmooth, predictModel, predictRow } from '../predict';
import { findRegressor } from '../regressors';
import {
  autoscaleCurve,
  autoscaleModelOf,
  autoscaleParametersOf,
  bimixCurve,
  bimixModelOf,
  bimixParametersOf,
  effectiveDataCurve,
  exponentialCurve,
  exponentialModelOf,
  exponentialParametersOf,
  lawModelOf,
  lawParametersOf,
} from './laws';
import { type CurveOf, scaleValues } from './least-squares';

const truth: LawModel = {
  kind: 'law',
  sign: 1,
  constant: 1.9,
  base: 0.2,
  exponent: 0.6,
  amounts: Float64Array.of(0.9, 0.4, 0.15, 0.05),
  powers: Float64Array.of(0.6, 0.5, 0.7, 0.4),
  offset: 1e-4,
};

function mixtures(count: number, seed: number): Matrix {
  return runJob(sampleDirichlet(Float64Array.of(0.5, 0.4, 0.3, 0.3), count, seed));
}

function sampleOfTruth(count: number, noise: number, seed = 1): Sample {
  const features = mixtures(count, seed);
  const random = createRandomStream(seed + 100);
  const values = Float64Array.from({ length: count }, (_, row) => {
    return evaluateSmooth(truth, rowOf(features, row), null) + noise * random.normal();
  });
  return { features, values };
}

const families: {
  name: string;
  curve: CurveOf;
  parameters: number;
  toModel: (parameters: Float64Array, scaled: ReturnType<typeof scaleValues>) => SmoothModel;
  back: (parameters: Float64Array, scaled: ReturnType<typeof scaleValues>) => Float64Array;
}[] = [
  {
    name: 'effective-data law',
    curve: effectiveDataCurve,
    parameters: 11,
    toModel: lawModelOf,
    back: (parameters, scaled) => lawParametersOf(lawModelOf(parameters, scaled), scaled),
  },
  {
    name: 'exponential law',
    curve: exponentialCurve,
    parameters: 5,
    toModel: exponentialModelOf,
    back: (parameters, scaled) =>
      exponentialParametersOf(exponentialModelOf(parameters, scaled), scaled),
  },
  {
    name: 'AutoScale',
    curve: autoscaleCurve,
    parameters: 10,
    toModel: autoscaleModelOf,
    back: (parameters, scaled) =>
      autoscaleParametersOf(autoscaleModelOf(parameters, scaled), scaled),
  },
  {
    name: 'BiMix',
    curve: bimixCurve,
    parameters: 8,
    toModel: bimixModelOf,
    back: (parameters, scaled) => bimixParametersOf(bimixModelOf(parameters, scaled), scaled),
  },
];

describe.each(families)('$name', ({ curve: curveOf, parameters: count, toModel, back }) => {
  const features = mixtures(6, 3);
  const parameters = fc
    .array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), { minLength: count, maxLength: count })
    .map((list) => Float64Array.from(list));
  const scaled = fc
    .record({ low: fc.double({ min: -9, max: 50, noNaN: true }), high: fc.boolean() })
    .map(({ low, high }) =>
      scaleValues(
        Float64Array.from({ length: 6 }, (_, row) => low + row * row),
        high ? 'higher' : 'lower',
      ),
    );

  it('has the derivatives that finite differences give', () => {
    fc.assert(
      fc.property(parameters, scaled, (theta, scale) => {
        const curve = curveOf(features, scale);
        const jacobian = new Float64Array(6 * count);
        const [low, high, values] = [0, 0, 0].map(() => new Float64Array(6));
        curve.fill(theta, values, jacobian);
        for (let index = 0; index < count; index++) {
          const step = 1e-6;
          curve.fill(
            theta.map((value, at) => value + (at === index ? step : 0)),
            high,
            null,
          );
          curve.fill(
            theta.map((value, at) => value - (at === index ? step : 0)),
            low,
            null,
          );
          for (let row = 0; row < 6; row++) {
            const slope = (high[row] - low[row]) / (2 * step);
            const tolerance = 1e-5 * Math.max(1, Math.abs(slope), Math.abs(values[row]));
            expect(Math.abs(jacobian[row * count + index] - slope)).toBeLessThan(tolerance);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('predicts in the target’s unit what the curve gives on its own scale, and leads back', () => {
    fc.assert(
      fc.property(parameters, scaled, (theta, scale) => {
        const values = new Float64Array(6);
        curveOf(features, scale).fill(theta, values, null);
        const model = toModel(theta, scale);
        values.forEach((value, row) => {
          const inUnit = scale.shift + scale.sign * scale.unit * value;
          const predicted = evaluateSmooth(model, rowOf(features, row), null);
          expect(Math.abs(predicted - inUnit)).toBeLessThan(1e-8 * (1 + Math.abs(inUnit)));
        });
        const again = new Float64Array(6);
        curveOf(features, scale).fill(back(theta, scale), again, null);
        again.forEach((value, row) => {
          expect(Math.abs(value - values[row])).toBeLessThan(1e-6 * (1 + Math.abs(value)));
        });
      }),
      { numRuns: 40 },
    );
  });

  it('has the gradient over mixtures that finite differences give', () => {
    fc.assert(
      fc.property(parameters, scaled, (theta, scale) => {
        const model = toModel(theta, scale);
        const mixture = Float64Array.of(0.4, 0.3, 0.2, 0.1);
        const gradient = new Float64Array(4);
        evaluateSmooth(model, mixture, gradient);
        gradient.forEach((slope, domain) => {
          const step = 1e-6;
          const at = (moved: number) =>
            evaluateSmooth(
              model,
              mixture.map((weight, index) => weight + (index === domain ? moved : 0)),
              null,
            );
          const difference = (at(step) - at(-step)) / (2 * step);
          expect(Math.abs(slope - difference)).toBeLessThan(1e-4 * (1 + Math.abs(slope)));
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe('the fit of the effective-data law', () => {
  const law = findRegressor('law');
  const learn = (regressor: Regressor, sample: Sample, direction: 'lower' | 'higher' = 'lower') =>
    runJob(regressor.fit(sample, { seed: 1, direction }));

  it('ranks unseen mixtures of a law almost perfectly, from forty noisy runs', () => {
    const unseen = sampleOfTruth(300, 0, 9);
    const model = learn(law, sampleOfTruth(40, 0.005));
    const predicted = runJob(predictModel(model, unseen.features));
    expect(spearman(predicted, unseen.values)).toBeGreaterThan(0.995);
  });

  it('is a law: all powers between 0 and 1, everything else positive', () => {
    const model = learn(law, sampleOfTruth(60, 0.01));
    if (model.kind !== 'law') throw new Error(`found ${model.kind}`);
    expect(model.powers.every((power) => power > 0 && power < 1)).toBe(true);
    expect(model.amounts.every((amount) => amount > 0)).toBe(true);
    expect(Math.min(model.base, model.exponent)).toBeGreaterThan(0);
  });

  it.each([
    ['another unit', (value: number) => 1000 * value, 'lower'],
    ['another zero', (value: number) => value - 50, 'lower'],
    ['a score', (value: number) => 90 - 12 * value, 'higher'],
  ] as const)('in %s predicts the same mixtures alike', (_, change, direction) => {
    const sample = sampleOfTruth(60, 0.01);
    const moved = { ...sample, values: sample.values.map(change) };
    const unseen = mixtures(20, 4);
    const plain = runJob(predictModel(learn(law, sample), unseen));
    const other = runJob(predictModel(learn(law, moved, direction), unseen));
    const unit = Math.abs(change(1) - change(0));
    other.forEach((value, row) => {
      expect(Math.abs(value - change(plain[row]))).toBeLessThan(1e-5 * unit);
    });
  });

  it('depends on nothing but its rows and its seed', () => {
    const sample = sampleOfTruth(40, 0.02);
    expect(learn(law, sample)).toEqual(learn(law, sample));
  });

  it('refitted to its own rows stays where it is', () => {
    const sample = sampleOfTruth(60, 0.01);
    const model = learn(law, sample);
    const again = runJob(law.refit?.(sample, model, { seed: 1 }) ?? law.fit(sample, { seed: 1 }));
    const unseen = mixtures(20, 4);
    const before = runJob(predictModel(model, unseen));
    runJob(predictModel(again, unseen)).forEach((value, row) => {
      expect(Math.abs(value - before[row])).toBeLessThan(1e-3);
    });
  });

  it('leaves one run out nearly as refitting without it would', () => {
    const sample = sampleOfTruth(40, 0.02);
    const model = learn(law, sample);
    const left = law.leaveOneOut && runJob(law.leaveOneOut(sample, model, { seed: 1 }));
    const fitted = runJob(predictModel(model, sample.features));
    let gap = 0;
    let shortcut = 0;
    for (let row = 0; row < 40; row++) {
      const rest = Int32Array.from({ length: 39 }, (_, place) => (place < row ? place : place + 1));
      const without = {
        features: selectRows(sample.features, rest),
        values: Float64Array.from(rest, (index) => sample.values[index]),
      };
      const refitted = runJob(
        law.refit?.(without, model, { seed: 1 }) ?? law.fit(without, { seed: 1 }),
      );
      const real = sample.values[row] - predictRow(refitted, rowOf(sample.features, row));
      const short = sample.values[row] - (left?.[row] ?? Number.NaN);
      gap += Math.abs(Math.abs(real) - Math.abs(short)) / 40;
      shortcut += Math.abs(Math.abs(real) - Math.abs(sample.values[row] - fitted[row])) / 40;
    }
    // Far nearer to the truth than residuals of the fit itself are.
    expect(gap).toBeLessThan(shortcut / 4);
  });

  it.each(['law', 'mixing-law', 'autoscale', 'bimix'] as const)(
    '%s is finite for absent domains, repeated rows and huge values',
    (id) => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 30 }),
          fc.integer({ min: 1, max: 6 }),
          fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
          (seed, domains, unit) => {
            const random = createRandomStream(seed);
            const features = runJob(sampleDirichlet(new Float64Array(domains).fill(0.1), 12, seed));
            features.values.copyWithin(domains, 0, domains);
            const values = Float64Array.from({ length: 12 }, () => unit * random.normal());
            const model = learn(findRegressor(id), { features, values });
            const corner = { rows: 1, columns: domains, values: new Float64Array(domains) };
            corner.values[0] = 1;
            for (const table of [features, corner]) {
              expect(runJob(predictModel(model, table)).every(Number.isFinite)).toBe(true);
            }
          },
        ),
        { numRuns: 15 },
      );
    },
  );
});
