import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { phasesFor, scheduleFormats, scheduleOf } from './schedule';

const first = Float64Array.of(0.75, 0.25);
const second = Float64Array.of(0.5, 0.5);
const last = Float64Array.of(0.125, 0.875);
const domains = [
  { id: 'cats', name: 'Cats' },
  { id: 'dogs', name: 'Dogs' },
];
const schedule = scheduleOf([
  { step: 100, weights: first },
  { step: 200, weights: second },
  { step: 400, weights: last },
]);

describe('a schedule', () => {
  it('reads up to a checkpoint what was best there, as shares of the training', () => {
    expect(schedule.map(({ from, to }) => [from, to])).toEqual([
      [0, 0.25],
      [0.25, 0.5],
      [0.5, 1],
    ]);
    expect(phasesFor(schedule, 1000)).toEqual({
      mixture: first,
      schedule: [
        { from: 250, mixture: second },
        { from: 500, mixture: last },
      ],
    });
  });

  it('begins at the first step and ascends within any training, however short', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 50 }),
        (steps, length) => {
          const moments = steps.sort((a, b) => a - b).map((step) => ({ step, weights: first }));
          const phases = phasesFor(scheduleOf(moments), length).schedule.map(({ from }) => from);
          expect(phases).toEqual([...new Set(phases)].sort((a, b) => a - b));
          for (const from of phases) {
            expect(from).toBeGreaterThanOrEqual(1);
            expect(from).toBeLessThan(length);
          }
        },
      ),
    );
  });

  it('is refused without checkpoints, and when steps do not ascend', () => {
    expect(() => scheduleOf([])).toThrow(/no losses on the way/);
    const twice = [
      { step: 5, weights: first },
      { step: 5, weights: last },
    ];
    expect(() => scheduleOf(twice)).toThrow(/must ascend/);
  });

  it('is written with its shares and weights', () => {
    const written = new Map(scheduleFormats.map(({ id, write }) => [id, write(domains, schedule)]));
    expect(written.get('csv')).toBe(
      'from,to,train_cats,train_dogs\n0,0.25,0.75,0.25\n0.25,0.5,0.5,0.5\n0.5,1,0.125,0.875\n',
    );
    const { phases } = JSON.parse(written.get('json') ?? '');
    expect(phases[2]).toEqual({ from: 0.5, to: 1, train: { cats: 0.125, dogs: 0.875 } });
    const yaml = parse(written.get('yaml') ?? '');
    expect(yaml.phases[1]).toEqual({
      from: 0.25,
      to: 0.5,
      train: { train_cats: 0.5, train_dogs: 0.5 },
    });
  });
});
