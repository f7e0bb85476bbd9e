import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedValue, shareOfRange, snap } from './slider';

const range = { min: 0, max: 100, step: 0.1, bigStep: 1 };

describe('keyedValue', () => {
  it('moves by a tenth, with Shift by one', () => {
    expect(keyedValue('ArrowRight', false, 30, range)).toBe(30.1);
    expect(keyedValue('ArrowLeft', false, 30, range)).toBe(29.9);
    expect(keyedValue('ArrowUp', true, 30, range)).toBe(31);
    expect(keyedValue('PageDown', false, 30, range)).toBe(29);
  });

  it('goes to the ends and stays there', () => {
    expect(keyedValue('End', false, 30, range)).toBe(100);
    expect(keyedValue('Home', false, 30, range)).toBe(0);
    expect(keyedValue('ArrowRight', true, 99.5, range)).toBe(100);
    expect(keyedValue('ArrowLeft', false, 250, range)).toBe(99.9);
  });

  it('ignores other keys', () => {
    expect(keyedValue('a', false, 30, range)).toBeNull();
  });

  it('adds up a hundred steps without a rounding error', () => {
    let value = 0;
    for (let press = 0; press < 100; press++)
      value = keyedValue('ArrowRight', false, value, range) ?? -1;
    expect(value).toBe(10);
  });
});

it('snaps into the range, to the nearest step', () => {
  fc.assert(
    fc.property(fc.double({ min: -50, max: 150, noNaN: true }), (value) => {
      const snapped = snap(value, range);
      expect(snapped).toBeGreaterThanOrEqual(0);
      expect(snapped).toBeLessThanOrEqual(100);
      if (value >= 0 && value <= 100)
        expect(Math.abs(snapped - value)).toBeLessThanOrEqual(0.05 + 1e-9);
      expect(snap(snapped, range)).toBe(snapped);
    }),
  );
});

it('gives the position of a value, also outside the range', () => {
  expect(shareOfRange(25, range)).toBe(0.25);
  expect(shareOfRange(-5, range)).toBe(0);
  expect(shareOfRange(500, range)).toBe(1);
  expect(shareOfRange(1, { ...range, max: 0 })).toBe(0);
});
