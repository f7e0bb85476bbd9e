import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { runJob } from '../model/job';
import { type Matrix, rowOf } from '../model/matrix';
import { createRandomStream } from '../model/random';
import type { CorrectedLawModel, CrossFit, Direction, Sample } from '../model/regressor';
import { spearman, standardDeviation } from '../model/statistics';
import { correctedLaw } from './corrected';
import { evaluateSmooth, predictModel } from './predict';
import { findRegressor } from './regressors';
import { complementOf, sampleOf, splitMixtures } from './sample';
import { syntheticSample } from './synthetic.fixture';
import { weakTable } from './weak-tables.fixture';

function crossFit(sample: Sample, direction: Direction = 'lower', seed = 1): CrossFit {
  if (!correctedLaw.crossFit) throw new Error('it is fitted across folds');
  return runJob(correctedLaw.crossFit(sample, { seed, direction }));
}

function corrected({ model }: Pick<CrossFit, 'model'>): CorrectedLawModel {
  if (model.kind !== 'corrected') throw new Error(`found ${model.kind}`);
  return model;
}

/** Root mean squared errors out of fold: of the fit, and of the mean of the runs that it saw. */
function errorsOf(
  { features, values }: Sample,
  { outOfFold }: CrossFit,
): readonly [number, number] {
  const n = values.length;
  let ofFit = 0;
  let ofMean = 0;
  for (const rows of runJob(splitMixtures(features, 10, 1))) {
    const rest = complementOf(rows, n);
    const mean = rest.reduce((sum, row) => sum + values[row] / rest.length, 0);
    for (const row of rows) {
      ofFit += (outOfFold[row] - values[row]) ** 2;
      ofMean += (mean - values[row]) ** 2;
    }
  }
  return [Math.sqrt(ofFit / n), Math.sqrt(ofMean / n)];
}

function predict(model: CorrectedLawModel, mixtures: Matrix): Float64Array {
  return runJob(predictModel(model, mixtures));
}

/** Every domain alone, and the uniform mixture. */
function extremes(domains: number): Matrix {
  const values = new Float64Array((domains + 1) * domains).fill(1 / domains);
  values.fill(0, 0, domains * domains);
  for (let domain = 0; domain < domains; domain++) values[domain * domains + domain] = 1;
  return { rows: domains + 1, columns: domains, values };
}

describe('the corrected law', () => {
  it.each([0.01, 0.2])('ranks as its cheaper fit for ranks does, with noise of %d', (noise) => {
    const sample = syntheticSample(40, 5, { noise });
    const { features } = syntheticSample(300, 5, { seed: 9 });
    const whole = corrected(crossFit(sample));
    if (!correctedLaw.fitRanks) throw new Error('it ranks without folds');
    const cheaper = runJob(correctedLaw.fitRanks(sample, { seed: 1, direction: 'lower' }));
    expect(whole.share).toBeGreaterThan(0);
    const ranks = runJob(predictModel(cheaper, features));
    expect(spearman(predict(whole, features), ranks)).toBeCloseTo(1, 12);
  });

  it('ranks unseen mixtures almost perfectly from forty runs', () => {
    const model = corrected(crossFit(syntheticSample(40, 5, { noise: 0.01 })));
    const unseen = syntheticSample(300, 5, { seed: 9, noise: 0 });
    expect(spearman(predict(model, unseen.features), unseen.values)).toBeGreaterThan(0.97);
    expect(model.share).toBeGreaterThan(0.9);
  });

  it('ranks mixtures beyond its runs, where a process alone returns to its mean', () => {
    const whole = syntheticSample(400, 5, { noise: 0.01 });
    const first = (row: number) => rowOf(whole.features, row)[0];
    const order = Int32Array.from(whole.values.keys()).sort((a, b) => first(a) - first(b));
    const seen = sampleOf(whole, order.slice(0, 100).sort());
    const beyond = sampleOf(whole, order.slice(320));
    const rho = (id: string) => {
      const model = runJob(findRegressor(id).fit(seen, { seed: 1 }));
      return spearman(runJob(predictModel(model, beyond.features)), beyond.values);
    };
    expect(rho('law+gp')).toBeGreaterThan(0.9);
    expect(rho('law+gp')).toBeGreaterThan(rho('gp'));
  });

  it.each([20, 60, 140])('says the mean of %i runs that mixtures do not tell apart', (rows) => {
    const { features } = syntheticSample(rows, 6);
    const random = createRandomStream(rows);
    const values = Float64Array.from({ length: rows }, () => 3 + 0.1 * random.normal());
    const fit = crossFit({ features, values });
    const [ofFit, ofMean] = errorsOf({ features, values }, fit);
    expect(ofFit).toBeLessThan(1.05 * ofMean);
    expect(corrected(fit).share).toBeLessThan(0.3);
  });

  it('is hardly ever worse than the mean where signals are weak', () => {
    const ratios = Array.from({ length: 40 }, (_, seed) => {
      const { sample, direction } = weakTable(seed + 1);
      const [ofFit, ofMean] = errorsOf(sample, crossFit(sample, direction));
      return ofFit / ofMean;
    }).sort((a, b) => a - b);
    expect(ratios[37]).toBeLessThan(1.05);
    expect(ratios[39]).toBeLessThan(1.2);
  });

  it('predicts nothing a spread beyond the runs, not even for a domain alone', () => {
    for (let seed = 1; seed <= 15; seed++) {
      const { sample, direction } = weakTable(seed);
      const spread = standardDeviation(sample.values);
      const law = runJob(findRegressor('law').fit(sample, { seed: 1, direction }));
      for (const model of [corrected(crossFit(sample, direction)), law]) {
        const predicted = runJob(predictModel(model, extremes(sample.features.columns)));
        expect(Math.min(...predicted)).toBeGreaterThanOrEqual(Math.min(...sample.values) - spread);
        expect(Math.max(...predicted)).toBeLessThanOrEqual(Math.max(...sample.values) + spread);
      }
    }
  });

  it('has the gradient that finite differences give, within its range and where it bends', () => {
    const fit = corrected(crossFit(syntheticSample(40, 4)));
    const { low, slack } = fit.range;
    const tight = { ...fit, range: { low, slack, high: low + 3 * slack } };
    for (const model of [fit, { ...fit, share: 0.4 }, tight]) {
      const mixtures = runJob(sampleDirichlet(new Float64Array(4).fill(2), 20, 3));
      for (let row = 0; row < mixtures.rows; row++) {
        const mixture = rowOf(mixtures, row);
        const gradient = new Float64Array(4);
        evaluateSmooth(model, mixture, gradient);
        gradient.forEach((slope, domain) => {
          const at = (step: number) =>
            evaluateSmooth(
              model,
              mixture.map((weight, index) => weight + (index === domain ? step : 0)),
              null,
            );
          const difference = (at(1e-6) - at(-1e-6)) / 2e-6;
          expect(Math.abs(slope - difference)).toBeLessThan(1e-4 * (1 + Math.abs(slope)));
        });
      }
    }
  });

  it('predicts alike whatever the unit, and a score as the mirrored loss', () => {
    const sample = syntheticSample(40, 4);
    const unseen = syntheticSample(30, 4, { seed: 5 }).features;
    const plain = predict(corrected(crossFit(sample)), unseen);
    const scaled = { ...sample, values: sample.values.map((value) => 100 * value - 7) };
    predict(corrected(crossFit(scaled)), unseen).forEach((value, row) => {
      expect(Math.abs(value - (100 * plain[row] - 7))).toBeLessThan(1e-2);
    });
    const mirrored = { ...sample, values: sample.values.map((value) => 10 - value) };
    predict(corrected(crossFit(mirrored, 'higher')), unseen).forEach((value, row) => {
      expect(Math.abs(value - (10 - plain[row]))).toBeLessThan(1e-4);
    });
  });

  it('depends on nothing but its rows and its seed', () => {
    const sample = syntheticSample(30, 4);
    expect(crossFit(sample)).toEqual(crossFit(sample));
  });

  it('keeps its share, and stays close, when it is fitted to its own runs again', () => {
    const sample = syntheticSample(60, 4);
    const model = corrected(crossFit(sample));
    const again = runJob(correctedLaw.refit?.(sample, model, { seed: 1 }) ?? expect.fail());
    const unseen = syntheticSample(30, 4, { seed: 5 }).features;
    const spread = standardDeviation(sample.values);
    const before = predict(model, unseen);
    predict(corrected({ model: again }), unseen).forEach((value, row) => {
      expect(Math.abs(value - before[row])).toBeLessThan(0.05 * spread);
    });
  });
});
