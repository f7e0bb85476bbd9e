import { expect, it } from 'vitest';
import { goldens, trainGolden } from './golden.fixture';

it.each(goldens)('a proxy of $size has the same bits after 60 steps', async (golden) => {
  expect(await trainGolden(golden.size)).toEqual(golden);
});
