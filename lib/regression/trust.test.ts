import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import { fromRows, rowOf } from '../model/matrix';
import { createRandomStream } from '../model/random';
import type { LinearModel, Regressor, RegressorId } from '../model/regressor';
import type { RunTable } from '../model/study';
import { assess } from './assess';
import { recommend } from './catalogue';
import { alongDomain, modelInteractions, partialDependence } from './effects';
import { fitOrdinaryLeastSquares } from './linear';
import { predictRow } from './predict';
import { bootstrapModels, learningCurve } from './refits';
import { findRegressor } from './regressors';
import { sampleOf, type TargetRows } from './sample';
import { syntheticSample } from './synthetic.fixture';
import { noiseFloor, rankAgreement } from './trust';

describe('the learning curve', () => {
  const rows = syntheticSample(240, 5);
  const curve = runJob(learningCurve(findRegressor('law'), rows, { seed: 3 }));

  it('rises with the number of runs, up to all that are not held out', () => {
    expect(curve.points.map(({ n }) => n)).toEqual([16, 32, 64, 128, 192]);
    const means = curve.points.map(({ mean }) => mean);
    expect(means[4]).toBeGreaterThan(means[0]);
    for (const { low, mean, high } of curve.points) {
      expect(low).toBeLessThanOrEqual(mean);
      expect(high).toBeGreaterThanOrEqual(mean);
    }
    expect(curve.answer).toMatch(/^From \d+ to 192 proxies/);
  });

  it('is the same every time, and says when there are too few runs', () => {
    expect(runJob(learningCurve(findRegressor('law'), rows, { seed: 3 }))).toEqual(curve);
    const few = runJob(learningCurve(findRegressor('law'), syntheticSample(14, 5), { seed: 3 }));
    expect(few.answer).toContain('Too few runs');
    const none = { features: fromRows([[0.5, 0.5]]), values: Float64Array.of(1) };
    expect(runJob(learningCurve(findRegressor('law'), none, { seed: 3 })).points).toEqual([]);
  });

  it('says when fits predict the same for every mixture, however many runs there are', () => {
    const flat: Regressor = {
      ...findRegressor('ols'),
      // biome-ignore lint/correctness/useYield: nothing of it takes time
      *fit({ features }) {
        const coefficients = new Float64Array(features.columns);
        return { kind: 'linear', intercept: 3, coefficients, penalty: 0 };
      },
    };
    expect(runJob(learningCurve(flat, rows, { seed: 3 }))).toEqual({
      points: [],
      answer:
        'The fits predict the same for all mixtures, so it is unknown whether more proxies would help.',
    });
  });

  describe('from 64 runs', () => {
    const seeds = [1, 2, 3, 4, 5, 6];

    /** A linear truth with a slope for each domain. @param noise sd */
    function plane(domains: number, noise: number): TargetRows {
      const { features } = syntheticSample(64, domains);
      const random = createRandomStream(7);
      const slopes = Array.from({ length: domains }, () => random.normal());
      const values = Float64Array.from({ length: 64 }, (_, row) =>
        rowOf(features, row).reduce(
          (sum, weight, domain) => sum + weight * slopes[domain],
          noise * random.normal(),
        ),
      );
      return { features, values };
    }

    it.each([
      ['clearly, where there are hardly more runs than unknowns', plane(30, 0.1), 'help clearly'],
      ['little, where few unknowns are known already', plane(3, 0.01), 'change little'],
      ['what cannot be told, where runs are noisy', plane(8, 0.2), 'These runs do not show'],
    ])('says %s, whatever the seed', (_, rows64, answer) => {
      for (const seed of seeds) {
        const found = runJob(learningCurve(findRegressor('ols'), rows64, { seed }));
        expect(found.answer).toContain(answer);
      }
    });

    it('says the same of a law for every seed', () => {
      const rows64 = syntheticSample(64, 5);
      for (const seed of seeds.slice(0, 4)) {
        const found = runJob(learningCurve(findRegressor('law'), rows64, { seed }));
        expect(found.answer).toContain('These runs do not show');
      }
    });
  });

  it('keeps the runs of a mixture on one side, and bounds the rows that it fits', () => {
    const single = syntheticSample(40, 4);
    const repeated = Int32Array.from({ length: 160 }, (_, run) => run % 40);
    const rows4 = sampleOf(single, repeated);
    let fitted = 0;
    const law = findRegressor('law');
    const watched: Regressor = {
      ...law,
      *fit(sample, options) {
        fitted += sample.values.length;
        const seen = new Set(sample.values);
        // Of 40 mixtures a fifth is in none of a split's fits.
        expect(seen.size).toBeLessThanOrEqual(32);
        return yield* law.fit(sample, options);
      },
    };
    expect(runJob(learningCurve(watched, rows4, { seed: 1 })).points.at(-1)?.n).toBe(128);
    expect(fitted).toBeLessThanOrEqual(2500);
  });

  it('leaves out sizes that would take too long', () => {
    let fitted = 0;
    const ols = findRegressor('ols');
    const watched: Regressor = {
      ...ols,
      *fit(sample, options) {
        fitted += sample.values.length;
        return yield* ols.fit(sample, options);
      },
    };
    const many = runJob(learningCurve(watched, syntheticSample(6000, 3), { seed: 1 }));
    expect(many.points.at(-1)?.n).toBe(1024);
    expect(many.answer).toContain('to 1024 of 6000 proxies');
    expect(fitted).toBeLessThanOrEqual(10_240);
  });
});

describe('the noise floor', () => {
  it('is the spread of repeated mixtures, pooled', () => {
    const features = fromRows([
      [0.5, 0.5],
      [0.5, 0.5],
      [0.2, 0.8],
      [0.2, 0.8 + 1e-12],
      [1, 0],
      [0, 1],
    ]);
    const floor = noiseFloor({ features, values: Float64Array.of(1, 3, 10, 14, 5, Number.NaN) });
    // Squares 2 and 8 over one degree of freedom each.
    expect(floor).toMatchObject({ groups: 2, runs: 4 });
    expect(floor?.sd).toBeCloseTo(Math.sqrt(5), 12);
    const values = [1, 3, 10, 14, 5];
    const mean = 6.6;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / 5, 0);
    expect(floor?.ceiling).toBeCloseTo(Math.sqrt(1 - 5 / variance), 12);
  });

  it('is unknown when no mixture was repeated', () => {
    expect(noiseFloor(syntheticSample(20, 4))).toBeNull();
  });
});

describe('agreement of scales', () => {
  const table = (name: string, rows: readonly (readonly number[])[]): RunTable => ({
    name,
    ids: rows.map((_, row) => String(row)),
    mixtures: fromRows(rows.map(([a]) => [a, 1 - a])),
    losses: fromRows(rows.map(([, loss]) => [loss])),
  });

  it('compares the mixtures that two tables share, in any order', () => {
    const small = table('1M', [
      [0.1, 5],
      [0.2, 4],
      [0.3, 3],
      [0.9, 1],
    ]);
    const large = table('60M', [
      [0.3, 1],
      [0.1, 3],
      [0.2, 2],
      [0.5, 9],
    ]);
    const other = table('alone', [[0.7, 1]]);
    const found = runJob(rankAgreement([small, large, other], 0, 1));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ first: '1M', second: '60M', n: 3 });
    expect(found[0].spearman).toBeCloseTo(1, 12);
  });

  it('takes the mean where a table repeats a mixture', () => {
    const repeated = table('seeds', [
      [0.1, 1],
      [0.1, 9],
      [0.2, 4],
      [0.3, 3],
    ]);
    const single = table('single', [
      [0.1, 5],
      [0.2, 4],
      [0.3, 3],
    ]);
    expect(runJob(rankAgreement([repeated, single], 0, 1))[0].spearman).toBeCloseTo(1, 12);
  });
});

describe('bootstrapped models', () => {
  it('scatter round the fit and are the same every time', () => {
    const sample = syntheticSample(80, 4);
    const law = findRegressor('law');
    const model = runJob(law.fit(sample, { seed: 1 }));
    const models = runJob(bootstrapModels(law, sample, model, { seed: 1 }, 12));
    expect(runJob(bootstrapModels(law, sample, model, { seed: 1 }, 12))).toEqual(models);
    const mixture = rowOf(sample.features, 3);
    const predicted = models.map((each) => predictRow(each, mixture));
    const centre = predictRow(model, mixture);
    expect(Math.min(...predicted)).toBeLessThan(centre + 0.02);
    expect(Math.max(...predicted)).toBeGreaterThan(centre - 0.02);
    expect(new Set(predicted).size).toBe(12);
  });
});

const plane: LinearModel = {
  kind: 'linear',
  intercept: 2,
  coefficients: Float64Array.of(1, -1, 4),
  penalty: 0,
};

describe('partial dependence', () => {
  const at = Float64Array.of(0.5, 0.3, 0.2);

  it('goes from corner to corner through the mixture itself', () => {
    expect(Array.from(alongDomain(at, 0, 0.5))).toEqual(Array.from(at));
    expect(Array.from(alongDomain(at, 0, 0)).map((w) => w.toFixed(12))).toEqual([
      '0.000000000000',
      '0.600000000000',
      '0.400000000000',
    ]);
    expect(Array.from(alongDomain(Float64Array.of(1, 0, 0), 0, 0.4))).toEqual([0.4, 0.3, 0.3]);
  });

  it('of a plane is a straight line, with the band of the models it is given', () => {
    const shifted = { ...plane, intercept: 3 };
    const curves = runJob(partialDependence(plane, at, [plane, shifted]));
    expect(curves).toHaveLength(3);
    const { weights, predicted, low, high } = curves[1];
    // Others are 5 : 2, worth (5 x 1 + 2 x 4) / 7.
    predicted.forEach((value, step) => {
      const expected = 2 - weights[step] + (1 - weights[step]) * (13 / 7);
      expect(value).toBeCloseTo(expected, 10);
      expect(low?.[step]).toBeCloseTo(expected + 0.05, 10);
      expect(high?.[step]).toBeCloseTo(expected + 0.95, 10);
    });
    expect(runJob(partialDependence(plane, at, []))[0].low).toBeNull();
  });
});

describe('interactions by models', () => {
  it('are what one more point of a domain does, the others in proportion', () => {
    const at = Float64Array.of(0.5, 0.3, 0.2);
    const { values } = modelInteractions([plane, null], at);
    for (let domain = 0; domain < 3; domain++) {
      const moved = predictRow(plane, alongDomain(at, domain, at[domain] + 0.01));
      expect(values[domain * 2]).toBeCloseTo(moved - predictRow(plane, at), 10);
      expect(values[domain * 2 + 1]).toBeNaN();
    }
  });
});

describe('the recommendation', () => {
  const training = syntheticSample(120, 5);
  const reportOf = (regressor: RegressorId) =>
    runJob(
      assess({
        regressor,
        target: 'a',
        training,
        tests: [{ name: 'unseen', ...syntheticSample(40, 5, { seed: 9 }) }],
        options: { seed: 1 },
      }),
    );

  it('names the least error on unseen runs and what is statistically tied', () => {
    const reports = (['law', 'ols', 'gbdt-paper'] as const).map(reportOf);
    const found = recommend(reports, training.values);
    expect(found?.regressor).toBe('law');
    expect(found?.sentence).toMatch(/^Use Effective-data law: least error.*Next: Linear/);
    const twice = recommend([reports[0], { ...reports[0], regressor: 'gp' }], training.values);
    expect(twice?.sentence).toContain('statistically tied with it');
    const usual = recommend([{ ...reports[0], regressor: 'law+gp' }, reports[0]], training.values);
    expect(usual?.regressor).toBe('law+gp');
    const second = recommend([reports[0], { ...reports[0], regressor: 'law+gp' }], training.values);
    expect(second?.regressor).toBe('law+gp');
    expect(second?.sentence).toContain('statistically tied with');
  });

  it('never is a fit that stopped on a test set, and has doubts about few runs', () => {
    expect(recommend(['gbdt-paper' as const].map(reportOf), training.values)).toBeNull();
    const few = syntheticSample(20, 4);
    const reports = (['law', 'ols'] as const).map((regressor) =>
      runJob(assess({ regressor, target: 'a', training: few, tests: [], options: { seed: 1 } })),
    );
    expect(recommend(reports, few.values)?.sentence).toContain('too few runs to tell');
  });

  it('a linear truth is learned by the linear model best', () => {
    const { features } = training;
    const values = Float64Array.from({ length: 120 }, (_, row) => {
      const random = createRandomStream(row);
      return features.values[row * 5] * 3 + 0.05 * random.normal();
    });
    const reports = (['gbdt', 'ols'] as const).map((regressor) =>
      runJob(
        assess({
          regressor,
          target: 'a',
          training: { features, values },
          tests: [],
          options: { seed: 1 },
        }),
      ),
    );
    expect(recommend(reports, values)?.regressor).toBe('ols');
    expect(runJob(fitOrdinaryLeastSquares({ features, values })).coefficients[0]).toBeGreaterThan(
      1,
    );
  });
});
