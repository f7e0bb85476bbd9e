import { describe, expect, it } from 'vitest';
import { fromRows } from '../model/matrix';
import { defaultSettings, type ObjectiveSettings } from '../model/settings';
import type { Study } from '../model/study';
import { targetShares } from './keys';

const study: Study = {
  version: 1,
  id: 'made',
  name: 'made',
  source: { kind: 'files', detail: '' },
  domains: [
    { id: 'a', name: 'A' },
    { id: 'b', name: 'B' },
  ],
  targets: ['x', 'y', 'z'].map((id) => ({ id, name: id, unit: '', direction: 'lower' as const })),
  training: {
    name: 'training',
    ids: ['1', '2', '3', '4'],
    mixtures: fromRows([
      [0, 1],
      [1, 0],
      [0.5, 0.5],
      [0.2, 0.8],
    ]),
    // Spreads of 1, 2 and 0 over the runs that were measured.
    losses: fromRows([
      [2, 10, 5],
      [4, 14, 5],
      [2, 10, 5],
      [4, 14, Number.NaN],
    ]),
  },
  testSets: [],
  prior: { kind: 'uniform', weights: Float64Array.of(0.5, 0.5) },
  human: null,
};

function shares(objective: Partial<ObjectiveSettings>) {
  const settings = defaultSettings(study);
  return targetShares({
    study,
    settings: { ...settings, target: 'y', objective: { ...settings.objective, ...objective } },
  });
}

describe('the targets that are optimised', () => {
  it('are the one on view, in its own unit, unless several are chosen', () => {
    const alone = [{ target: 'y', weight: 1, scale: 1 }];
    expect(shares({})).toEqual(alone);
    expect(shares({ kind: 'weighted', weights: {} })).toEqual(alone);
    expect(shares({ kind: 'weighted', weights: { x: 0 } })).toEqual(alone);
  });

  it('weigh as typed, in units of their spread where that is chosen', () => {
    const weights = { x: 3, y: 1 };
    expect(shares({ kind: 'weighted', weights })).toEqual([
      { target: 'x', weight: 0.75, scale: 1 },
      { target: 'y', weight: 0.25, scale: 2 },
    ]);
    const plain = shares({ kind: 'regret', weights, normalised: false });
    expect(plain.map(({ scale }) => scale)).toEqual([1, 1]);
  });

  it('share the weight of their family', () => {
    const weights = { x: 1, y: 1, z: 1 };
    const found = shares({ kind: 'weighted', weights, families: { x: 'web', y: 'web' } });
    expect(found.map(({ weight }) => weight)).toEqual([0.25, 0.25, 0.5]);
  });

  it('never divide by the spread of a target that does not vary', () => {
    expect(shares({ kind: 'weighted', weights: { z: 1 } })[0].scale).toBe(1);
  });
});
