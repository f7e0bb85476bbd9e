import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Constraints, Feasibility, Remedy } from '../model/limits';
import { fromRows } from '../model/matrix';
import type { Target } from '../model/study';
import {
  boundsOf,
  feasibilityOf,
  heldBy,
  isUntried,
  reachAlong,
  reachOf,
  violatedBy,
} from './constraints';

const domains = ['a', 'b', 'c'].map((id) => ({ id, name: id.toUpperCase() }));

function constraints(change: Partial<Constraints>): Constraints {
  return {
    requestedTokens: 100e9,
    availableTokens: [null, null, null],
    epochs: [4, 4, 4],
    max: [null, null, null],
    min: [0, 0, 0],
    locked: [null, null, null],
    beyondTried: false,
    ...change,
  };
}

function feasibility(given: Constraints): Feasibility {
  return feasibilityOf(boundsOf(given, null), given, domains);
}

describe('reachAlong', () => {
  const along = (change: Partial<Constraints>, at: number[], domain: number) =>
    reachAlong(boundsOf(constraints(change), null), Float64Array.from(at), domain);

  it('ends where a domain that takes the rest meets its own limit', () => {
    // B is at its cap: with less of A it would exceed it.
    const [low, high] = along({ max: [null, 0.5, null] }, [0.3, 0.5, 0.2], 0) ?? [];
    expect(low).toBeCloseTo(0.3, 5);
    expect(high).toBe(1);
    const floor = along({ max: [0.9, null, null], min: [0, 0, 0.1] }, [0.3, 0.5, 0.2], 0) ?? [];
    expect(floor[0]).toBe(0);
    expect(floor[1]).toBeCloseTo(0.65, 5);
    for (const domain of [0, 1, 2]) expect(along({}, [0.3, 0.5, 0.2], domain)).toEqual([0, 1]);
  });

  it('is none from a mixture whose proportions break limits at any weight', () => {
    expect(along({ min: [0, 0.1, 0] }, [0.4, 0, 0.6], 0)).toBeNull();
    expect(along({ max: [0.3, 0.2, 0.7] }, [0.3, 0.7, 0], 0)).toBeNull();
    const all = along({ max: [null, 0.3, null] }, [1, 0, 0], 0) ?? [];
    expect(all[0]).toBeCloseTo(0.4, 5);
  });
});

describe('reachOf', () => {
  const reach = (given: Constraints, domain: number) =>
    reachOf(
      boundsOf(given, null),
      boundsOf({ ...given, locked: [null, null, null] }, null),
      domain,
    );

  it('ends at cap and floor, and where the others could not make up the rest', () => {
    const given = constraints({ max: [0.5, 0.6, 0.4], min: [0.1, 0.2, 0] });
    expect(reach(given, 0)).toEqual([0.1, 0.5]);
    const [low, high] = reach(given, 1) ?? [];
    expect(low).toBeCloseTo(0.2, 12);
    expect(high).toBeCloseTo(0.6, 12);
    expect(reach(constraints({ max: [0.5, 0.6, null] }), 2)?.[0]).toBe(0);
    expect(reach(constraints({ max: [0.5, 0.3, null] }), 2)?.[0]).toBeCloseTo(0.2, 12);
  });

  it('knows a domain by its own limits, and the others by their pins', () => {
    const given = constraints({ max: [0.5, null, null], locked: [0.2, 0.6, null] });
    expect(reach(given, 0)?.[1]).toBeCloseTo(0.4, 12);
    expect(reach(given, 2)).toBeNull();
  });

  it('always leaves a mixture', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
        fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { minLength: 3, maxLength: 3 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (max, min, share) => {
          const given = constraints({ max, min });
          fc.pre(feasibility(given).feasible);
          const found = reach(given, 1);
          fc.pre(found !== null);
          const weight = found[0] + share * (found[1] - found[0]);
          expect(feasibility({ ...given, locked: [null, weight, null] }).feasible).toBe(true);
        },
      ),
    );
  });
});

describe('constraints', () => {
  it('cap a domain at epochs × available ÷ requested', () => {
    const box = boundsOf(constraints({ availableTokens: [3e9, 50e9, null] }), null);
    expect(Array.from(box.upper)).toEqual([0.12, 1, 1]);
    expect(box.source).toEqual(['tokens', 'none', 'none']);
  });

  it('are broken by weights beyond a cap or a floor, not by the error of rounding', () => {
    const box = boundsOf(constraints({ max: [0.5, null, null], min: [0, 0.2, 0] }), null);
    expect(violatedBy(Float64Array.of(0.5 + 1e-9, 0.2 - 1e-9, 0.3), box)).toEqual([]);
    expect(violatedBy(Float64Array.of(0.6, 0.1, 0.3), box)).toEqual([0, 1]);
  });

  it('let a lower maximum and a lock overrule the tokens', () => {
    const box = boundsOf(constraints({ max: [0.2, null, null], locked: [null, 0.3, null] }), null);
    expect(Array.from(box.upper)).toEqual([0.2, 0.3, 1]);
    expect(Array.from(box.lower)).toEqual([0, 0.3, 0]);
    expect(box.source).toEqual(['max', 'lock', 'none']);
  });

  it('say whether a weight is at its floor or at its cap', () => {
    const box = boundsOf(
      constraints({ max: [0.5, 0.6, null], min: [0.1, 0.6, 0], locked: [null, null, 0.2] }),
      {
        training: { mixtures: fromRows([[0.4, 0.3, 0.3]]), losses: fromRows([[1]]) },
        targets: [{ direction: 'lower' }],
      },
    );
    expect(heldBy(box, 0, 0.1)).toBe('min');
    expect(heldBy(box, 0, 0.4)).toBe('tried');
    expect(heldBy(box, 1, 0.6)).not.toBe('tried');
    expect(heldBy(box, 2, 0.2)).toBe('lock');
  });

  it('are feasible exactly when caps reach 1 and floors do not exceed it', () => {
    expect(feasibility(constraints({})).feasible).toBe(true);
    expect(feasibility(constraints({ max: [0.5, 0.3, 0.2] })).feasible).toBe(true);
    expect(feasibility(constraints({ max: [0.5, 0.3, 0.1] })).feasible).toBe(false);
    expect(feasibility(constraints({ min: [0.5, 0.5, 0.1] })).feasible).toBe(false);
  });

  it.each([
    [
      { locked: [0.5, null, null], availableTokens: [1e9, null, null] },
      'A is locked above the 4.0%',
    ],
    [{ min: [0.3, 0, 0], max: [0.2, null, null] }, 'A must be at least 30.0% and at most 20.0%'],
    [{ min: [0.6, 0.6, 0] }, 'add up to 120.0%, 20.0% too much'],
    [
      { max: [0.1, 0.1, 0.1] },
      'add up to 30.0%, 70.0 points short of 100%: 70 B of the 100 B requested tokens have no source',
    ],
  ] as const)('%j say what is wrong', (change, words) => {
    const found = feasibility(constraints(change));
    expect(found.feasible ? '' : found.message).toContain(words);
  });

  it('say nothing of tokens when none are requested', () => {
    const found = feasibility(constraints({ requestedTokens: null, max: [0.5, 0.2, 0.2] }));
    expect(found).toMatchObject({
      feasible: false,
      message: 'Your limits add up to 90.0%, 10.0 points short of 100%.',
      remedies: [{ change: { kind: 'bounds' } }],
    });
    if (!found.feasible) expect(found.shortfall).toBeCloseTo(0.1, 12);
  });

  it('are feasible exactly when some mixture meets them, and name remedies that work', () => {
    const kinds = new Set<Remedy['change']['kind']>();
    const seen = { feasible: 0, infeasible: 0 };
    fc.assert(
      fc.property(anyConstraints, (given) => {
        const found = feasibility(given);
        expect(found.feasible).toBe(someMixtureMeets(given));
        seen[found.feasible ? 'feasible' : 'infeasible']++;
        if (found.feasible) return;
        expect(found.shortfall).toBeGreaterThan(0);
        expect(found.message).toMatch(/\.$/);
        expect(found.remedies.length).toBeGreaterThan(0);
        for (const { change } of found.remedies) {
          kinds.add(change.kind);
          if (change.kind === 'bounds') continue;
          expect(afterwards(given, found, change).feasible).toBe(true);
        }
      }),
      { numRuns: 2_000, seed: 5 },
    );
    expect(seen.feasible).toBeGreaterThan(100);
    expect(seen.infeasible).toBeGreaterThan(100);
    expect([...kinds].sort()).toEqual(['availableTokens', 'bounds', 'epochs', 'requestedTokens']);
  });

  it('ask for no more than is needed', () => {
    const given = constraints({ availableTokens: [3e9, 5e9, 2e9] });
    const found = feasibility(given);
    expect(found.feasible).toBe(false);
    if (found.feasible) return;
    expect(found.remedies.map(({ change }) => change)).toEqual([
      { kind: 'requestedTokens', value: 40e9 },
      { kind: 'epochs', factor: 2.5 },
      { kind: 'availableTokens', domain: 1, missing: 15e9 },
    ]);
  });

  it('repeat no text more than a hundred times', () => {
    const kindsFor = (available: number) => {
      const found = feasibility(
        constraints({ availableTokens: [available, available, available] }),
      );
      return found.feasible ? [] : found.remedies.map(({ change }) => change.kind);
    };
    expect(kindsFor(0.4e9)).toContain('epochs');
    expect(kindsFor(0.3e9)).toEqual(['requestedTokens', 'availableTokens']);
    expect(kindsFor(2e4)).toEqual(['requestedTokens', 'availableTokens']);
  });
});

describe('the largest weights tried', () => {
  /** Runs of three domains, each with a loss unless it says otherwise. */
  function runsOf(
    rows: number[][],
    losses = rows.map(() => 3),
    direction: Target['direction'] = 'lower',
  ) {
    const training = {
      mixtures: fromRows(rows),
      losses: fromRows(losses.map((loss) => [loss])),
    };
    return { training, targets: [{ direction }] };
  }
  const runs = runsOf([
    [0.7, 0.3, 0],
    [0.4, 0.6, 0],
  ]);
  const bounded = (change: Partial<Constraints>) => boundsOf(constraints(change), runs);

  it('cap every domain, and leave one that no run has without weight', () => {
    const box = bounded({});
    expect(Array.from(box.upper)).toEqual([0.7, 0.6, 0]);
    expect(box.source).toEqual(['tried', 'tried', 'tried']);
    expect([0, 1, 2].map((domain) => isUntried(box, domain))).toEqual([false, false, true]);
  });

  it('are lifted for what was sampled, never for what was not', () => {
    const box = bounded({ beyondTried: true });
    expect(Array.from(box.upper)).toEqual([1, 1, 0]);
    expect(box.source).toEqual(['none', 'none', 'tried']);
  });

  it('give way to locks and least weights', () => {
    const locked = bounded({ locked: [0.9, null, 0.1] });
    expect(Array.from(locked.upper)).toEqual([0.9, 0.6, 0.1]);
    const floored = bounded({ min: [0.8, 0, 0.05] });
    expect(Array.from(floored.upper)).toEqual([0.8, 0.6, 0.05]);
    expect(Array.from(floored.lower)).toEqual([0.8, 0, 0.05]);
    expect(isUntried(floored, 2)).toBe(false);
    expect(floored.source).toEqual(['min', 'tried', 'min']);
  });

  it('name what no run has, whatever else keeps it out', () => {
    const without = bounded({ availableTokens: [null, null, 0], max: [null, null, 0] });
    expect(without.source[2]).toBe('tried');
    expect(isUntried(without, 2)).toBe(true);
  });

  it('are one limit among others: the lowest counts, and is named', () => {
    const box = bounded({ availableTokens: [10e9, 20e9, null], max: [0.5, null, 0.2] });
    expect(Array.from(box.upper)).toEqual([0.4, 0.6, 0]);
    expect(box.source).toEqual(['tokens', 'tried', 'tried']);
  });

  it('count runs with a loss only, where there are any', () => {
    const rows = [
      [0.7, 0.3, 0],
      [0, 0, 1],
    ];
    const upperOf = (losses: number[]) =>
      Array.from(boundsOf(constraints({}), runsOf(rows, losses)).upper);
    expect(upperOf([3, Number.NaN])).toEqual([0.7, 0.3, 0]);
    expect(upperOf([Number.NaN, Number.NaN])).toEqual([0.7, 0.3, 1]);
  });

  it('count a run that is far better than the rest, and none that is far worse', () => {
    const losses = Array.from({ length: 20 }, (_, row) => 3 + 0.01 * row);
    const rows = losses.map((_, row) => (row === 0 ? [0, 0.2, 0.8] : [0.7, 0.3, 0]));
    const upperOf = (first: number, direction: Target['direction']) =>
      boundsOf(constraints({}), runsOf(rows, [first, ...losses.slice(1)], direction)).upper[2];
    expect(upperOf(1, 'lower')).toBe(0.8);
    expect(upperOf(9, 'lower')).toBe(0);
    expect(upperOf(9, 'higher')).toBe(0.8);
    expect(upperOf(1, 'higher')).toBe(0);
  });

  it('that leave no mixture can be lifted by a remedy, unless that would not help', () => {
    const found = (change: Partial<Constraints>) => {
      const given = constraints(change);
      return feasibilityOf(boundsOf(given, runs), given, domains);
    };
    const narrow = found({ max: [0.2, null, null] });
    expect(narrow).toMatchObject({
      feasible: false,
      message: expect.stringContaining('Your limits and the largest weights tried add up to 80.0%'),
      remedies: [{ change: { kind: 'beyondTried' } }],
    });
    expect(found({ max: [0.2, null, null], beyondTried: true }).feasible).toBe(true);
    expect(found({ max: [0.2, 0.3, null] })).toMatchObject({
      feasible: false,
      remedies: [{ change: { kind: 'bounds' } }],
    });
  });

  it('are kept by every remedy that makes other limits feasible', () => {
    const kinds = new Set<Remedy['change']['kind']>();
    const mixture = fc
      .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
      .map((parts) => parts.map((part) => part / parts.reduce((sum, each) => sum + each, 0)));
    fc.assert(
      fc.property(
        anyConstraints,
        fc.array(mixture, { minLength: 2, maxLength: 4 }),
        (given, rows) => {
          const tried = runsOf(rows);
          const judge = (limits: Constraints) =>
            feasibilityOf(boundsOf(limits, tried), limits, domains);
          const answer = judge(given);
          if (answer.feasible) return;
          expect(answer.remedies.length).toBeGreaterThan(0);
          for (const { change } of answer.remedies) {
            kinds.add(change.kind);
            if (change.kind === 'bounds') continue;
            expect(afterwards(given, answer, change, judge).feasible).toBe(true);
          }
        },
      ),
      { numRuns: 2_000, seed: 7 },
    );
    expect(kinds).toContain('beyondTried');
    expect(kinds).toContain('epochs');
    expect(kinds).toContain('availableTokens');
  });
});

const share = fc.double({ min: 0, max: 1, noNaN: true });
const rarely = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { freq: 2 });
/** Three domains of which any may have few tokens, a cap, a floor or a lock. */
const anyConstraints: fc.Arbitrary<Constraints> = fc
  .record({
    requestedTokens: fc.option(fc.double({ min: 1e9, max: 1e12, noNaN: true }), { freq: 8 }),
    rows: fc.array(
      fc.record({
        available: fc.option(fc.double({ min: 0, max: 5e10, noNaN: true }), { freq: 8 }),
        epochs: fc.double({ min: 0.5, max: 8, noNaN: true }),
        max: rarely(share),
        min: fc.oneof(
          fc.constant(0),
          fc.constant(0),
          share.map((value) => value / 3),
        ),
        locked: fc.option(
          share.map((value) => value / 2),
          { freq: 1 },
        ),
      }),
      { minLength: 3, maxLength: 3 },
    ),
  })
  .map(({ requestedTokens, rows }) => ({
    requestedTokens,
    availableTokens: rows.map(({ available }) => available),
    epochs: rows.map(({ epochs }) => epochs),
    max: rows.map(({ max }) => max),
    min: rows.map(({ min }) => min),
    locked: rows.map(({ locked }) => locked),
    beyondTried: false,
  }));

/** Straight from the meaning of each limit, with the slack of a billionth that all of them have. */
function someMixtureMeets(given: Constraints): boolean {
  let [least, most] = [0, 0];
  for (let domain = 0; domain < 3; domain++) {
    const [available, locked] = [given.availableTokens[domain], given.locked[domain]];
    const cap =
      given.requestedTokens === null || available === null
        ? 1
        : Math.min(1, (given.epochs[domain] * available) / given.requestedTokens);
    const high = locked ?? Math.min(cap, given.max[domain] ?? 1);
    const low = locked ?? given.min[domain];
    if (low > high + 1e-9 || high > cap + 1e-9) return false;
    least += low;
    most += high;
  }
  return least <= 1 + 1e-9 && most >= 1 - 1e-9;
}

function afterwards(
  given: Constraints,
  { remedies }: Extract<Feasibility, { feasible: false }>,
  change: Remedy['change'],
  judge: (limits: Constraints) => Feasibility = feasibility,
): Feasibility {
  switch (change.kind) {
    case 'requestedTokens':
      return judge({ ...given, requestedTokens: change.value });
    case 'epochs':
      return judge({ ...given, epochs: given.epochs.map((value) => value * change.factor) });
    case 'availableTokens': {
      const text = remedies.find((remedy) => remedy.change === change)?.text ?? '';
      const named = domains.findIndex(({ name }) => text.includes(`for example of ${name}.`));
      const availableTokens = given.availableTokens.map((value, domain) =>
        value !== null && domain === named ? value + change.missing : value,
      );
      return judge({ ...given, availableTokens });
    }
    case 'beyondTried':
      return judge({ ...given, beyondTried: true });
    case 'bounds':
      return judge(given);
  }
}
