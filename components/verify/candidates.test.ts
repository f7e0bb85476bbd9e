import { describe, expect, it } from 'vitest';
import { smallSession } from '../../lib/study/session.fixture';
import { verifyProxies } from '../../lib/verify/verify-store';
import { availableCandidates, kindOf, lossOfRanked, rankedRuns, tellsAnswer } from './candidates';

const { study, settings } = smallSession();
const count = study.domains.length;
const even = new Float64Array(count).fill(1 / count);

describe('the mixtures that can be verified', () => {
  it.each(['uniform', 'the prior', 'your mixture', 'the optimum', 'run 1', 'a#b', '#'])(
    'are told apart, also where a human mixture is called %s',
    (name) => {
      const human = { name, weights: even };
      const added = [name, `added: ${name}`, `human: ${name}`, 'the schedule'].map((each) => ({
        name: each.replaceAll('#', ''),
        mixture: even,
      }));
      const yours = { ...settings, yours: study.domains.map((_, place) => (place === 0 ? 1 : 0)) };
      const candidates = availableCandidates({ ...study, human }, yours, even, added, 10);
      expect(candidates).toHaveLength(9);
      const proxies = verifyProxies(
        { candidates, seeds: 2, ranked: rankedRuns(study, 4) },
        { seed: 1 },
      );
      expect(new Set(proxies.map(({ id }) => id)).size).toBe(proxies.length);
      // A user's name is never taken for the answer, which a lesson hides.
      expect(candidates.filter(({ id }) => tellsAnswer(id))).toHaveLength(1);
    },
  );
});

const domains = study.domains.map(({ id, name }) => ({
  id,
  name,
  hash: 0,
  trainingTokens: 1,
  validationTokens: 1,
}));

describe('the mark of a candidate', () => {
  const human = { name: 'ours', weights: even };
  const added = ['run 3', 'attempt 2'].map((name) => ({ name, mixture: even }));
  const candidates = availableCandidates({ ...study, human }, settings, even, added, 10);
  const job = {
    // Text may have the domains in another order.
    domains: domains.toReversed(),
    proxies: candidates.map(({ id, mixture }) => ({
      id: `${id}#1`,
      seed: 1,
      mixture: Array.from(mixture).reverse(),
    })),
  };
  const kinds = (optimum: Float64Array | null) =>
    candidates.map(({ id }) => kindOf(id, study, job, optimum));

  it('is that of its mixture on the whole page, or none', () => {
    expect(kinds(even)).toEqual(['optimum', 'prior', 'other', 'human', 'other', 'yours']);
    expect(kinds(null)[0]).toBe('optimum');
  });

  it('is the former optimum’s once the optimum has moved, and not for a rounding', () => {
    const moved = (by: number) =>
      even.map((each, place) => each + (place < 2 ? by - 2 * place * by : 0));
    expect(kinds(moved(0.02))[0]).toBe('former');
    expect(kinds(moved(0.001))[0]).toBe('optimum');
  });
});

describe('the loss of a ranked run', () => {
  const ranked = rankedRuns(study, 3);
  const job = {
    domains,
    proxies: ranked.map(({ id, mixture }) => ({
      id: `${id}#1`,
      seed: 1,
      mixture: Array.from(mixture),
    })),
  };
  const target = study.targets[0].id;

  it('is that of the run of the same name', () => {
    const row = study.training.ids.findIndex((id) => ranked[1].id === `run ${id}`);
    const value = study.training.losses.values[row * study.targets.length];
    expect(lossOfRanked(study, job, ranked[1].id, target)).toBe(value);
  });

  it('is missing if the study’s run of that name has another mixture', () => {
    const { training } = study;
    const values = training.mixtures.values.slice().reverse();
    const other = {
      ...study,
      training: { ...training, mixtures: { ...training.mixtures, values } },
    };
    expect(lossOfRanked(other, job, ranked[1].id, target)).toBeNull();
  });
});
