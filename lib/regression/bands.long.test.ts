import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { runJob } from '../model/job';
import { fromRows, type Matrix, rowOf, selectRows } from '../model/matrix';
import { createRandomStream } from '../model/random';
import type { Assessment, RegressorId } from '../model/regressor';
import { assess } from './assess';
import { coverageOf } from './bands';
import { publishedFolder, readPublishedRuns } from './published.fixture';
import { pickRows, sampleOf, type TargetRows, targetSample } from './sample';
import { testSignal } from './signal';

function assessed(regressor: RegressorId, training: TargetRows, unseen: TargetRows): Assessment {
  const tests = [{ name: 'unseen', ...unseen }];
  return runJob(assess({ regressor, target: 'a', training, tests, options: { seed: 1 } }));
}

describe.skipIf(publishedFolder === null)('bands on the published runs', () => {
  const runs = publishedFolder === null ? null : readPublishedRuns(publishedFolder);

  /** Per subset of so many training runs and target: the fit, and its share in every fifth of predicted loss. */
  function shares(regressor: RegressorId, n: number, subsets: number) {
    if (!runs) return [];
    return Array.from({ length: subsets }, (_, subset) => pickRows(512, n, 101 + subset)).flatMap(
      (rows) =>
        runs.targets.map((_, target) => {
          const training = sampleOf(targetSample(runs.training, target, false), rows);
          const unseen = targetSample(runs.test, target, false);
          const { bands, tests } = assessed(regressor, training, unseen);
          return { held: tests[0].coverage, fifths: byFifth(bands, tests[0].predicted, unseen) };
        }),
    );
  }

  function byFifth(bands: Assessment['bands'], predicted: Float64Array, { values }: TargetRows) {
    const order = Array.from(predicted.keys()).sort((a, b) => predicted[a] - predicted[b]);
    return Array.from({ length: 5 }, (_, fifth) => {
      const start = Math.floor((fifth * order.length) / 5);
      const places = order.slice(start, Math.floor(((fifth + 1) * order.length) / 5));
      const part = {
        predicted: Float64Array.from(places, (place) => predicted[place]),
        measured: Float64Array.from(places, (place) => values[place]),
      };
      return coverageOf(bands, part)[90] ?? 0;
    });
  }

  it.each([
    ['law+gp', 16, 6],
    ['law+gp', 32, 4],
    ['law+gp', 64, 3],
    ['law+gp', 128, 2],
    ['law+gp', 512, 1],
    ['law', 16, 6],
    ['law', 32, 4],
    ['law', 128, 2],
    ['law', 512, 1],
    ['gp', 32, 2],
    ['gp', 512, 1],
    ['mean', 32, 2],
    ['mean', 512, 1],
  ] as const)(
    'of 90%% by %s of %d runs hold 87 to 95%% of the unseen ones, in %d subsets',
    (regressor, n, subsets) => {
      const found = shares(regressor, n, subsets);
      const held = meanOf(found.map((one) => one.held[90] ?? 0));
      expect(percent(held)).toBeGreaterThanOrEqual(87);
      expect(percent(held)).toBeLessThanOrEqual(95);
      if (n < 19) expect(found[0].held[95]).toBeNull();
      if (n < 128) return;
      for (let fifth = 0; fifth < 5; fifth++) {
        const share = percent(meanOf(found.map((one) => one.fifths[fifth])));
        expect(share).toBeGreaterThanOrEqual(85);
        expect(share).toBeLessThanOrEqual(98);
      }
    },
  );

  it('come with a signal from 16 runs on', () => {
    if (!runs) return;
    const signals = (n: number) =>
      Array.from({ length: 6 }, (_, subset) => pickRows(512, n, 101 + subset)).flatMap((rows) =>
        runs.targets.map((_, target) => {
          const sample = sampleOf(targetSample(runs.training, target, false), rows);
          return runJob(testSignal(sample, 1)).p;
        }),
      );
    const share = (ps: readonly number[]) => ps.filter((p) => p <= 0.05).length / ps.length;
    expect(share(signals(16))).toBeGreaterThan(0.85);
    expect(Math.max(...signals(32))).toBeLessThanOrEqual(0.02);
    expect(Math.max(...signals(64))).toBe(0.001);
  });
});

describe('bands on known truth', () => {
  const noise = 0.02;

  /** Runs of random mixtures under a random law, and unseen ones. */
  function tables(domains: number, mixtures: number, repeats: number, seed: number) {
    const random = createRandomStream(seed);
    const amounts = Array.from({ length: domains }, () => Math.exp(random.normal() - 1.5));
    const powers = amounts.map(() => 0.35 + 0.4 * random.uniform());
    const truth = (weights: Float64Array) =>
      2 + amounts.reduce((sum, a, i) => sum + a * (weights[i] + 1e-4) ** powers[i], 0.15) ** -0.5;
    const drawn = runJob(
      sampleDirichlet(new Float64Array(domains).fill(2 / domains), mixtures + 200, seed),
    );
    const measured = (features: Matrix): TargetRows => ({
      features,
      values: Float64Array.from(
        { length: features.rows },
        (_, row) => truth(rowOf(features, row)) + noise * random.normal(),
      ),
    });
    const rows = Int32Array.from({ length: mixtures * repeats }, (_, row) => row % mixtures);
    const others = Array.from({ length: 200 }, (_, row) => rowOf(drawn, mixtures + row));
    return [measured(selectRows(drawn, rows)), measured(fromRows(others))] as const;
  }

  it.each(['law+gp', 'law', 'gp', 'mean'] as const)(
    'of 90%% by %s of sixteen mixtures with four seeds each hold at least 85%%',
    (regressor) => {
      const held = Array.from({ length: 8 }, (_, seed) => {
        const [training, unseen] = tables(8, 16, 4, seed + 1);
        const { bands, tests } = assessed(regressor, training, unseen);
        expect(bands.rows).toBe('out-of-fold');
        expect(bands.halfWidths[95]).toBeNull();
        return tests[0].coverage[90] ?? 0;
      });
      expect(meanOf(held)).toBeGreaterThanOrEqual(0.85);
    },
  );

  it('of 90% by a law of more parameters than runs hold at least 80%', () => {
    const held = Array.from({ length: 8 }, (_, seed) => {
      const [training, unseen] = tables(40, 24, 1, seed + 1);
      return assessed('law', training, unseen).tests[0].coverage[90] ?? 0;
    });
    expect(meanOf(held)).toBeGreaterThanOrEqual(0.8);
  });
});

function percent(share: number): number {
  return Math.round(100 * share);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
