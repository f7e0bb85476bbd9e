import { describe, expect, it } from 'vitest';
import { bestSoFar } from './loss-curves';

const domains = ['es', 'de'].map((id) => ({ id, name: id.toUpperCase() })) as Parameters<
  typeof bestSoFar
>[0]['domains'];
const run = (id: string, ...losses: number[]) => ({
  id,
  evaluations: [
    { step: 5, losses: [0, 0] },
    { step: 9, losses },
  ],
});

describe('the best proxy so far', () => {
  const finished = [run('1', 2, 3), run('2', 1.5, 4), run('3', Number.NaN, 1), run('4', 1.5, 2)];

  it('has the lowest loss on the target at its end; of equal ones the first', () => {
    expect(bestSoFar({ domains }, finished, 'es')).toEqual({ id: '2', loss: 1.5, of: 'ES loss' });
    expect(bestSoFar({ domains }, finished, 'de')?.id).toBe('3');
  });

  it('has the lowest mean loss where the target is no domain trained on', () => {
    expect(bestSoFar({ domains }, finished, 'web')).toEqual({
      id: '4',
      loss: 1.75,
      of: 'mean loss',
    });
  });

  it('is none before one has finished, nor where none was measured', () => {
    expect(bestSoFar({ domains }, [], 'es')).toBeNull();
    expect(bestSoFar({ domains }, [run('1', Number.NaN, Number.NaN)], 'es')).toBeNull();
  });
});
