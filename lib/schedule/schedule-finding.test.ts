import { describe, expect, it } from 'vitest';
import { type SchedulePhase, scheduleFinding } from './schedule';

const domains = [
  { id: 'a', name: 'Ants' },
  { id: 'b', name: 'Bees' },
];
const phasesOf = (...shares: readonly number[]): SchedulePhase[] =>
  shares.map((share, place) => ({
    from: place / shares.length,
    to: (place + 1) / shares.length,
    weights: Float64Array.of(share, 1 - share),
  }));

describe('the finding of a schedule', () => {
  it('reports what moves between its ends', () => {
    expect(scheduleFinding(domains, phasesOf(0.2, 0.4, 0.515, 0.5), 'X')).toBe(
      'Over training 30% of the weight of the optimum for X moves: Ants from 20% to 50%, Bees from 80% to 50%.',
    );
  });

  it('reports weight that moves and comes back', () => {
    expect(scheduleFinding(domains, phasesOf(0.2, 0.12, 0.4, 0.2), 'X')).toBe(
      'Between 25% and 50% of the training 28% of the weight of the optimum for X moves: Ants from 12% to 40%, Bees from 88% to 60%.',
    );
  });

  it('reports when almost nothing moves, and when there is one checkpoint', () => {
    expect(scheduleFinding(domains, phasesOf(0.2, 0.21, 0.2), 'X')).toContain('hardly changes');
    expect(scheduleFinding(domains, phasesOf(0.2), 'X')).toContain('is too few for a schedule');
  });
});
