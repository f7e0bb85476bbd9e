import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromRows } from '../../lib/model/matrix';
import { choiceText, chooseRuns, chosenRows, targetKey, whatTheBestRead } from './chosen-runs';

/** Weights of two domains, and two losses, some of them not measured. */
const runs = fc.array(
  fc.record({
    web: fc.double({ min: 0, max: 1, noNaN: true }),
    loss: fc.option(fc.double({ min: 1, max: 9, noNaN: true }), { nil: Number.NaN }),
    other: fc.double({ min: 1, max: 9, noNaN: true }),
  }),
  { minLength: 1, maxLength: 60 },
);
const range = fc
  .tuple(fc.double({ min: 0, max: 9, noNaN: true }), fc.double({ min: 0, max: 9, noNaN: true }))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const brushes = fc
  .dictionary(fc.constantFrom('web', 'code', targetKey('x'), targetKey('y'), 'gone'), range)
  .map((ranges) => new Map(Object.entries(ranges)));

type Run = { web: number; loss: number; other: number };

function studyOf(made: readonly Run[], direction: 'lower' | 'higher' = 'lower') {
  return {
    domains: ['web', 'code'].map((id) => ({ id, name: id.toUpperCase() })),
    targets: [
      { id: 'x', name: 'X', unit: '', direction },
      { id: 'y', name: 'Y', unit: '', direction },
    ],
    training: {
      name: 'training',
      ids: made.map((_, row) => String(row)),
      mixtures: fromRows(made.map(({ web }) => [web, 1 - web])),
      losses: fromRows(made.map(({ loss, other }) => [loss, other])),
    },
  };
}

describe('one choice of runs', () => {
  it('has as many runs as it says, and says all where it names none', () => {
    fc.assert(
      fc.property(runs, brushes, fc.constantFrom('best', 'all'), (made, drawn, marked) => {
        const choice = chooseRuns(studyOf(made), 0, drawn, marked, false);
        expect(chosenRows(choice)).toHaveLength(choice.count);
        expect(choice.total).toBe(made.length);
        expect(choice.rows === null).toBe(choice.kind === 'all');
        expect(choice.kind === 'drawn').toBe(choice.ranges.length > 0);
      }),
    );
  });

  it('is of runs inside every brush, and one brush more never adds a run', () => {
    fc.assert(
      fc.property(runs, brushes, range, (made, drawn, more) => {
        const before = new Set(chosenRows(chooseRuns(studyOf(made), 0, drawn, 'all', false)));
        const narrower = new Map([...drawn, ['code', more] as const]);
        const both = drawn.has('code') ? drawn : narrower;
        const after = chosenRows(chooseRuns(studyOf(made), 0, both, 'all', false));
        for (const row of after) {
          expect(before.has(row)).toBe(true);
          const { web, loss, other } = made[row];
          const values = { web, code: 1 - web, [targetKey('x')]: loss, [targetKey('y')]: other };
          for (const [key, [low, high]] of both) {
            if (key === 'gone') continue;
            const value = values[key as keyof typeof values];
            expect(value >= low && value <= high).toBe(true);
          }
        }
      }),
    );
  });

  it('takes a run by its values, wherever it stands in the file', () => {
    fc.assert(
      fc.property(runs, brushes, fc.constantFrom('best', 'all'), (made, drawn, marked) => {
        const last = made.length - 1;
        const forth = chosenRows(chooseRuns(studyOf(made), 0, drawn, marked, false));
        const back = chosenRows(chooseRuns(studyOf(made.toReversed()), 0, drawn, marked, false));
        expect(Array.from(back, (row) => last - row).reverse()).toEqual([...forth]);
      }),
    );
  });

  it('has in the best tenth no run that is worse than one outside of it', () => {
    fc.assert(
      fc.property(runs, fc.constantFrom('lower', 'higher'), (made, direction) => {
        const choice = chooseRuns(studyOf(made, direction), 0, new Map(), 'best', false);
        const measured = made.filter(({ loss }) => Number.isFinite(loss)).length;
        expect(choice.kind).toBe(measured >= 10 ? 'best' : 'all');
        if (choice.kind !== 'best') return;
        expect(choice.count).toBeGreaterThanOrEqual(measured / 10);
        const sign = direction === 'lower' ? 1 : -1;
        const inside = new Set(chosenRows(choice));
        const worst = Math.max(...[...inside].map((row) => sign * made[row].loss));
        made.forEach(({ loss }, row) => {
          if (Number.isFinite(loss) && !inside.has(row)) expect(sign * loss).toBeGreaterThan(worst);
        });
      }),
    );
  });

  it('never has the best tenth while the answer is hidden', () => {
    fc.assert(
      fc.property(runs, brushes, (made, drawn) => {
        const choice = chooseRuns(studyOf(made), 0, drawn, 'best', true);
        expect(choice.best).toBeNull();
        expect(choice.kind).not.toBe('best');
      }),
    );
  });

  it('says which runs it is', () => {
    const made = Array.from({ length: 20 }, (_, row) => ({
      web: row / 20,
      loss: 3 + row,
      other: 1,
    }));
    const study = studyOf(made);
    const best = chooseRuns(study, 0, new Map(), 'best', false);
    expect(choiceText(best)).toBe('The best tenth, 2 of 20 runs');
    expect(choiceText(chooseRuns(study, 0, new Map(), 'all', false))).toBe('All 20 runs');
    const drawn = chooseRuns(
      study,
      0,
      new Map([
        ['web', [0.2, 0.4]],
        [targetKey('x'), [3, 8]],
      ]),
      'best',
      false,
    );
    expect(choiceText(drawn)).toBe('2 of 20 runs');
    expect(drawn.ranges).toEqual(['WEB 20.0 to 40.0%', 'X 3.000 to 8.000']);
    expect(drawn.targets).toEqual(['X']);
  });

  it('finds what the best runs read more of, unless that is hidden', () => {
    const made = Array.from({ length: 40 }, (_, row) => ({
      web: row / 40,
      loss: 9 - row / 8,
      other: 1,
    }));
    const study = studyOf(made);
    expect(whatTheBestRead(study, 0, false)).toBe(
      'On average the best tenth read 94% WEB, all runs 49%',
    );
    expect(whatTheBestRead(study, 0, true)).toBeNull();
    expect(whatTheBestRead(studyOf(made.slice(0, 9)), 0, false)).toBeNull();
  });
});
