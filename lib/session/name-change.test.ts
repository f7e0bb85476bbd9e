import { describe, expect, it } from 'vitest';
import type { Constraints } from '../model/limits';
import type { Matrix } from '../model/matrix';
import { leaveOut, takeBack } from '../runs/left-out';
import { smallSession } from '../study/session.fixture';
import { nameChange } from './name-change';
import type { Session } from './study-store';

/** With more runs than a study needs, so that one can be left out. */
function longer(session: Session): Session {
  const { training } = session.study;
  const ids = Array.from({ length: 10 }, (_, run) => `run ${run}`);
  const repeat = ({ values, columns }: Matrix): Matrix => ({
    rows: ids.length,
    columns,
    values: Float64Array.from(
      { length: ids.length * columns },
      (_, cell) => values[cell % values.length],
    ),
  });
  return {
    ...session,
    study: {
      ...session.study,
      training: {
        name: training.name,
        ids,
        mixtures: repeat(training.mixtures),
        losses: repeat(training.losses),
      },
    },
  };
}

const plain = longer(smallSession());
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
