import { expect, test } from '@playwright/test';
import { findSameBits, leastFound, serveSameBits } from '../same-bits/serve';
import { launchFirefox } from './launch-firefox';

test('in Firefox, what a seed gives and what is trained from it have the bits known from Node', async () => {
  const browser = await launchFirefox();
  if (!browser) {
    test.skip(true, 'no Firefox: install firefox-esr, or set FIREFOX_PATH');
    return;
  }
  const served = await serveSameBits();
  try {
    const page = await browser.newPage();
    await page.goto(served.url);
    const all = await findSameBits(page);
    expect(all.length).toBeGreaterThanOrEqual(leastFound);
    for (const { name, expected, found } of all) expect.soft(found, name).toBe(expected);
  } finally {
    served.close();
    await browser.close();
  }
});
