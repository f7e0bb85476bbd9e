import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withWeight } from '../mixture/simplex';
import { fromRows } from '../model/matrix';
import { unlimited } from '../model/settings';
import { boundsOf } from '../optimum/constraints';
import { smallSession } from '../study/session.fixture';
import { renamed, withAttempt, withoutAttempt } from './attempts';
import {
  brokenLimits,
  describeBrokenLimits,
  differenceFrom,
  differenceText,
  type Entry,
  entriesOf,
  standingsOf,
} from './standings';
import { trainedMixtures, trainingOf } from './trained';

const domains = ['English', 'German', 'French'].map((name) => ({ id: name.toLowerCase(), name }));

describe('one weight set', () => {
  it('keeps the proportions of the others', () => {
    const weights = withWeight([0.5, 0.3, 0.2], 0, 0.75);
    expect(weights[0]).toBe(0.75);
    expect(weights[1]).toBeCloseTo(0.15, 12);
    expect(weights[2]).toBeCloseTo(0.1, 12);
  });

  it('keeps what is held, and gives no more than that leaves', () => {
    const weights = withWeight([0.5, 0.3, 0.2], 0, 0.9, new Set([1]));
    expect(weights[1]).toBe(0.3);
    expect(weights[0]).toBeCloseTo(0.7, 12);
    expect(weights[2]).toBeCloseTo(0, 12);
    expect(withWeight([0.5, 0.3, 0.2], 0, 0.1, new Set([1, 2]))[0]).toBeCloseTo(0.5, 12);
  });

  it('shares equally where the others had nothing', () => {
    const weights = withWeight([1, 0, 0], 0, 0.4);
    expect(weights[1]).toBeCloseTo(0.3, 12);
    expect(weights[2]).toBeCloseTo(0.3, 12);
  });

  it('gives a mixture for any weight', () => {
    const parts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 2,
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        parts.filter((each) => each.some((part) => part > 1e-6)),
        fc.nat(7),
        fc.double({ min: -1, max: 2, noNaN: true }),
        fc.array(fc.nat(7)),
        (raw, at, weight, held) => {
          const total = raw.reduce((sum, part) => sum + part, 0);
          const domain = at % raw.length;
          const mixture = withWeight(
            raw.map((part) => part / total),
            domain,
            weight,
            new Set(held),
          );
          expect(mixture.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 9);
          expect(Math.min(...mixture)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe('limits that a mixture breaks', () => {
  const limits = {
    ...unlimited(3),
    max: [0.12, null, null],
    min: [0, 0.2, 0],
    locked: [null, null, 0.5],
  };
  const bounds = boundsOf(limits, null);

  it('are named with their bound', () => {
    const broken = brokenLimits([0.5, 0.1, 0.4], bounds);
    expect(broken.map(({ kind }) => kind)).toEqual(['cap', 'floor', 'lock']);
    expect(describeBrokenLimits(domains, broken)).toBe(
      'English is above its cap of 12.0%, German is below its least weight of 20.0% and French is not at its lock of 50.0%',
    );
    expect(describeBrokenLimits(domains, broken, 1)).toBe(
      'English is above its cap of 12.0% and 2 more',
    );
  });

  it('name what was tried as such', () => {
    const { study } = smallSession();
    const tried = boundsOf(unlimited(2), study);
    const broken = brokenLimits([0.05, 0.95], tried);
    expect(describeBrokenLimits(study.domains, broken)).toContain(
      'is above the largest weight tried of 90.0%',
    );
  });

  it('are none at the bounds themselves', () => {
    expect(brokenLimits([0.12, 0.38, 0.5], bounds)).toEqual([]);
    expect(describeBrokenLimits(domains, [])).toBe('');
  });
});

describe('standings', () => {
  const entry = (key: string, first: number): Entry => ({
    key,
    kind: 'attempt',
    name: key,
    weights: Float64Array.of(first, 1 - first),
  });
  const free = boundsOf(unlimited(2), null);
  const scorer = {
    score: ([first]: Float64Array) => first,
    predictions: ([first]: Float64Array) => [first],
  };
  const ranks = (entries: Entry[], bounds = free) =>
    standingsOf(entries, scorer, bounds).map(({ key, rank }) => [key, rank]);

  it('rank the lowest score first, equal scores alike', () => {
    expect(ranks([entry('d', 0.9), entry('b', 0.4), entry('c', 0.4), entry('a', 0.1)])).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 2],
      ['d', 4],
    ]);
  });

  it('give no rank to what breaks a limit, and take none from others', () => {
    const bounds = boundsOf({ ...unlimited(2), min: [0.3, 0] }, null);
    expect(ranks([entry('a', 0.1), entry('b', 0.4), entry('c', 0.5)], bounds)).toEqual([
      ['a', null],
      ['b', 1],
      ['c', 2],
    ]);
  });

  it('put what has no score last, without a rank', () => {
    expect(ranks([entry('x', Number.NaN), entry('a', 0.1)])).toEqual([
      ['a', 1],
      ['x', null],
    ]);
  });
});

describe('how a mixture differs from the optimum', () => {
  const difference = differenceFrom([0.2, 0.7, 0.1], [0.5, 0.3, 0.2], 0.1234);

  it('is told by the predicted value and the domain with the largest difference', () => {
    expect(difference).toEqual({ domain: 1, own: 0.3, best: 0.7, gain: 0.1234 });
    if (!difference) return;
    expect(differenceText(domains, difference, { name: 'French loss', unit: 'nats' })).toBe(
      'French loss is predicted 0.123 nats better at the optimum than at your mixture. They differ most in German: 30.0% in yours, 70.0% in the optimum.',
    );
    // A mixture that breaks limits may be predicted better than the optimum within them.
    expect(differenceText(domains, { ...difference, gain: -0.02 }, null)).toMatch(
      /^The objective is predicted 0\.020 worse at the optimum/,
    );
  });

  it('is none of the optimum itself, and while there is no prediction', () => {
    expect(differenceFrom([0.4, 0.6], [0.4, 0.6], 0)).toBeNull();
    expect(differenceFrom([0.4, 0.6], [0.6, 0.4], Number.NaN)).toBeNull();
  });
});

describe('entries', () => {
  const { study, settings } = smallSession();
  const terms = [{ target: 'loss', direction: 'lower', weight: 1, scale: 1 } as const];

  it('are the attempts and what the study has to compare with', () => {
    const { attempts = [] } = withAttempt(settings, 'Mine', [0.5, 0.5]);
    const optimum = { name: 'the optimum', weights: Float64Array.of(1, 0) };
    const entries = entriesOf(
      study,
      attempts,
      terms,
      boundsOf(settings.constraints, study),
      optimum,
    );
    expect(entries.map(({ key }) => key)).toEqual([
      'attempt 1',
      'optimum',
      'prior',
      'uniform',
      'run',
    ]);
    // Losses of the study fall with the share of its first domain: its last run is the best.
    expect(entries.at(-1)).toMatchObject({ name: 'best run (run 7)', measured: 3 - 0.8 });
    expect(entriesOf(study, [], terms, boundsOf(settings.constraints, study), null)).toHaveLength(
      3,
    );
  });

  it('take the best run within the limits, one that keeps none only where none does', () => {
    const best = (max: number) =>
      entriesOf(
        study,
        [],
        terms,
        boundsOf({ ...settings.constraints, max: [max, null] }, study),
        null,
      ).at(-1)?.name;
    expect(best(0.55)).toBe('best run (run 4)');
    expect(best(0.05)).toBe('best run (run 7)');
  });

  it('have no best run where a target was never measured', () => {
    const losses = fromRows(study.training.ids.map(() => [Number.NaN]));
    const unmeasured = { ...study, training: { ...study.training, losses } };
    const keys = entriesOf(unmeasured, [], terms, boundsOf(settings.constraints, study), null);
    expect(keys.map(({ key }) => key)).toEqual(['prior', 'uniform']);
  });
});

describe('attempts', () => {
  const { settings } = smallSession();

  it('are saved, renamed and removed; ids are never used twice', () => {
    const two = withAttempt(withAttempt(settings, '', [1, 0]), 'B\u202e\n x', [0, 1]);
    expect(two.attempts?.map(({ id, name }) => [id, name])).toEqual([
      [1, 'Attempt 1'],
      [2, 'B x'],
    ]);
    const one = withoutAttempt(two, 1);
    expect(withAttempt(one, 'C', [1, 0]).attempts?.map(({ id }) => id)).toEqual([2, 3]);
    expect(renamed(one, 2, ' D ').attempts?.[0].name).toBe('D');
    expect(renamed(one, 2, '  ')).toBe(one);
    expect(withoutAttempt(one, 2)).toEqual(settings);
  });

  it('are cut to sixty characters, and no more than a hundred are saved', () => {
    const long = withAttempt(settings, 'x'.repeat(90), [1, 0]);
    expect(long.attempts?.[0].name).toHaveLength(60);
    let full = settings;
    for (let count = 0; count < 101; count++) full = withAttempt(full, '', [1, 0]);
    expect(full.attempts).toHaveLength(100);
  });
});

describe('trained mixtures', () => {
  const job = {
    // The text's order is not the study's.
    domains: ['german', 'english', 'french'].map((id) => ({
      id,
      name: id,
      trainingTokens: 1,
      validationTokens: 1,
      hash: 0,
    })),
    size: '100k' as const,
    training: {
      rows: 1,
      steps: 10,
      learningRate: 1,
      warmUp: 1,
      betas: [0.9, 0.95] as [number, number],
      epsilon: 1e-8,
      weightDecay: 0,
      clip: 1,
    },
    proxies: [1, 2].flatMap((seed) => [
      { id: `the prior#${seed}`, mixture: [0.2, 0.5, 0.3], seed },
      { id: `late#${seed}`, mixture: [1, 0, 0], seed },
    ]),
  };
  const points = [
    { candidate: 'the prior', seed: 1, step: 10, losses: [2, 4, 6] },
    { candidate: 'the prior', seed: 2, step: 10, losses: [3, 5, 7] },
    { candidate: 'late', seed: 1, step: 5, losses: [1, 1, 1] },
  ];

  it('are found by their weights, with the mean of their seeds', () => {
    const trained = trainedMixtures(job, points, domains);
    expect(trained).toHaveLength(1);
    const found = trainingOf([0.5, 0.2, 0.3], trained);
    expect(found).toMatchObject({ seeds: 2, size: '100k' });
    expect(found?.losses.get('english')).toBe(4.5);
    expect(trainingOf([0.2, 0.5, 0.3], trained)).toBeUndefined();
  });

  it('are none of text that the study does not know', () => {
    expect(trainedMixtures(job, points, domains.slice(0, 2))).toEqual([]);
  });
});
