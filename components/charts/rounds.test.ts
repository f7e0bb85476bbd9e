import { describe, expect, it } from 'vitest';
import { relativeLuminance } from './colors';
import { roundColors, roundItems, roundMark, roundsPresent } from './rounds';

const papers = { light: '#fbfaf7', dark: '#15171b' };

function contrast(a: string, b: string): number {
  const [low, high] = [relativeLuminance(a), relativeLuminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe('roundMark', () => {
  it('gives the first round ink and a circle', () => {
    const { color, shape } = roundMark(0);
    expect(color).toBe('var(--ink)');
    expect(shape(10, 20, 3)).toBe('M7 20a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z');
  });

  it('gives twenty later rounds distinct marks', () => {
    const marks = Array.from({ length: 21 }, (_, round) => {
      const { color, shape } = roundMark(round);
      return `${color} ${shape(0, 0, 10)}`;
    });
    expect(new Set(marks).size).toBe(21);
    expect(roundMark(1000).shape(0, 0, 1)).toMatch(/^M/);
  });

  it('changes shape as well as colour from one round to the next', () => {
    for (let round = 0; round < 12; round++) {
      expect(roundMark(round).shape(0, 0, 10)).not.toBe(roundMark(round + 1).shape(0, 0, 10));
      expect(roundMark(round).color).not.toBe(roundMark(round + 1).color);
    }
  });

  it('keeps shapes about as large as the circle, around their place', () => {
    for (let round = 1; round <= 5; round++) {
      const corners = [
        ...roundMark(round)
          .shape(100, 50, 10)
          .matchAll(/(-?[\d.]+) (-?[\d.]+)/g),
      ];
      const points = corners.map(([, x, y]) => [Number(x) - 100, Number(y) - 50]);
      const doubled = points.reduce((sum, [x, y], at) => {
        const [nextX, nextY] = points[(at + 1) % points.length];
        return sum + x * nextY - nextX * y;
      }, 0);
      expect(Math.abs(doubled) / 2).toBeGreaterThan(0.8 * Math.PI * 100);
      expect(Math.abs(doubled) / 2).toBeLessThan(1.3 * Math.PI * 100);
    }
  });

  it('stands out from paper in both themes', () => {
    for (const color of roundColors) {
      expect(contrast(color.light, papers.light)).toBeGreaterThanOrEqual(3);
      expect(contrast(color.dark, papers.dark)).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('roundsPresent', () => {
  it('lists rounds once, ascending, and the first when nothing is known', () => {
    expect(roundsPresent(Int32Array.of(2, 0, 10, 2))).toEqual([0, 2, 10]);
    expect(roundsPresent(null)).toEqual([0]);
    expect(roundsPresent([])).toEqual([0]);
  });
});

describe('roundItems', () => {
  it('needs no legend for one round', () => {
    expect(roundItems([0])).toEqual([]);
  });

  it('names rounds, and many of them together', () => {
    expect(roundItems([0, 3]).map(({ label }) => label)).toEqual(['round 0', 'round 3']);
    const labels = roundItems(Array.from({ length: 11 }, (_, round) => round)).map(
      ({ label }) => label,
    );
    expect(labels).toHaveLength(8);
    expect(labels[7]).toBe('round 7 and 3 later');
  });
});
