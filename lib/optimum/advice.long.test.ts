import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { runJob } from '../model/job';
import type { Advice } from '../model/limits';
import { type Matrix, rowOf, selectRows } from '../model/matrix';
import { createRandomStream } from '../model/random';
import type { Direction } from '../model/regressor';
import { assess } from '../regression/assess';
import { publishedFolder, readPublishedRuns } from '../regression/published.fixture';
import { targetSample } from '../regression/sample';
import { publishedMixtures } from '../study/published';
import { adviceOn } from './advice';
import { capsOf } from './known-truth.fixture';
import { bounds, problemOf } from './problem.fixture';
import { createSolver, prepareParts } from './solver';

/** A made-up study: its optimum within the largest weights tried, and what training on it would bring. */
interface MadeUp {
  readonly advice: Advice;
  /** True gain over the prior, > 0 where the optimum is better. */
  readonly gain: number;
}

/**
 * Runs of 3 to 12 domains, half of which mean nothing to the target, by a law of diminishing returns with an
 * interaction in half of the studies; losses and scores.
 *
 * @param noise standard deviation of the noise, in spreads of the noise-free values; Infinity = noise alone
 */
function madeUp(seed: number, noise: (uniform: number) => number): MadeUp {
  const random = createRandomStream(seed);
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const domains = Math.floor(between(3, 13));
  const n = Math.floor(between(15, 61));
  const direction: Direction = random.uniform() < 0.3 ? 'higher' : 'lower';
  const sizes = Array.from({ length: domains }, () => random.exponential() + 0.1);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const prior = Float64Array.from(sizes, (size) => size / total);
  const features = runJob(
    sampleDirichlet(
      prior.map((share) => 5 * share),
      n,
      seed,
    ),
  );
  const amounts = sizes.map((_, domain) =>
    domain === 0 || random.uniform() < 0.5 ? random.exponential() : 0,
  );
  const power = between(0.3, 0.9);
  const exponent = between(0.2, 1);
  const bump = random.uniform() < 0.5 ? between(-4, 4) : 0;
  const sign = direction === 'lower' ? 1 : -1;
  const truth = (mixture: Float64Array) => {
    const data = mixture.reduce(
      (sum, weight, domain) => sum + amounts[domain] * (weight + 0.003) ** power,
      0.05,
    );
    return sign * (2 + data ** -exponent + bump * mixture[0] * mixture[domains - 1]);
  };
  const clean = Float64Array.from({ length: n }, (_, row) => truth(rowOf(features, row)));
  const mean = clean.reduce((sum, value) => sum + value / n, 0);
  const spread = Math.sqrt(clean.reduce((sum, value) => sum + (value - mean) ** 2 / n, 0));
  const level = noise(random.uniform());
  const isNoise = level === Number.POSITIVE_INFINITY;
  const values = clean.map(
    (value) => (isNoise ? mean : value) + (isNoise ? 1 : level) * spread * random.normal(),
  );
  const { found, advice } = advised(features, values, prior, direction, largest(features));
  const [held, start] = [found.optimum.weights, prior].map(truth);
  return { advice, gain: isNoise ? 0 : sign * (start - held) };
}

function largest({ rows, columns, values }: Matrix): Float64Array {
  const upper = new Float64Array(columns);
  for (let index = 0; index < rows * columns; index++) {
    upper[index % columns] = Math.max(upper[index % columns], values[index]);
  }
  return upper;
}

function advised(
  features: Matrix,
  values: Float64Array,
  prior: Float64Array,
  direction: Direction,
  upper: Float64Array,
) {
  const options = { seed: 1, direction };
  const fit = runJob(
    assess({
      regressor: 'law+gp',
      target: 'first',
      training: { features, values },
      tests: [],
      options,
    }),
  );
  const problem = problemOf(fit.model, features, prior, direction);
  const solver = runJob(createSolver(problem, runJob(prepareParts(problem))));
  const found = runJob(
    solver.solve(
      'gradient',
      bounds(
        prior.map(() => 0),
        upper,
      ),
      128,
    ),
  );
  const { objective } = problem;
  const asked = { objective, fits: [fit], found, isPreliminary: false, mayHaveSeenRuns: false };
  return { found, advice: adviceOn(asked) };
}

describe('verbs on made-up studies', () => {
  const studies = (noise: (uniform: number) => number) =>
    Array.from({ length: 200 }, (_, study) => madeUp(1_000 + study, noise));
  const share = (of: readonly MadeUp[], holds: (one: MadeUp) => boolean) =>
    of.filter(holds).length / of.length;
  const by = (all: readonly MadeUp[], verb: Advice['verb']) =>
    all.filter(({ advice }) => advice.verb === verb);

  it('train only on what beats the prior, whatever the noise', () => {
    const trained = by(
      studies((uniform) => 0.05 + 1.95 * uniform),
      'train',
    );
    expect(trained.length).toBeGreaterThan(10);
    expect(share(trained, ({ gain }) => gain > 0)).toBeGreaterThanOrEqual(0.95);
  });

  it('take no advice from noise', () => {
    const noise = studies(() => Number.POSITIVE_INFINITY);
    expect(share(noise, ({ advice }) => advice.verb === 'none')).toBeGreaterThanOrEqual(0.9);
    expect(by(noise, 'train')).toEqual([]);
  });

  it('take runs of one mixture for one: five mixtures are too few, noise of twenty is no signal', () => {
    const repeated = (mixtures: number, seed: number): Advice['verb'] => {
      const random = createRandomStream(seed);
      const prior = Float64Array.of(0.4, 0.3, 0.2, 0.1);
      const concentration = prior.map((share) => 5 * share);
      const once = runJob(sampleDirichlet(concentration, mixtures, seed));
      const shared = Array.from({ length: mixtures }, () => random.normal());
      const rows = Int32Array.from({ length: 8 * mixtures }, (_, row) => row % mixtures);
      const values = Float64Array.from(rows, (at) => 3 + shared[at] + 0.2 * random.normal());
      const features = selectRows(once, rows);
      return advised(features, values, prior, 'lower', largest(features)).advice.verb;
    };
    const verbs = (mixtures: number, studies: number) =>
      Array.from({ length: studies }, (_, study) => repeated(mixtures, 3_000 + study));
    expect(new Set(verbs(5, 12))).toEqual(new Set(['none']));
    const noise = verbs(20, 60);
    expect(noise.filter((verb) => verb !== 'none').length).toBeLessThanOrEqual(6);
    expect(noise).not.toContain('train');
  });

  it('take advice from runs with little noise', () => {
    const good = studies((uniform) => 0.02 + 0.13 * uniform);
    expect(share(good, ({ advice }) => advice.verb !== 'none')).toBeGreaterThanOrEqual(0.95);
    expect(share(good, ({ advice }) => advice.verb === 'train')).toBeGreaterThanOrEqual(0.3);
  });
});

describe.skipIf(publishedFolder === null)('verbs on the published runs', () => {
  it('are to train under caps of 4 times the prior, for every target', () => {
    const { training, targets, domains } = readPublishedRuns(publishedFolder ?? '');
    const prior = publishedMixtures(domains)?.prior ?? new Float64Array();
    const { upper } = capsOf(prior, 4);
    const verbs = targets.map(({ direction }, place) => {
      const { features, values } = targetSample(training, place, false);
      return advised(features, values, prior, direction, upper).advice.verb;
    });
    expect(verbs).toEqual(targets.map(() => 'train'));
  });
});
