import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { phasesFor, scheduleAdvice, scheduleFormats, scheduleOf } from './schedule';

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
    expect(() => scheduleOf([])).toThrow(/no losses at checkpoints/);
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

describe('a schedule for trainers', () => {
  const named = ['cats', 'no'].map((id) => ({ id, name: id, column: `train_the_pile_${id}` }));
  const plain = ['cats', 'no'].map((id) => ({ id, name: id }));
  const write = (id: string, columns: typeof plain, phases = schedule) =>
    scheduleFormats.find((format) => format.id === id)?.write(columns, phases) ?? '';

  it('has the names of the user’s file', () => {
    const names = named.map(({ column }) => column);
    expect(write('csv', named).split('\n')[0]).toBe(`from,to,${names.join(',')}`);
    expect(Object.keys(JSON.parse(write('json', named)).phases[0].train)).toEqual(names);
    expect(Object.keys(parse(write('yaml', named)).phases[0].train)).toEqual(names);
    expect(Object.keys(JSON.parse(write('json', plain)).phases[0].train)).toEqual(['cats', 'no']);
  });

  it('has shares that YAML 1.1 reads as numbers, however early its first checkpoint', () => {
    const early = scheduleOf([
      { step: 1, weights: first },
      { step: 3e7, weights: last },
    ]);
    for (const version of ['1.1', '1.2'] as const) {
      const { phases } = parse(write('yaml', plain, early), { version });
      expect(phases[0].to).toBeCloseTo(1 / 3e7, 11);
      expect(phases[1].from).toBe(phases[0].to);
    }
    // PyYAML takes a number with an exponent and no point for text.
    expect(write('yaml', plain, early)).not.toMatch(/\de-?\d/);
  });

  it('is refused at a weight that is not finite and a name that no file can hold', () => {
    const broken = [{ from: 0, to: 1, weights: Float64Array.of(1, Number.NaN) }];
    const strange = [plain[0], { id: 'a\ufffe', name: 'a' }];
    for (const { id } of scheduleFormats) {
      expect(() => write(id, plain, broken), id).toThrow('The weight of no is NaN');
      expect(() => write(id, strange), id).toThrow('U+FFFE');
    }
  });
});

describe('the advice on a schedule', () => {
  const reason = 'unseen mixtures are ranked right (rho 0.99, 168 runs)';
  const train = { advice: { verb: 'train', words: 'Train on', reason } } as const;
  const tried = { advice: { verb: 'try', words: 'Try', reason: '16 runs are few' } } as const;
  const none = { advice: { verb: 'none', words: 'Not enough runs to say', reason: '' } } as const;

  it('is that of its weakest checkpoint, and none where the last has none', () => {
    expect(scheduleAdvice([train, train])).toEqual(train.advice);
    expect(scheduleAdvice([tried, train])).toEqual(tried.advice);
    expect(scheduleAdvice([none, train])).toEqual({
      verb: 'try',
      words: 'Try',
      reason: 'the runs at 1 checkpoint do not tell mixtures apart',
    });
    expect(scheduleAdvice([train, none])).toEqual(none.advice);
  });

  it('stands in files that have room for it', () => {
    const written = scheduleFormats.map(({ write }) =>
      write([{ id: 'a', name: 'A' }], [{ from: 0, to: 1, weights: Float64Array.of(1) }], {
        note: 'Try it.',
      }),
    );
    expect(written[0]).toMatch(/^# Try it\.\nphases:/);
    expect(written[1]).not.toContain('Try it.');
    expect(JSON.parse(written[2]).note).toBe('Try it.');
  });
});
