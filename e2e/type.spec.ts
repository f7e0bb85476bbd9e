import { expect, type Page, type Route, test } from '@playwright/test';
import { openLive } from './page';

/** The fonts in which the text of an element is drawn, by Chromium. */
async function fontsOf(page: Page, selector: string): Promise<string[]> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('DOM.enable');
  await devtools.send('CSS.enable');
  const { root } = await devtools.send('DOM.getDocument');
  const { nodeId } = await devtools.send('DOM.querySelector', { nodeId: root.nodeId, selector });
  const { fonts } = await devtools.send('CSS.getPlatformFontsForNode', { nodeId });
  await devtools.detach();
  return fonts.map(({ familyName }) => familyName);
}

test.describe('type', () => {
  test('is Inter, served by this site, of which only the Latin part is loaded before', async ({
    page,
  }) => {
    await openLive(page);
    const preloads = page.locator('link[rel=preload][as=font]');
    await expect(preloads).toHaveCount(1);
    const [latin] = await preloads.evaluateAll((links) =>
      links.map((link) => link.getAttribute('href') ?? ''),
    );
    // A first visit draws what was there at once: the next ones have it stored.
    await expect
      .poll(async () => {
        await page.reload();
        return fontsOf(page, '.quiet');
      })
      .toEqual([expect.stringContaining('Inter')]);
    const { now } = await page.evaluate(async () => {
      const script = await (await fetch('/sw.js')).text();
      return JSON.parse(script.slice(script.indexOf('{'), script.indexOf('};') + 1)) as {
        now: string[];
      };
    });
    expect(now).toContain(latin);
    expect(now.filter((path) => path.endsWith('.woff2')).length).toBeGreaterThan(1);
  });

  test('moves nothing when it arrives late, and its figures have one width', async ({ page }) => {
    const held: Route[] = [];
    await page.route(/\.woff2$/, (route) => {
      held.push(route);
    });
    // A preload that is held holds the load event.
    await page.goto('/learn', { waitUntil: 'domcontentloaded' });
    await expect(page.locator('html')).toHaveAttribute('data-live', 'true');
    await page.evaluate(() => {
      const shifts: number[] = [];
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          if ('value' in entry && typeof entry.value === 'number') shifts.push(entry.value);
        }
      }).observe({ type: 'layout-shift' });
      Object.assign(window, { shifts });
    });
    expect(held.length).toBeGreaterThan(0);
    for (const route of held) await route.continue();
    await page.evaluate(async () => {
      await document.fonts.ready;
      for (let frame = 0; frame < 5; frame++) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    });
    const shifted = await page.evaluate(() =>
      'shifts' in window && Array.isArray(window.shifts)
        ? window.shifts.reduce<number>((sum, value) => sum + Number(value), 0)
        : Number.NaN,
    );
    expect(shifted).toBeLessThan(0.01);
  });

  test('has a stand-in of its size', async ({ page }) => {
    await openLive(page);
    const sizes = await page.evaluate(async () => {
      const inter = getComputedStyle(document.documentElement).getPropertyValue('--inter-latin');
      await Promise.all([400, 650].map((weight) => document.fonts.load(`${weight} 14px ${inter}`)));
      const measure = (family: string, weight: number, text: string) => {
        const box = document.createElement('span');
        box.style.cssText = `position: absolute; white-space: nowrap; line-height: normal; font-weight: ${weight}; font-size: 100px; font-family: ${family}`;
        box.textContent = text;
        document.body.append(box);
        const { width, height } = box.getBoundingClientRect();
        box.remove();
        return { width, height };
      };
      const text =
        'A language model learns from text of several kinds. How much of each should it read? Every mixture that you try is a training.';
      return {
        isThere:
          measure('"Inter stand-in", monospace', 400, text).width !==
          measure('monospace', 400, text).width,
        digits: [...'0123456789'].map((digit) => measure(inter, 400, digit.repeat(10)).width),
        pairs: [400, 650].map((weight) => [
          measure(inter, weight, text),
          measure('"Inter stand-in"', weight, text),
        ]),
      };
    });
    for (const width of sizes.digits) expect(width).toBeCloseTo(sizes.digits[0], 1);
    test.skip(!sizes.isThere, 'this machine has no font of Arial’s widths');
    for (const [inter, standIn] of sizes.pairs) {
      expect(Math.abs(standIn.width / inter.width - 1)).toBeLessThan(0.02);
      expect(Math.abs(standIn.height / inter.height - 1)).toBeLessThan(0.02);
    }
  });
});
