import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { type Predict, runJob, runJobWith } from '../model/job';
import { fromRows, type Matrix, rowOf } from '../model/matrix';
import type { OnnxModel } from '../model/regressor';
import type { RunTable } from '../model/study';
import { networkAt, networkFile, runtime } from '../onnx/onnx.fixture';
import { openPredictor } from '../onnx/predictor';
import { assessStudy } from './assess';
import { alongDomain, partialDependence } from './effects';

const model: OnnxModel = { kind: 'onnx', id: 'network', features: 3 };
const predict: Predict = async (_, mixtures) => {
  const open = await openPredictor(runtime, { bytes: networkFile(), columns: [0, 1, 2] });
  return open.predict(mixtures).finally(() => open.close());
};

function tableOf(name: string, mixtures: Matrix, error: (row: number) => number): RunTable {
  const losses = Array.from({ length: mixtures.rows }, (_, row) => [
    networkAt(rowOf(mixtures, row)) + error(row),
  ]);
  return {
    name,
    ids: losses.map((_, row) => `${name} ${row}`),
    mixtures,
    losses: fromRows(losses),
  };
}

describe('an imported model', () => {
  const study = {
    targets: [{ id: 'loss', name: 'Loss', unit: '', direction: 'lower' as const }],
    training: tableOf(
      'training',
      runJob(sampleDirichlet(Float64Array.of(1, 1, 1), 40, 2)),
      (row) => (row % 2 === 0 ? 0.01 : -0.01),
    ),
    testSets: [tableOf('test', runJob(sampleDirichlet(Float64Array.of(1, 1, 1), 12, 9)), () => 0)],
  };

  it('is measured on the runs of a study by what onnxruntime predicts', async () => {
    const job = assessStudy(study, 'loss', 'imported', { seed: 1 }, new Map(), model);
    const assessed = await runJobWith(job, predict);
    expect(assessed.model).toEqual(model);
    assessed.outOfFold.forEach((value, row) => {
      expect(Math.abs(value - networkAt(rowOf(study.training.mixtures, row)))).toBeLessThan(1e-5);
    });
    expect(assessed.crossValidation.mae).toBeCloseTo(0.01, 4);
    expect(assessed.tests[0].statistics.rmse).toBeLessThan(1e-5);
    expect(assessed.importance.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(Math.min(...assessed.importance)).toBeGreaterThan(0);
  });

  it('is not measured on a run that diverged, which is named', async () => {
    const { training } = study;
    const losses = { ...training.losses, values: training.losses.values.slice() };
    losses.values[7] = 40;
    const changed = { ...study, training: { ...training, losses } };
    const job = assessStudy(changed, 'loss', 'imported', { seed: 1 }, new Map(), model);
    const assessed = await runJobWith(job, predict);
    expect(assessed.outliers).toEqual([7]);
    expect(assessed.crossValidation).toMatchObject({ n: 39, mixtures: 39 });
    expect(assessed.crossValidation.mae).toBeCloseTo(0.01, 4);
  });

  it('has dependence curves', async () => {
    const at = Float64Array.of(0.5, 0.3, 0.2);
    const curves = await runJobWith(partialDependence(model, at, []), predict);
    expect(curves).toHaveLength(3);
    curves.forEach(({ weights, predicted, low }, domain) => {
      expect(low).toBeNull();
      weights.forEach((weight, step) => {
        const expected = networkAt(alongDomain(at, domain, weight));
        expect(Math.abs(predicted[step] - expected)).toBeLessThan(1e-5);
      });
    });
  });
});
