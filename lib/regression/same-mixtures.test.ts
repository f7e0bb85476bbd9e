import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { runJob } from '../model/job';
import { fromRows } from '../model/matrix';
import { numberMixtures } from './sample';

const tables = fc.array(
  fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), {
    maxLength: 20,
  }),
  { minLength: 1, maxLength: 3 },
);

describe('numbers of mixtures', () => {
  it('are equal where the weights are, across tables, and count up from 0', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const found = runJob(
          numberMixtures(rows.map((table) => fromRows(table.map(([a, b]) => [a / 7, b / 7])))),
        );
        const known = new Map<string, number>();
        const expected = rows.map((table) =>
          Int32Array.from(table, (weights) => {
            const key = weights.join();
            const number = known.get(key) ?? known.size;
            known.set(key, number);
            return number;
          }),
        );
        expect(found.map((numbers) => [...numbers])).toEqual(
          expected.map((numbers) => [...numbers]),
        );
      }),
    );
  });

  it('forgive what rounding does and nothing more', () => {
    const weights = [0.1 + 0.2, 1 - (0.1 + 0.2)];
    const [numbers] = runJob(
      numberMixtures([
        fromRows([[0.3, 0.7], weights, [0.3 + 1e-12, 0.7 - 1e-12], [0.3001, 0.6999]]),
      ]),
    );
    expect([...numbers]).toEqual([0, 0, 0, 1]);
  });

  it('distinguish many random mixtures, and find them again in another order', () => {
    const rows = 5000;
    const mixtures = runJob(sampleDirichlet(new Float64Array(20).fill(0.1), rows, 1));
    const reversed = { ...mixtures, values: mixtures.values.slice() };
    for (let row = 0; row < rows; row++) {
      const from = (rows - 1 - row) * mixtures.columns;
      reversed.values.set(
        mixtures.values.subarray(from, from + mixtures.columns),
        row * mixtures.columns,
      );
    }
    const [forth, back] = runJob(numberMixtures([mixtures, reversed]));
    expect([...back].reverse()).toEqual([...forth]);
    // Of so many sparse draws all but a few that put all weight on one domain differ.
    expect(new Set(forth).size).toBeGreaterThan(rows - 20);
  });
});
