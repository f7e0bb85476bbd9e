import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { isWithin } from '../mixture/simplex';
import { runJob } from '../model/job';
import type { Bounds, Objective, ObjectiveTerm } from '../model/limits';
import { fromRows, rowOf } from '../model/matrix';
import { createRandomStream } from '../model/random';
import type { LinearModel, TreeModel } from '../model/regressor';
import type { RunTable, Target } from '../model/study';
import { boost } from '../regression/gbdt/boosting';
import { proposeForStudy, type StudyProposalRequest } from './propose-study';

/** Runs scatter by this about planes. */
const noise = 0.02;
const runs = 200;
const mixtures = runJob(sampleDirichlet(Float64Array.of(0.6, 0.5, 0.4), runs, 3));
const stream = createRandomStream(8);
const losses = fromRows(
  Array.from({ length: runs }, (_, row) => {
    const [a, b, c] = rowOf(mixtures, row);
    const scatter = () => noise * stream.normal();
    return [3 - a - 0.5 * b + scatter(), 2 + b + 0.4 * c + scatter()];
  }),
);
const training: RunTable = {
  name: 'training',
  ids: Array.from({ length: runs }, (_, row) => String(row)),
  mixtures,
  losses,
};
const targets: Target[] = [
  { id: 'loss', name: 'Loss', unit: '', direction: 'lower' },
  { id: 'score', name: 'Score', unit: '', direction: 'higher' },
];
const plane = (intercept: number, ...coefficients: number[]): LinearModel => ({
  kind: 'linear',
  intercept,
  coefficients: Float64Array.from(coefficients),
  penalty: 0,
});
const loss = plane(3, -1, -0.5, 0);
const score = plane(2, 0, 1, 0.4);
const term = (change: Partial<ObjectiveTerm> = {}): ObjectiveTerm => ({
  ...{ target: 'loss', model: loss, direction: 'lower', weight: 1, scale: 1 },
  ...change,
});
const objectiveOf = (...terms: readonly ObjectiveTerm[]): Objective => ({
  ...{ kind: 'weighted', terms, kl: 0, unique: null, seek: 'best' },
  prior: Float64Array.of(0.4, 0.3, 0.3),
});
const bounds: Bounds = {
  lower: new Float64Array(3),
  upper: Float64Array.of(0.6, 1, 1),
  source: ['max', 'none', 'none'],
};
/** The best within the bounds is 60% of the first, 40% of the second; by this refit the third is better. */
const turned = (gain: number) => plane(3, -1, -0.5, -0.5 - gain);
const proposing = (change: Partial<StudyProposalRequest> = {}) =>
  runJob(
    proposeForStudy({
      ...{ targets, training, objective: objectiveOf(term()), bounds, count: 16, seed: 1 },
      refits: [[loss], [turned(1)]],
      ...change,
    }),
  );

describe('what refits expect to gain', () => {
  it('is how much better their optima are to them than that of the fit, on average', () => {
    // By the second refit all of the third domain is at -1.5, 60 to 40 of the first two at -0.8.
    expect(proposing().gain).toBeCloseTo(0.7 / 2, 9);
    expect(proposing({ refits: [[loss]] }).gain).toBe(0);
  });

  it('decides over half of the round, by what so many runs can show: three errors of their mean', () => {
    const { resolution } = proposing();
    expect(resolution).toBeGreaterThan((0.9 * 3 * noise) / 4);
    expect(resolution).toBeLessThan((1.1 * 3 * noise) / 4);
    expect(proposing({ count: 64 }).resolution).toBeCloseTo(resolution / 2, 12);
    // 0.4 of the weight moves from the second domain to the third.
    for (const [factor, isRandom] of [
      [0.9, true],
      [1.1, false],
    ] as const) {
      const gain = (factor * resolution) / 0.4;
      const round = proposing({ refits: [[turned(gain)]] });
      expect(round.gain).toBeCloseTo(factor * resolution, 9);
      expect(round.isRandom).toBe(isRandom);
      expect(round.note.includes('A random round does as well here')).toBe(isRandom);
      const reasons = new Set(round.proposals.map(({ reason }) => reason));
      expect(reasons).toEqual(new Set(isRandom ? ['space'] : ['improvement', 'space']));
    }
  });

  it('is nothing that is known of regressors that are not refitted', () => {
    const { gain, isRandom, note, proposals } = proposing({ refits: [] });
    expect(gain).toBeNull();
    expect(isRandom).toBe(true);
    expect(note).toContain('not refitted');
    expect(proposals).toHaveLength(16);
    expect(proposals.every(({ sd }) => sd === null)).toBe(true);
  });

  it('is not asked of trees, whose predictions are given all the same', () => {
    const values = Float64Array.from({ length: runs }, (_, row) => losses.values[row * 2]);
    const trees: TreeModel = runJob(
      boost({ features: mixtures, values }, { rounds: 20, minRowsPerLeaf: 5 }),
    );
    const round = proposing({ objective: objectiveOf(term({ model: trees })), refits: [[trees]] });
    expect(round.gain).toBeNull();
    for (const { mean } of round.proposals) {
      expect(mean).toBeGreaterThan(1.9);
      expect(mean).toBeLessThan(3.1);
    }
  });
});

describe('a proposal', () => {
  it('lies within the limits, and the optima come first', () => {
    const { proposals } = proposing();
    for (const { weights } of proposals) {
      expect(isWithin(weights, bounds.lower, bounds.upper)).toBe(true);
    }
    expect(proposals[0].weights).toEqual(Float64Array.of(0.6, 0.4, 0));
    expect(proposals[2].weights).toEqual(Float64Array.of(0, 0, 1));
  });

  it('has the prediction of the fit, its spread over refits, and what they expect it to gain', () => {
    const { proposals } = proposing({ refits: [[loss], [turned(1)]] });
    const { mean, sd, expectedImprovement } = proposals[2];
    expect(mean).toBeCloseTo(3, 9);
    expect(sd).toBeCloseTo(0.75, 9);
    // The first refit expects it to be worse by 0.8, which counts as nothing.
    expect(expectedImprovement).toBeCloseTo(0.7 / 2, 9);
    expect(proposals[0].expectedImprovement).toBe(0);
  });

  it('of a score gains where it is higher', () => {
    const better = plane(2, 2, 1, 0.4);
    const objective = objectiveOf(term({ target: 'score', model: score, direction: 'higher' }));
    const { gain, proposals } = proposing({ objective, refits: [[better]] });
    // 60% of the first, now worth 2, in place of the second, worth 1.
    expect(gain).toBeCloseTo(0.6, 9);
    expect(proposals[0].mean).toBeCloseTo(3, 9);
    expect(proposals[2].expectedImprovement).toBeCloseTo(0.6, 9);
  });

  it('of several targets is judged by their weighted sum', () => {
    const terms = [
      term({ weight: 0.75, scale: 0.5 }),
      term({ target: 'score', model: score, direction: 'higher', weight: 0.25, scale: 2 }),
    ];
    const { proposals, resolution } = proposing({
      objective: objectiveOf(...terms),
      refits: [[loss, score]],
    });
    const [a, b, c] = proposals[1].weights;
    const expected = (0.75 / 0.5) * (3 - a - 0.5 * b) - (0.25 / 2) * (2 + b + 0.4 * c);
    expect(proposals[1].mean).toBeCloseTo(expected, 9);
    const error = (3 * noise * Math.hypot(0.75 / 0.5, 0.25 / 2)) / 4;
    expect(resolution / error).toBeGreaterThan(0.9);
    expect(resolution / error).toBeLessThan(1.1);
  });

  it('is the same where the worst is shown, and of the worst-off target too', () => {
    const worst: Objective = { ...objectiveOf(term()), seek: 'worst' };
    expect(proposing({ objective: worst })).toEqual(proposing());
    const terms = [term(), term({ target: 'score', model: score, direction: 'higher' })];
    const regret: Objective = { ...objectiveOf(...terms), kind: 'regret' };
    const { gain } = proposing({ objective: regret, refits: [[loss, score]] });
    expect(gain).toBeCloseTo(0, 4);
  });
});
