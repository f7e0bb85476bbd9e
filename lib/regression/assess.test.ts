import { describe, expect, it } from 'vitest';
import { StageError } from '../model/errors';
import { runJob } from '../model/job';
import { fromRows, rowOf, zeros } from '../model/matrix';
import type { RegressorId } from '../model/regressor';
import { fitStatistics } from '../model/statistics';
import type { RunTable } from '../model/study';
import { type AssessmentInput, assess, assessStudy } from './assess';
import { coverageOf } from './bands';
import { modelImportance } from './effects';
import { minRowsPerLeafOf, scaledMinRowsPerLeaf } from './gbdt/boosting';
import { fitOrdinaryLeastSquares } from './linear';
import { predictRow } from './predict';
import { findRegressor, regressors } from './regressors';
import { complementOf, sampleOf, splitFolds, type TargetRows, targetSample } from './sample';
import { syntheticSample } from './synthetic.fixture';

const training: TargetRows = syntheticSample(60, 5);
const test = { name: 'unseen', ...syntheticSample(30, 5, { seed: 7 }) };

function assessed(regressor: RegressorId, changes: Partial<AssessmentInput> = {}) {
  const input = { regressor, target: 'a', training, tests: [test], options: { seed: 2 } };
  return runJob(assess({ ...input, ...changes }));
}

/** The rows with every `every`-th target value missing. */
function withGaps({ features, values }: TargetRows, every: number): TargetRows {
  return {
    features,
    values: values.map((value, row) => (row % every === 0 ? Number.NaN : value)),
  };
}

describe.each(regressors.map(({ id }) => id))('assess with %s', (id) => {
  it('reports statistics of what it predicts, the same every time', () => {
    const report = assessed(id);
    const { model, tests, outOfFold, crossValidation, importance } = report;
    expect(report).toMatchObject({ regressor: id, target: 'a' });
    expect(outOfFold.every(Number.isFinite)).toBe(true);
    expect(crossValidation).toEqual(fitStatistics(outOfFold, training.values, 2));
    expect(tests).toHaveLength(1);
    tests[0].predicted.forEach((value, row) => {
      expect(value).toBe(predictRow(model, rowOf(test.features, row)));
    });
    expect(tests[0].statistics).toEqual(fitStatistics(tests[0].predicted, test.values, 2));
    expect(tests[0].statistics.spearman).toBeGreaterThan(0.5);
    expect(importance.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(Math.min(...importance)).toBeGreaterThanOrEqual(0);
    const unseen = { predicted: report.leftOut ?? outOfFold, measured: training.values };
    expect(coverageOf(report.bands, unseen)[90]).toBeCloseTo(Math.floor(61 * 0.9) / 60, 12);
    const onTest = { predicted: tests[0].predicted, measured: test.values };
    expect(tests[0].coverage).toEqual(coverageOf(report.bands, onTest));
    expect({ ...assessed(id), fitMs: 0 }).toEqual({ ...report, fitMs: 0 });
  });

  it('learns only from measured runs and predicts none of the others out of fold', () => {
    const gappy = withGaps(training, 4);
    const rows = Int32Array.from({ length: 60 }, (_, row) => row).filter((row) => row % 4 !== 0);
    const report = assessed(id, { training: gappy });
    const without = assessed(id, { training: sampleOf(training, rows) });
    expect(report.model).toEqual(without.model);
    expect(report.crossValidation.n).toBe(45);
    expect(report.outOfFold.filter(Number.isNaN)).toHaveLength(15);
    expect(report.outOfFold.filter(Number.isFinite)).toEqual(without.outOfFold);
  });

  it('names what it found and what it needs when runs are too few', () => {
    const needed = findRegressor(id).minimumRows(5);
    const few = syntheticSample(needed - 1, 5);
    expect(() => assessed(id, { training: few })).toThrow(StageError);
    expect(() => assessed(id, { training: few })).toThrow(
      new RegExp(`at least ${needed} runs.*found ${needed - 1}`),
    );
  });

  it('refuses a target that never changes', () => {
    const values = new Float64Array(60).fill(3.25);
    expect(() => assessed(id, { training: { ...training, values } })).toThrow(/same value 3\.25/);
  });

  it('takes a fixed seed for the folds, and another gives other folds', () => {
    const other = assessed(id, { options: { seed: 3 } });
    expect(other.outOfFold).not.toEqual(assessed(id).outOfFold);
  });
});

describe('assess', () => {
  it('fits each fold without its own runs', () => {
    const { outOfFold } = assessed('ols');
    for (const rows of splitFolds(60, 10, 2)) {
      const others = sampleOf(training, complementOf(rows, 60));
      const model = runJob(fitOrdinaryLeastSquares(others));
      for (const row of rows) {
        expect(outOfFold[row]).toBeCloseTo(predictRow(model, rowOf(training.features, row)), 10);
      }
    }
  });

  it('takes bands from runs left out alone only where that tells what unseen mixtures are like', () => {
    const many = syntheticSample(140, 5);
    expect(assessed('law', { training: many }).bands.rows).toBe('leave-one-out');
    // Few runs, few for 2 x 40 + 3 parameters, and a mixture that is trained twice.
    expect(assessed('law').bands.rows).toBe('out-of-fold');
    const wide = { training: syntheticSample(140, 40), tests: [] };
    expect(assessed('law', wide).bands.rows).toBe('out-of-fold');
    const rows = Int32Array.from({ length: 140 }, (_, row) => Math.max(1, row));
    const twice = assessed('law', { training: sampleOf(many, rows) });
    expect(twice.bands.rows).toBe('out-of-fold');
    expect(twice.leftOut).toBeNull();
  });

  it('tests the training runs for a signal, whatever the regressor', () => {
    const { signal } = assessed('ols');
    expect(signal).toEqual({ p: 0.001, permutations: 999 });
    expect(assessed('law').signal).toEqual(signal);
  });

  it('gives statistics that are not numbers for a test set without measured runs', () => {
    const values = new Float64Array(30).fill(Number.NaN);
    const { tests } = assessed('ridge', { tests: [{ ...test, values }] });
    expect(tests[0].statistics).toMatchObject({ n: 0, spearman: Number.NaN, rmse: Number.NaN });
    expect(tests[0].predicted.every(Number.isFinite)).toBe(true);
  });

  it('says which test set the published procedure has seen, and asks for one', () => {
    const second = { ...test, name: 'second' };
    const { tests, rounds, model } = assessed('gbdt-paper', { tests: [test, second] });
    expect(tests.map(({ usedForStopping }) => usedForStopping)).toEqual([true, false]);
    expect(model).toMatchObject({ kind: 'trees', rounds });
    expect(() => assessed('gbdt-paper', { tests: [] })).toThrow(/test set/);
    const honest = assessed('gbdt', { tests: [test, second] });
    expect(honest.tests.some(({ usedForStopping }) => usedForStopping)).toBe(false);
  });

  it('uses the given rounds and rows per leaf', () => {
    const { rounds, minRowsPerLeaf } = assessed('gbdt', {
      options: { seed: 2, rounds: 17, minRowsPerLeaf: 6 },
    });
    expect({ rounds, minRowsPerLeaf }).toEqual({ rounds: 17, minRowsPerLeaf: 6 });
  });

  it('uses the given penalty', () => {
    const { model } = assessed('ridge', { options: { seed: 2, penalty: 0.7 } });
    expect(model).toMatchObject({ kind: 'linear', penalty: 0.7 });
  });
});

describe('rows a leaf', () => {
  it('are LightGBM’s 20 from 512 runs on, fewer below, never none; always 20 as published', () => {
    expect([1, 16, 32, 64, 128, 512, 5000].map(scaledMinRowsPerLeaf)).toEqual([
      1, 1, 1, 3, 5, 20, 20,
    ]);
    expect(minRowsPerLeafOf('gbdt-paper', 64, { seed: 1 })).toBe(20);
    expect(minRowsPerLeafOf('ols', 64, { seed: 1 })).toBe(0);
  });
});

describe('findRegressor', () => {
  it('lists what there is when there is no such regressor', () => {
    expect(() => findRegressor('forest')).toThrow(StageError);
    expect(() => findRegressor('forest')).toThrow(/“forest”/);
  });
});

describe('modelImportance', () => {
  it('is |coefficient| x sd for linear models', () => {
    const features = fromRows([
      [0, 1, 0.5],
      [1, 3, 0.5],
    ]);
    const coefficients = Float64Array.of(-2, 3, 9);
    const importance = runJob(
      modelImportance({ kind: 'linear', intercept: 0, coefficients, penalty: 0 }, features),
    );
    // sds .5, 1, 0: amounts 1, 3, 0.
    expect(Array.from(importance)).toEqual([0.25, 0.75, 0]);
  });

  it('is 0 throughout when a fit uses nothing', () => {
    const model = { kind: 'linear', intercept: 1, coefficients: new Float64Array(2), penalty: 0 };
    const importance = runJob(modelImportance({ ...model, kind: 'linear' }, zeros(3, 2)));
    expect(Array.from(importance)).toEqual([0, 0]);
  });

  it('finds the domain that a loss depends on', () => {
    const values = Float64Array.from(
      { length: 60 },
      (_, row) => rowOf(training.features, row)[3] ** 2,
    );
    const { importance } = assessed('gbdt', { training: { ...training, values }, tests: [] });
    expect(importance[3]).toBeGreaterThan(0.75);
  });
});

describe('assessStudy', () => {
  const recorded = fromRows(
    Array.from({ length: 60 }, (_, row) =>
      Array.from(rowOf(training.features, row), (weight) => weight * 1.002),
    ),
  );
  const table: RunTable = {
    name: 'training',
    ids: Array.from({ length: 60 }, (_, row) => String(row)),
    mixtures: training.features,
    recorded,
    losses: fromRows(Array.from(training.values, (value) => [0, value])),
  };
  const target = { id: 'b', name: 'B', unit: '', direction: 'lower' } as const;
  const study = {
    targets: [{ ...target, id: 'a' }, target],
    training: table,
    testSets: [{ ...table, name: 'again' }],
  };

  it('takes the target of that id and the weights that the regressor reads', () => {
    expect(targetSample(table, 1, false).features).toBe(table.mixtures);
    expect(targetSample(table, 1, true).features).toBe(recorded);
    const linear = runJob(assessStudy(study, 'b', 'ols', { seed: 2 }));
    expect(linear.target).toBe('b');
    expect(linear.model).toEqual(assessed('ols').model);
    const published = runJob(assessStudy(study, 'b', 'gbdt-paper', { seed: 2, rounds: 5 }));
    const direct = { features: recorded, values: training.values };
    expect(published.model).toEqual(
      assessed('gbdt-paper', { training: direct, options: { seed: 2, rounds: 5 } }).model,
    );
  });

  it('lists the targets when there is no such one', () => {
    expect(() => assessStudy(study, 'c', 'ols', { seed: 2 })).toThrow(/“c”/);
  });
});
