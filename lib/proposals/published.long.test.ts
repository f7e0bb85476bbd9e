import { beforeAll, describe, expect, test } from 'vitest';
import { meanOfRuns } from '../mixture/prior';
import { sampleDirichlet } from '../mixture/sampling';
import { isWithin, projectToBounds } from '../mixture/simplex';
import { runJob } from '../model/job';
import { rowOf } from '../model/matrix';
import { createRandomStream } from '../model/random';
import { fitGaussianProcess } from '../regression/gp/fit';
import { createPosterior } from '../regression/gp/posterior';
import { evaluateSmooth } from '../regression/predict';
import {
  type PublishedRuns,
  publishedFolder,
  readPublishedRuns,
} from '../regression/published.fixture';
import { findRegressor } from '../regression/regressors';
import { sampleOf, targetSample } from '../regression/sample';
import { proposeMixtures } from './propose';

const known = 64;
const targets = ['pile_cc', 'wikipedia_en', 'pubmed_abstracts', 'stackexchange'];

describe.skipIf(publishedFolder === null)('a round after 64 of the published runs', () => {
  let published: PublishedRuns;
  // Not while tests are collected: that happens for skipped ones too, and the files may be missing.
  beforeAll(() => {
    published = readPublishedRuns(publishedFolder ?? '');
  });

  /** Judged by a regressor fitted to the other 448 runs only: the best of the 64 and of each round. */
  function play(target: string, caps: number) {
    const { training, targets: all } = published;
    const stream = createRandomStream(1);
    const order = training.ids
      .map((_, row) => ({ row, key: stream.uniform() }))
      .sort((a, b) => a.key - b.key)
      .map(({ row }) => row);
    const prior = meanOfRuns(training.mixtures).weights;
    const lower = new Float64Array(prior.length);
    const upper = prior.map((weight) => Math.min(1, caps * weight));
    const table = targetSample(
      training,
      all.findIndex(({ id }) => id === target),
      false,
    );
    const runs = sampleOf(table, Int32Array.from(order.slice(0, known)));
    const judge = runJob(
      findRegressor('mean').fit(sampleOf(table, Int32Array.from(order.slice(known))), { seed: 1 }),
    );
    if (judge.kind === 'trees') throw new Error('the mean of law and process was expected');
    const best = (mixtures: readonly Float64Array[]) =>
      Math.min(...mixtures.map((mixture) => evaluateSmooth(judge, mixture, null)));
    const request = {
      posterior: runJob(createPosterior(runJob(fitGaussianProcess(runs, { seed: 1 })))),
      direction: 'lower' as const,
      runs,
      bounds: { lower, upper },
      prior,
      // The engines of the optimum are not needed to see that candidates are chosen well.
      optimum: projectToBounds(prior, lower, upper),
      count: 16,
      seed: 1,
    };
    const round = runJob(proposeMixtures(request)).map(({ weights }) => weights);
    for (const mixture of round) expect(isWithin(mixture, lower, upper)).toBe(true);
    const random = runJob(sampleDirichlet(prior, 16, 7));
    return {
      before: best(
        Array.from({ length: known }, (_, row) => rowOf(runs.features, row)).filter((mixture) =>
          isWithin(mixture, lower, upper),
        ),
      ),
      round: best(round),
      random: best(
        Array.from({ length: random.rows }, (_, row) =>
          projectToBounds(rowOf(random, row), lower, upper),
        ),
      ),
    };
  }

  test.each([15, 4])(
    'finds better mixtures than random draws do, under caps of %d times the prior',
    (caps) => {
      const played = targets.map((target) => play(target, caps));
      for (const { round, before, random } of played) {
        expect(round).toBeLessThan(random);
        expect(round).toBeLessThan(before);
      }
      const gain = played.reduce(
        (sum, { before, round }) => sum + (before - round) / played.length,
        0,
      );
      expect(gain).toBeGreaterThan(0.08);
    },
  );
});
