import { test } from 'vitest';
import { expectRobust, variants, write } from './parquet.fixture';

test.each(variants)('Parquet, %s and damaged, is a table or refused', async (_, options) => {
  await expectRobust(write(options), 3_400);
});
