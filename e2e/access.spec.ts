import { expect, type Page, test } from '@playwright/test';
import { openSmall, smallStudyState } from './small-study';
import { chooseView, spaceViews, tooWide, unfoldAll, visitAll } from './visit';

test.use({ storageState: smallStudyState });

test.describe('every stage', () => {
  test('has charts with a description in words and numbers', async ({ page }) => {
    await openSmall(page);
    await visitAll(page);
    const missingFigures: string[] = [];
    for (const view of spaceViews) {
      await chooseView(page, view);
      await expect(
        page.locator('#space').locator('[role=img], [role=slider]').first(),
      ).toBeVisible();
      // The learning curve is drawn once all of its fits are made.
      await expect(page.locator('figure.chart-frame progress')).toHaveCount(0, { timeout: 60_000 });
      missingFigures.push(
        ...(await page.locator('main figure.chart-frame').evaluateAll((figures) =>
          figures
            .filter((figure) => {
              const told = [...figure.querySelectorAll('[role][aria-label], section[aria-label]')];
              const words = told.map(
                (mark) => `${mark.ariaLabel} ${mark.getAttribute('aria-valuetext') ?? ''}`,
              );
              return !words.some((text) => /\d/.test(text) && text.length > 20);
            })
            .map((figure) => figure.querySelector('h3')?.textContent ?? 'a chart without a title'),
        )),
      );
    }
    expect(missingFigures).toEqual([]);
  });
});

test.describe('room', () => {
  for (const [width, height, scale] of [
    [360, 780, 1],
    // 1280 x 1024 pixels at 400% and 1440 x 900 at 200%.
    [320, 256, 4],
    [720, 450, 2],
  ] as const) {
    test(`nothing scrolls sideways at ${width} px, in any stage or view, with wide spacing neither`, async ({
      browser,
    }) => {
      const context = await browser.newContext({
        viewport: { width, height },
        deviceScaleFactor: scale,
        serviceWorkers: 'block',
      });
      const page = await context.newPage();
      await openSmall(page);
      await visitAll(page);
      await unfoldAll(page);
      for (const view of spaceViews) {
        await chooseView(page, view);
        expect(await tooWide(page), view).toEqual([]);
      }
      // WCAG 1.4.12: line, paragraph, letter and word spacing as wide as a reader may set it.
      await page.evaluate(() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(
          '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }',
        );
        document.adoptedStyleSheets = [sheet];
      });
      expect(await tooWide(page), 'spaced').toEqual([]);
      await context.close();
    });
  }

  test('every control is 24 px wide and high, except links in a text', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await openSmall(page);
    await visitAll(page);
    await unfoldAll(page);
    const targets =
      'a[href], button, input, select, textarea, summary, [role=slider], [role=tab], [role=menuitem]';
    const small = await page.locator(targets).evaluateAll((elements) =>
      elements
        .filter((element) => {
          if (element.matches('a') && getComputedStyle(element).display === 'inline') return false;
          const label = element instanceof HTMLInputElement ? element.labels?.[0] : undefined;
          const isHidden = element.matches('[type=radio], [type=checkbox], [type=file]');
          const box = ((isHidden && label) || element).getBoundingClientRect();
          return box.width > 0 && box.height > 0 && Math.min(box.width, box.height) < 23.5;
        })
        .map((element) => `${element.closest('section')?.id}: ${element.outerHTML.slice(0, 120)}`),
    );
    expect(small).toEqual([]);
  });

  for (const [width, height] of [
    [1440, 700],
    [320, 256],
  ] as const) {
    test(`what has the focus is never hidden by a bar at ${width} px`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await openSmall(page);
      await visitAll(page);
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.locator('.bar button').first().focus();
      const hidden: string[] = [];
      let stops = 0;
      for (; stops < 1000; stops++) {
        await page.keyboard.press('Tab');
        const seen = await focusSeen(page);
        if (seen === null) break;
        if (seen !== '') hidden.push(seen);
      }
      // To the end of the page, past its sliders: a focus trap would cycle, and a short walk would
      // miss much.
      expect(stops).toBeGreaterThan(100);
      expect(stops).toBeLessThan(1000);
      expect(hidden).toEqual([]);
    });
  }
});

/** An empty text if part of the focused element is visible, its name if not, null past the end. */
async function focusSeen(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return null;
    const target = focused.matches('.visually-hidden')
      ? (focused.closest('label') ?? focused)
      : focused;
    const box = target.getBoundingClientRect();
    const parts = [0.05, 0.5, 0.95];
    const seen = parts.some((across) =>
      parts.some((down) => {
        const hit = document.elementFromPoint(
          box.left + across * box.width,
          box.top + down * box.height,
        );
        return hit !== null && (target.contains(hit) || hit.contains(target));
      }),
    );
    return seen ? '' : `${focused.closest('section')?.id}: ${focused.outerHTML.slice(0, 120)}`;
  });
}

test.describe('system settings', () => {
  test('forced colours leave tracks, options and buttons visible', async ({ page }) => {
    await page.emulateMedia({ forcedColors: 'active' });
    await openSmall(page);
    await visitAll(page);
    const ground = (selector: string, part?: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element, pseudo) => getComputedStyle(element, pseudo).backgroundColor, part);
    const paper = await ground('body');
    const canvas = await ground('html');
    expect([paper, canvas]).not.toContain(await ground('.slider-track', '::before'));
    expect([paper, canvas]).not.toContain(await ground('.slider-fill'));
    const chosen = '.segmented-options label:has(input:checked) span';
    const other = '.segmented-options label:not(:has(input:checked)) span';
    expect(await ground(chosen)).not.toBe(await ground(other));
    const current = await ground('.rail a[aria-current=true]');
    expect(current).not.toBe(await ground('.rail a:not([aria-current])'));
    const bare = await page
      .locator('.bar button, .button, .menu-button')
      .evaluateAll((buttons) =>
        buttons
          .filter((button) => Number.parseFloat(getComputedStyle(button).borderTopWidth) < 1)
          .map((button) => button.textContent),
      );
    expect(bare).toEqual([]);
  });

  test('reduced motion stops all animations', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await openSmall(page);
    await visitAll(page);
    await unfoldAll(page);
    await page.locator('.bar').getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Light or dark' }).click();
    const moving = await page.evaluate(() => [
      ...document.getAnimations().map(({ id }) => `animation ${id}`),
      ...[...document.querySelectorAll('body *')]
        .filter((element) => !/^0s(, 0s)*$/.test(getComputedStyle(element).transitionDuration))
        .map((element) => `${element.tagName}.${element.className}`),
    ]);
    expect(moving).toEqual([]);
  });
});
