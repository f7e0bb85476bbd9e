import { expect, test } from 'vitest';
import { outcomesOf } from './habits.fixture';

const cases = 10_000;
/** Share of the cases that may be refused: each habit is one that must be read. */
const mostRefused = 0.02;

test('10,000 files with any mixture of habits are read to the same runs, or refused', async () => {
  const { different, refused, count } = await outcomesOf(100_000, cases);
  expect(count).toBe(cases);
  expect(different).toEqual([]);
  expect(refused.length / count, refused.slice(0, 5).join('\n')).toBeLessThan(mostRefused);
});
