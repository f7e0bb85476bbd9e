import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judge, readRecorded } from './results';

const names = { optimum: 'the optimum', prior: 'the prior', uniform: 'uniform' };

describe.each(['languages', 'schedule'])('the recorded verification of %s', (study) => {
  const text = readFileSync(`docs/data/verify-${study}.json`, 'utf8');

  it('has the comparisons and the verdict that its own losses give', () => {
    const recorded = readRecorded(text);
    const raw: { candidates: { id: string; losses: Record<string, number> }[] } = JSON.parse(text);
    const points = raw.candidates.flatMap(({ id, losses }) =>
      Object.entries(losses).map(([seed, loss]) => ({
        candidate: id,
        seed: Number(seed),
        step: 1,
        losses: [loss],
      })),
    );
    const candidates = raw.candidates.map(({ id }) => ({
      id,
      name: new Map(Object.entries(names)).get(id) ?? `the ${id}`,
    }));
    const found = judge(points, candidates, recorded.seeds, 1, { place: 0, name: 'Spanish loss' });
    expect(recorded.verdict).toBe(found.verdict);
    expect(recorded.comparisons).toHaveLength(2);
    for (const [place, { mean, half, adjustedP, outcome }] of recorded.comparisons.entries()) {
      expect(mean).toBeCloseTo(found.comparisons[place].mean, 12);
      expect(half).toBeCloseTo(found.comparisons[place].half, 12);
      expect(adjustedP).toBeCloseTo(found.comparisons[place].adjustedP, 12);
      expect(outcome).toBe(found.comparisons[place].outcome);
    }
  });

  it('is refused when it is something else', () => {
    expect(() => readRecorded('{"study":"languages"}')).toThrow();
  });
});
