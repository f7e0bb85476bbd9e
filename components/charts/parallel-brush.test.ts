import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  brushedRows,
  brushedText,
  dragged,
  endsOf,
  gripAt,
  keyed,
  type Range,
} from './parallel-brush';
import { type ParallelAxis, parallelGeometry } from './parallel-geometry';

function axis(key: string, values: readonly number[], kind: ParallelAxis['kind'] = 'weight') {
  return { key, label: key, unit: '', values: Float64Array.from(values), kind };
}

const [weight, target] = parallelGeometry(
  [axis('web', [0, 0.5, 0.8]), axis('loss', [2, 3, 4], 'target')],
  [],
  0,
  400,
).places;

const share = fc.double({ min: 0, max: 1, noNaN: true });
const value = fc.double({ min: 0, max: 1 });

describe('brushedRows', () => {
  it('selects exactly the runs inside every range', () => {
    const columns = fc.array(fc.array(value, { minLength: 6, maxLength: 6 }), {
      minLength: 1,
      maxLength: 4,
    });
    const ranges = fc.dictionary(fc.constantFrom('0', '1', '2', '9'), fc.tuple(share, share));
    fc.assert(
      fc.property(columns, ranges, (values, drawn) => {
        const brushes = new Map<string, Range>(
          Object.entries(drawn).map(([key, [a, b]]) => [key, [Math.min(a, b), Math.max(a, b)]]),
        );
        const rows = brushedRows(
          values.map((column, place) => axis(String(place), column)),
          brushes,
        );
        const expected = values[0].map((_, row) =>
          values.every((column, place) => {
            const range = brushes.get(String(place));
            return !range || (range[0] <= column[row] && column[row] <= range[1]);
          }),
        );
        expect([...rows]).toEqual(expected.map(Number));
      }),
    );
  });

  it('counts a missing value as outside, and all runs as inside without a brush', () => {
    const axes = [axis('loss', [1, Number.NaN, 3])];
    expect([...brushedRows(axes, new Map([['loss', [0, 9] as const]]))]).toEqual([1, 0, 1]);
    expect([...brushedRows(axes, new Map())]).toEqual([1, 1, 1]);
    expect(brushedRows([], new Map())).toHaveLength(0);
  });

  it('is described in words', () => {
    expect(brushedText(Uint8Array.of(1, 0, 1))).toBe('2 of 3 runs brushed');
    expect(brushedText(Uint8Array.of(0))).toBe('0 of 1 run brushed');
  });
});

describe('gestures', () => {
  it('draws a brush between its start and the pointer, whichever is higher', () => {
    fc.assert(
      fc.property(share, share, (from, to) => {
        const drag = { axis: 0, grip: 'new' as const, from, ends: [0, 1] as const };
        const range = dragged(target, drag, to);
        if (range === null) {
          expect(Math.abs(from - to)).toBeCloseTo(1, 6);
          return;
        }
        const [low, high] = endsOf(target, range);
        expect(low).toBeCloseTo(Math.min(from, to), 6);
        expect(high).toBeCloseTo(Math.max(from, to), 6);
      }),
    );
  });

  it('keeps the length of a moved brush, and keeps it on the axis', () => {
    fc.assert(
      fc.property(share, share, share, share, (a, b, from, to) => {
        const ends = [Math.min(a, b), Math.max(a, b)] as const;
        fc.pre(ends[1] - ends[0] < 0.99);
        const range = dragged(weight, { axis: 0, grip: 'whole', from, ends }, to);
        if (range === null) throw new Error('a moved brush does not cover its axis');
        const [low, high] = endsOf(weight, range);
        expect(high - low).toBeCloseTo(ends[1] - ends[0], 6);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('never lets one end pass the other', () => {
    fc.assert(
      fc.property(share, share, share, fc.constantFrom('low', 'high'), (a, b, to, grip) => {
        const ends = [Math.min(a, b), Math.max(a, b)] as const;
        const range = dragged(weight, { axis: 0, grip, from: 0.5, ends }, to);
        if (range) expect(range[0]).toBeLessThanOrEqual(range[1]);
      }),
    );
  });

  it('grabs ends or the inside, or starts a new brush', () => {
    const range = [target.at(0.3), target.at(0.6)] as const;
    expect(gripAt(target, range, 0.31, 0.02)).toBe('low');
    expect(gripAt(target, range, 0.59, 0.02)).toBe('high');
    expect(gripAt(target, range, 0.45, 0.02)).toBe('whole');
    expect(gripAt(target, range, 0.9, 0.02)).toBe('new');
    expect(gripAt(target, undefined, 0.31, 0.02)).toBe('new');
  });
});

describe('keyed', () => {
  it('moves an end in steps, and clears a brush over the whole axis', () => {
    const once = keyed(target, undefined, 'low', 'ArrowUp');
    if (!once) throw new Error('an arrow begins a brush');
    expect(endsOf(target, once)[0]).toBeCloseTo(0.01, 9);
    expect(once[1]).toBe(target.domain[1]);
    expect(keyed(target, once, 'low', 'ArrowDown')).toBeNull();
    expect(keyed(target, undefined, 'high', 'ArrowUp')).toBeNull();
  });

  it('stops at the end of the axis or the other end of the brush', () => {
    const range = [weight.at(0.2), weight.at(0.7)] as const;
    expect(keyed(weight, range, 'low', 'Home')?.[0]).toBe(0);
    expect(keyed(weight, range, 'high', 'End')?.[1]).toBe(weight.domain[1]);
    const met = keyed(weight, range, 'low', 'End');
    expect(met?.[0]).toBeCloseTo(range[1], 9);
  });

  it('clears on escape and delete and ignores other keys', () => {
    expect(keyed(weight, [0.1, 0.2], 'low', 'Escape')).toBeNull();
    expect(keyed(weight, [0.1, 0.2], 'high', 'Delete')).toBeNull();
    expect(keyed(weight, [0.1, 0.2], 'high', 'x')).toBeUndefined();
  });
});
