import { expect, test } from '@playwright/test';
import { findSameBits, leastFound, serveSameBits } from './same-bits/serve';

test('in Chromium, what a seed gives and what is trained from it have the bits known from Node', async ({
  page,
}) => {
  const served = await serveSameBits();
  try {
    await page.goto(served.url);
    const all = await findSameBits(page);
    expect(all.length).toBeGreaterThanOrEqual(leastFound);
    for (const { name, expected, found } of all) expect.soft(found, name).toBe(expected);
  } finally {
    served.close();
  }
});
