import { expect, type Page, test } from '@playwright/test';
import { goTo, openMenu, showStage } from './page';
import { openSmall, smallStudyState } from './small-study';
import { chooseView, spaceViews, tooWide, unfoldAll, visitAll } from './visit';

test.use({ storageState: smallStudyState });

test.describe('every stage', () => {
  test('has charts with a description in words and numbers', async ({ page }) => {
    await openSmall(page);
    const missingFigures: string[] = [];
    const look = async () => {
      missingFigures.push(
        ...(await page.locator('main:visible figure.chart-frame:visible').evaluateAll((figures) =>
          figures
            .filter((figure) => {
              const told = [
                ...figure.querySelectorAll(
                  '[role][aria-label], section[aria-label], table[aria-label]',
                ),
              ];
              const words = told.map(
                (mark) => `${mark.ariaLabel} ${mark.getAttribute('aria-valuetext') ?? ''}`,
              );
              return !words.some((text) => /\d/.test(text) && text.length > 20);
            })
            .map((figure) => figure.querySelector('h3')?.textContent ?? 'a chart without a title'),
        )),
      );
    };
    await visitAll(page, look);
    for (const view of spaceViews) {
      const part = await chooseView(page, view);
      await expect(
        part.locator('[role=img], [role=slider], [role=group][aria-label]').first(),
      ).toBeVisible();
      await look();
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
      const look = async (name: string) => {
        await unfoldAll(page);
        await space(page, false);
        expect(await tooWide(page), name).toEqual([]);
        await space(page, true);
        expect(await tooWide(page), `${name}, spaced`).toEqual([]);
        await space(page, false);
      };
      await visitAll(page, look);
      for (const view of spaceViews) {
        await chooseView(page, view);
        await look(view);
      }
      await context.close();
    });
  }

  test('every control is 24 px wide and high, except links in a text', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await openSmall(page);
    const targets =
      'a[href], button, input, select, textarea, summary, [role=slider], [role=tab], [role=menuitem]';
    const small: string[] = [];
    await visitAll(page, async () => {
      await unfoldAll(page);
      small.push(...(await page.locator(targets).evaluateAll(tooSmall)));
    });
    expect(small).toEqual([]);
  });

  for (const width of [1440, 768, 390]) {
    test(`Start is tabbed through as it is seen at ${width} px`, async ({ page }) => {
      await page.setViewportSize({ width, height: 900 });
      await openSmall(page);
      await goTo(page, 'start');
      const main = page.locator('main[data-room="start"]');
      const blocks = await main
        .locator('.finding, .live-head, .door, .live-pictures, .recent')
        .filter({ visible: true })
        .evaluateAll((all) =>
          all.map((block) => {
            const { left, top } = block.getBoundingClientRect();
            return { name: block.className, left: Math.round(left), top: Math.round(top) };
          }),
        );
      expect(blocks.filter(({ name }) => name.startsWith('live-head'))).toHaveLength(1);
      expect(blocks).toEqual(blocks.toSorted((a, b) => a.top - b.top || a.left - b.left));
      // What is first has the focus first, in browsers that know no other order than the document's.
      const first = main.locator('a[href], button, input').filter({ visible: true }).first();
      const block = first.locator(
        'xpath=ancestor::*[contains(@class, "live-head") or contains(@class, "door")][last()]',
      );
      await expect(block).toHaveClass(width < 600 ? /live-head/ : /doors/);
    });
  }

  for (const [width, height] of [
    [1440, 700],
    [320, 256],
  ] as const) {
    test(`what has the focus is never hidden by a bar at ${width} px`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await openSmall(page);
      const hidden: string[] = [];
      let all = 0;
      await visitAll(page, async (name) => {
        await page.evaluate(() => window.scrollTo(0, 0));
        await page.locator('.bar button').first().focus();
        let stops = 0;
        for (; stops < 1000; stops++) {
          await page.keyboard.press('Tab');
          const seen = await focusSeen(page);
          if (seen === null) break;
          if (seen !== '') hidden.push(`${name}: ${seen}`);
        }
        // To the end of the page, past its sliders: a focus trap would cycle.
        expect(stops, name).toBeLessThan(1000);
        all += stops;
      });
      // A short walk would miss much.
      expect(all).toBeGreaterThan(300);
      expect(hidden).toEqual([]);
    });
  }
});

/** Controls less than 24 px wide or high. */
function tooSmall(elements: Element[]): string[] {
  return elements
    .filter((element) => {
      // Within a sentence the line's height holds (WCAG 2.5.8).
      const isInText = element.matches('a, .term-word');
      if (isInText && getComputedStyle(element).display.startsWith('inline')) return false;
      const label = element instanceof HTMLInputElement ? element.labels?.[0] : undefined;
      const isHidden = element.matches('[type=radio], [type=checkbox], [type=file]');
      const box = ((isHidden && label) || element).getBoundingClientRect();
      return box.width > 0 && box.height > 0 && Math.min(box.width, box.height) < 23.5;
    })
    .map((element) => `${element.closest('section')?.id}: ${element.outerHTML.slice(0, 120)}`);
}

/** WCAG 1.4.12: line, paragraph, letter and word spacing as wide as a reader may set it, or as designed. */
async function space(page: Page, isWide: boolean): Promise<void> {
  await page.evaluate((wide) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }',
    );
    document.adoptedStyleSheets = wide ? [sheet] : [];
  }, isWide);
}

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
    const bare: (string | null)[] = [];
    await visitAll(page, async () => {
      bare.push(
        ...(await page
          .locator('.bar button, .bar-line button, .button, .menu-button')
          .filter({ visible: true })
          .evaluateAll((buttons) =>
            buttons
              .filter((button) => Number.parseFloat(getComputedStyle(button).borderTopWidth) < 1)
              .map((button) => button.textContent),
          )),
      );
    });
    await goTo(page, 'answer');
    const ground = (selector: string, part?: string) =>
      page
        .locator(selector)
        .filter({ visible: true })
        .first()
        .evaluate((element, pseudo) => getComputedStyle(element, pseudo).backgroundColor, part);
    const paper = await ground('body');
    const canvas = await ground('html');
    expect([paper, canvas]).not.toContain(await ground('.slider-track', '::before'));
    expect([paper, canvas]).not.toContain(await ground('.slider-fill'));
    await showStage(page, 'interactions');
    const chosen = '.segmented-options label:has(input:checked) span';
    const other = '.segmented-options label:not(:has(input:checked)) span';
    expect(await ground(chosen)).not.toBe(await ground(other));
    const current = await ground('.room-tabs a[aria-current=page]');
    expect(current).not.toBe(await ground('.room-tabs a:not([aria-current])'));
    expect(bare).toEqual([]);
  });

  test('reduced motion stops all animations', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await openSmall(page);
    const moving: string[] = [];
    await visitAll(page, async () => {
      await unfoldAll(page);
      await openMenu(page, 'Light or dark');
      const found = await page.evaluate(() => [
        ...document.getAnimations().map(({ id }) => `animation ${id}`),
        ...[...document.querySelectorAll('body *')]
          .filter((element) => !/^0s(, 0s)*$/.test(getComputedStyle(element).transitionDuration))
          .map((element) => `${element.tagName}.${element.className}`),
      ]);
      moving.push(...found);
    });
    expect(moving).toEqual([]);
  });
});
