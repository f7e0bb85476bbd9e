import { expect, test } from 'vitest';
import { outcomesOf } from './habits.fixture';

/** Share of the cases that may be refused: each habit is one that must be read. */
const mostRefused = 0.05;

test('runs written with any mixture of habits are read to the same runs, or refused', async () => {
  const { different, refused, count } = await outcomesOf(1, 300);
  expect(different).toEqual([]);
  expect(refused.length / count, refused.slice(0, 5).join('\n')).toBeLessThan(mostRefused);
});
