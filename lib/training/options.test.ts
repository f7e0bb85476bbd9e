import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planEvaluations, trainingFor } from './options';
import { sizes } from './shape';

const whole = (most: number) => fc.integer({ min: 1, max: most });

describe('a plan of evaluations', () => {
  it('takes no more passes than the training does, once one evaluation on one batch is paid', () => {
    fc.assert(
      fc.property(whole(5000), whole(32), whole(200), whole(12), (steps, rows, domains, most) => {
        const { evaluateAt, windows } = planEvaluations({ steps, rows }, domains, most);
        const passes = evaluateAt.length * domains * Math.ceil(windows / rows);
        expect(passes).toBeLessThanOrEqual(Math.max(3 * steps, domains));
        expect(windows).toBeGreaterThanOrEqual(Math.min(rows, 128));
        expect(windows).toBeLessThanOrEqual(128);
      }),
    );
  });

  it('ends with the last step, and evaluates no step twice', () => {
    fc.assert(
      fc.property(whole(500), whole(20), whole(12), (steps, domains, most) => {
        const { evaluateAt } = planEvaluations({ steps, rows: 8 }, domains, most);
        expect(evaluateAt.at(-1)).toBe(steps);
        expect(evaluateAt.length).toBeLessThanOrEqual(most);
        const ascending = [...new Set(evaluateAt)].sort((a, b) => a - b);
        expect(evaluateAt).toEqual(ascending);
        expect(evaluateAt[0]).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it.each([
    ['the Languages study', '20k', 300_000, 8, 4],
    ['the Software study', '7k', 200_000, 5, 4],
    ['a verification as the page suggests it', '100k', 300_000, 8, 8],
  ] as const)(
    'leaves %s its 128 windows and all of its evaluations',
    (_, size, tokens, domains, most) => {
      const training = trainingFor(tokens, sizes[size].context, 1e-3);
      const { windows, evaluateAt } = planEvaluations(training, domains, most);
      expect(windows).toBe(128);
      expect(evaluateAt).toEqual(
        Array.from({ length: most }, (_, place) =>
          Math.round((training.steps * (place + 1)) / most),
        ),
      );
    },
  );

  it('gives up text before it gives up evaluations', () => {
    const of = (steps: number) => planEvaluations({ steps, rows: 8 }, 8, 8);
    expect(of(300)).toMatchObject({ windows: 112 });
    expect(of(300).evaluateAt).toHaveLength(8);
    expect(of(8)).toEqual({ windows: 8, evaluateAt: [3, 5, 8] });
    expect(of(1)).toEqual({ windows: 8, evaluateAt: [1] });
  });
});
