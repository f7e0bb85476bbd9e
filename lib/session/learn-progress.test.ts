import { describe, expect, it } from 'vitest';
import { type LearnProgress, noProgress, parseProgress, progressToText } from './learn-progress';

const full: LearnProgress = {
  step: 'fit',
  done: ['question', 'draw'],
  yours: [0.25, 0.75],
  guess: { loss: 2.5, isShown: true },
  draw: { concentration: 0.4, seed: 7 },
  fit: { runs: 48, terms: 28, seed: 3 },
  isOptimumShown: true,
  tokens: 150_000,
  agreement: '4',
  insights: ['spread'],
  trained: {
    tokens: 20_000,
    steps: 39,
    proxies: [
      {
        id: '1',
        mixture: [0.5, 0.5],
        loss: 3.1,
        curve: [
          [1, 8],
          [39, 4.2],
        ],
      },
    ],
  },
};

describe('progress of the tour', () => {
  it('comes back as it was stored', () => {
    expect(parseProgress(progressToText(full), 2)).toEqual(full);
    expect(parseProgress(progressToText(noProgress), 2)).toEqual(noProgress);
  });

  it('is none where nothing, no progress or that of another version is stored', () => {
    for (const text of [
      null,
      '',
      'null',
      '[]',
      '{',
      '{"version":2,"step":"fit"}',
      `{"version":1,"step":"${'x'.repeat(2_000_000)}"}`,
    ]) {
      expect(parseProgress(text, 2)).toEqual(noProgress);
    }
  });

  it.each([
    ['yours', [0.5, 0.6]],
    ['yours', [1]],
    ['yours', [-1, 2]],
    ['guess', { loss: 'low', isShown: true }],
    ['draw', { concentration: 0, seed: 1 }],
    ['draw', { concentration: 1, seed: 1.5 }],
    ['fit', { runs: -1, terms: 2, seed: 1 }],
    ['tokens', -5],
    ['agreement', '17'],
    ['insights', [1]],
    ['done', Array.from({ length: 1000 }, () => 'x')],
    ['trained', { tokens: 1, steps: 1, proxies: [] }],
    ['trained', { tokens: 1, steps: 1, proxies: [{ id: '1', mixture: [1], loss: 1, curve: [] }] }],
  ] as const)('reads a damaged %s as not done and keeps the rest', (part, value) => {
    const text = JSON.stringify({ ...JSON.parse(progressToText(full)), [part]: value });
    expect(parseProgress(text, 2)).toEqual({ ...full, [part]: noProgress[part] });
  });

  it('takes nothing over that it does not know', () => {
    const text = JSON.stringify({ ...JSON.parse(progressToText(full)), more: 1 });
    expect(parseProgress(text, 2)).toEqual(full);
  });
});
