import { describe, expect, it } from 'vitest';
import type { Constraints } from '../model/limits';
import { leaveOut, takeBack } from '../runs/left-out';
import { sessionOfRuns } from '../study/session.fixture';
import { nameChange } from './name-change';
import type { Session } from './study-store';

const plain = sessionOfRuns(10);
const [first, second] = plain.study.domains;
const limited = (change: Partial<Constraints>): Session => ({
  ...plain,
  settings: { ...plain.settings, constraints: { ...plain.settings.constraints, ...change } },
});
const one = <Value>(values: readonly Value[], value: Value) => [value, ...values.slice(1)];
const { constraints } = plain.settings;

describe('the name of a step of the history', () => {
  it.each([
    [
      `${first.name} tokens 2.4 M`,
      limited({ availableTokens: one(constraints.availableTokens, 2.4e6) }),
    ],
    [`${first.name} pinned at 12.5%`, limited({ locked: one(constraints.locked, 0.125) })],
    [`most ${first.name}`, limited({ max: one(constraints.max, 0.5) })],
    [`least ${first.name}`, limited({ min: one(constraints.min, 0.05) })],
    ['epochs', limited({ epochs: constraints.epochs.map((epochs) => epochs + 1) })],
    [
      'limits of 2 domains',
      limited({ max: constraints.max.map((_, domain) => (domain < 2 ? 0.9 : null)) }),
    ],
    ['1 B', limited({ requestedTokens: 1e9 })],
    ['seed 7', { ...plain, settings: { ...plain.settings, seed: 7 } }],
    ['your mixture', { ...plain, settings: { ...plain.settings, yours: [1, 0] } }],
    [
      'the pull to the prior',
      {
        ...plain,
        settings: { ...plain.settings, objective: { ...plain.settings.objective, kl: 1 } },
      },
    ],
    ['opening another', { ...plain, study: { ...plain.study, id: 'x', name: 'another' } }],
  ] as const)('is %s', (name, after) => {
    expect(nameChange(plain, after)).toBe(name);
  });

  it('counts the runs that are left out and taken back', () => {
    const ids = plain.study.training.ids.slice(0, 1);
    const without = { ...plain, study: leaveOut(plain.study, ids) };
    expect(nameChange(plain, without)).toBe('leaving out 1 run');
    expect(nameChange(without, { ...plain, study: takeBack(without.study, ids) })).toBe(
      'taking back 1 run',
    );
  });

  it('frees a pinned domain', () => {
    const pinned = limited({ locked: one(constraints.locked, 0.125) });
    expect(nameChange(pinned, plain)).toBe(`${first.name} free`);
    expect(second.name).not.toBe(first.name);
  });
});
