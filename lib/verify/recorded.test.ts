import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pairedDifference } from './paired';
import { readRecorded } from './results';

const text = readFileSync('docs/data/verify-languages.json', 'utf8');

describe('the recorded verification', () => {
  it('has the comparisons that its own losses give', () => {
    const { comparisons } = readRecorded(text);
    const raw: { candidates: { id: string; losses: Record<string, number> }[] } = JSON.parse(text);
    const lossesOf = (id: string) => {
      const found = raw.candidates.find((each) => each.id === id);
      return new Map(Object.entries(found?.losses ?? {}).map(([seed, loss]) => [+seed, loss]));
    };
    expect(comparisons).toHaveLength(2);
    for (const { candidate, other, mean, half } of comparisons) {
      const found = pairedDifference(lossesOf(candidate), lossesOf(other));
      expect(mean).toBeCloseTo(found.mean, 12);
      expect(half).toBeCloseTo(found.half, 12);
    }
  });

  it('is refused when it is something else', () => {
    expect(() => readRecorded('{"study":"languages"}')).toThrow();
  });
});
