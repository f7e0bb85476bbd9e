import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Job, runJob } from '../model/job';
import { fromRows, rowOf } from '../model/matrix';
import { createRandomStream } from '../model/random';
import type { Model, TreeModel } from '../model/regressor';
import { boost } from './gbdt/boosting';
import { predictModel, predictRow } from './predict';
import { syntheticSample } from './synthetic.fixture';

function expectSameAsRowByRow(model: Model, features: ReturnType<typeof fromRows>): void {
  const predicted = runJob(predictModel(model, features));
  expect(predicted).toHaveLength(features.rows);
  predicted.forEach((value, row) => {
    expect(value).toBe(predictRow(model, rowOf(features, row)));
  });
}

/** A tree whose left spine tests x[0] against falling thresholds: `leaves` leaves, too many for a word. */
function spine(leaves: number): TreeModel {
  const nodes = Array.from({ length: leaves - 1 }, (_, node) => node);
  return {
    kind: 'trees',
    features: 1,
    rounds: 1,
    nodeStart: Int32Array.of(0, nodes.length),
    leafStart: Int32Array.of(0, leaves),
    feature: new Int32Array(nodes.length),
    threshold: Float64Array.from(nodes, (node) => 1 - node / leaves),
    left: Int32Array.from(nodes, (node) => (node + 1 < nodes.length ? node + 1 : -leaves)),
    right: Int32Array.from(nodes, (node) => -1 - node),
    gain: new Float64Array(nodes.length),
    value: Float64Array.from({ length: leaves }, (_, leaf) => leaf),
  };
}

describe('predictModel', () => {
  const options = fc.record({
    rows: fc.integer({ min: 20, max: 150 }),
    domains: fc.integer({ min: 1, max: 8 }),
    rounds: fc.integer({ min: 1, max: 150 }),
    minRowsPerLeaf: fc.integer({ min: 1, max: 8 }),
    seed: fc.nat({ max: 1000 }),
  });

  it('is predictRow to the last bit for any trees, also right on a threshold', () => {
    fc.assert(
      fc.property(options, ({ rows, domains, rounds, minRowsPerLeaf, seed }) => {
        const sample = syntheticSample(rows, domains, { seed });
        const model = runJob(boost(sample, { rounds, minRowsPerLeaf }));
        const stream = createRandomStream(seed);
        const anyThreshold = () => {
          const at = Math.floor(stream.uniform() * model.threshold.length);
          return model.threshold.at(at) ?? 0;
        };
        const others = Array.from({ length: 300 }, () =>
          Array.from({ length: domains }, () =>
            stream.uniform() < 0.5 ? anyThreshold() : stream.uniform() * 1.2 - 0.1,
          ),
        );
        expectSameAsRowByRow(model, fromRows(others));
      }),
      { numRuns: 40 },
    );
  });

  it('walks trees that are too large for masks', () => {
    const features = fromRows(Array.from({ length: 500 }, (_, row) => [row / 400]));
    expectSameAsRowByRow(spine(40), features);
    const predicted = runJob(predictModel(spine(40), features));
    expect(predicted[0]).toBe(39);
    expect(predicted[499]).toBe(0);
    expect(new Set(predicted).size).toBe(40);
  });

  it('uses all 32 leaves of a word', () => {
    const features = fromRows(Array.from({ length: 500 }, (_, row) => [row / 400]));
    expectSameAsRowByRow(spine(32), features);
    expect(new Set(runJob(predictModel(spine(32), features))).size).toBe(32);
  });

  it('is a sum of products for linear models', () => {
    const model: Model = {
      kind: 'linear',
      intercept: 2,
      coefficients: Float64Array.of(4, -8),
      penalty: 0,
    };
    const features = fromRows([
      [0.5, 0.25],
      [0, 1],
    ]);
    expect(Array.from(runJob(predictModel(model, features)))).toEqual([2, -6]);
    expectSameAsRowByRow(model, features);
  });

  it('gives nothing for no rows', () => {
    const model = runJob(boost(syntheticSample(50, 3), { rounds: 3, minRowsPerLeaf: 5 }));
    expect(runJob(predictModel(model, fromRows([])))).toHaveLength(0);
  });

  it('reports mixtures done, never backwards, often enough to be cancelled', () => {
    const sample = syntheticSample(200, 6);
    const model = runJob(boost(sample, { rounds: 100, minRowsPerLeaf: 5 }));
    const job: Job<Float64Array> = predictModel(model, syntheticSample(30_000, 6).features);
    const told: number[] = [];
    for (let step = job.next(); !step.done; step = job.next()) {
      expect(step.value).toMatchObject({ total: 30_000, unit: 'mixtures' });
      told.push(step.value.done);
    }
    expect(told.length).toBeGreaterThan(8);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });
});
