import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StageError } from '../../model/errors';
import { runJob } from '../../model/job';
import { fromRows, rowOf, zeros } from '../../model/matrix';
import type { Sample, TreeModel } from '../../model/regressor';
import { walkTrees } from '../predict';
import { syntheticSample } from '../synthetic.fixture';
import { binFeatures } from './bins';
import { type BoostOptions, boost, learningRate, truncate } from './boosting';

const grow = (sample: Sample, options: BoostOptions) => runJob(boost(sample, options));
const predict = (model: TreeModel, { features }: Sample) =>
  Float64Array.from({ length: features.rows }, (_, row) => walkTrees(model, rowOf(features, row)));

/** Small tables with ties in weights and values. */
const samples = fc.integer({ min: 4, max: 40 }).chain((n) =>
  fc.record({
    features: fc
      .array(fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 3, maxLength: 3 }), {
        minLength: n,
        maxLength: n,
      })
      .map((rows) => fromRows(rows.map((row) => row.map((step) => step / 12)))),
    values: fc
      .array(fc.integer({ min: -20, max: 20 }), { minLength: n, maxLength: n })
      .map((values) => Float64Array.from(values)),
  }),
);

/** The leaf that a row reaches in a tree, counted from the tree's first leaf. */
function leafOf(model: TreeModel, tree: number, row: Float64Array): number {
  let node = model.nodeStart[tree + 1] > model.nodeStart[tree] ? 0 : -1;
  while (node >= 0) {
    const at = model.nodeStart[tree] + node;
    const goesLeft = row[model.feature[at]] <= model.threshold[at];
    node = goesLeft ? model.left[at] : model.right[at];
  }
  return -1 - node;
}

describe('boost', () => {
  it('splits the root where the squared error falls most, over all domains and bounds', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 4 }), (sample, minRowsPerLeaf) => {
        const { features, values } = sample;
        const n = values.length;
        const mean = values.reduce((sum, value) => sum + value, 0) / n;
        const gainOf = (isLeft: readonly boolean[]) => {
          let left = 0;
          let count = 0;
          isLeft.forEach((goesLeft, row) => {
            if (!goesLeft) return;
            left += values[row] - mean;
            count++;
          });
          if (count < minRowsPerLeaf || n - count < minRowsPerLeaf) return 0;
          return (left * left) / count + (left * left) / (n - count);
        };
        const { upperBounds } = runJob(binFeatures(features));
        const gains = upperBounds.flatMap((bounds, feature) =>
          Array.from(bounds, (bound) =>
            gainOf(Array.from(values, (_, row) => rowOf(features, row)[feature] <= bound)),
          ),
        );
        const best = Math.max(...gains);
        const model = grow(sample, { rounds: 1, minRowsPerLeaf });
        // Differences below float32's precision of the gradients decide nothing.
        if (best < 1e-3) expect(model.gain.at(0) ?? 0).toBeLessThan(2e-3);
        else expect(model.gain[0] / best).toBeCloseTo(1, 4);
      }),
    );
  });

  it('moves every leaf a hundredth of the way to the mean of its runs', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const { features, values } = sample;
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const model = grow(sample, { rounds: 1, minRowsPerLeaf: 2 });
        const byLeaf = new Map<number, number[]>();
        values.forEach((value, row) => {
          const leaf = leafOf(model, 0, rowOf(features, row));
          byLeaf.set(leaf, [...(byLeaf.get(leaf) ?? []), value]);
        });
        expect(byLeaf.size).toBe(model.value.length);
        for (const [leaf, inside] of byLeaf) {
          if (model.value.length > 1) expect(inside.length).toBeGreaterThanOrEqual(2);
          const own = inside.reduce((sum, value) => sum + value, 0) / inside.length;
          expect(model.value[leaf]).toBeCloseTo(mean + learningRate * (own - mean), 6);
        }
      }),
    );
  });

  it('grows at most 31 leaves with the minimum rows in each, and fits ever closer', () => {
    const sample = syntheticSample(400, 6);
    const model = grow(sample, { rounds: 40, minRowsPerLeaf: 7 });
    let before = Number.POSITIVE_INFINITY;
    for (let tree = 0; tree < model.rounds; tree++) {
      const counts = new Map<number, number>();
      for (let row = 0; row < 400; row++) {
        const leaf = leafOf(model, tree, rowOf(sample.features, row));
        counts.set(leaf, (counts.get(leaf) ?? 0) + 1);
      }
      expect(counts.size).toBeLessThanOrEqual(31);
      expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(7);
      const predicted = predict(truncate(model, tree + 1), sample);
      const error = predicted.reduce(
        (sum, value, row) => sum + (value - sample.values[row]) ** 2,
        0,
      );
      expect(error).toBeLessThan(before);
      before = error;
    }
  });

  it('reports what the trees so far predict for watched rows, to the last bit', () => {
    const sample = syntheticSample(120, 5);
    const watch = syntheticSample(30, 5, { seed: 8 }).features;
    const seen: Float64Array[] = [];
    const model = grow(sample, {
      rounds: 25,
      minRowsPerLeaf: 5,
      watch,
      onRound: ({ watched }) => {
        seen.push(watched.slice());
        return true;
      },
    });
    expect(seen).toHaveLength(25);
    seen.forEach((watched, round) => {
      const sofar = truncate(model, round + 1);
      watched.forEach((value, row) => {
        expect(value).toBe(walkTrees(sofar, rowOf(watch, row)));
      });
    });
  });

  it('ends after the round in which `onRound` returns false', () => {
    const { rounds } = grow(syntheticSample(60, 4), {
      rounds: 100,
      minRowsPerLeaf: 5,
      onRound: ({ round }) => round < 7,
    });
    expect(rounds).toBe(7);
  });

  it('scales with the values: by a power of two exactly', () => {
    const sample = syntheticSample(100, 5);
    const doubled = { ...sample, values: sample.values.map((value) => value * 1024) };
    const options = { rounds: 50, minRowsPerLeaf: 5 };
    const predicted = predict(grow(sample, options), sample);
    predict(grow(doubled, options), doubled).forEach((value, row) => {
      expect(value).toBe(predicted[row] * 1024);
    });
  });

  it('predicts the mean when nothing can be split', () => {
    const sample = { features: zeros(6, 2), values: Float64Array.of(1, 2, 3, 4, 5, 6) };
    const model = grow(sample, { rounds: 100, minRowsPerLeaf: 1 });
    expect(model.rounds).toBe(1);
    expect(walkTrees(model, Float64Array.of(0.3, 0.7))).toBe(3.5);
  });

  it('refuses values that are not finite', () => {
    const features = syntheticSample(10, 3).features;
    const values = new Float64Array(10).fill(1);
    values[3] = Number.NaN;
    expect(() => grow({ features, values }, { rounds: 1, minRowsPerLeaf: 1 })).toThrow(StageError);
  });

  it('reports its rounds, never backwards', () => {
    const job = boost(syntheticSample(512, 17), { rounds: 60, minRowsPerLeaf: 20 });
    const told: number[] = [];
    for (let step = job.next(); !step.done; step = job.next()) {
      expect(step.value).toMatchObject({ total: 60, unit: 'rounds' });
      told.push(step.value.done);
    }
    expect(told.length).toBeGreaterThan(17);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBeGreaterThan(20);
  });
});
