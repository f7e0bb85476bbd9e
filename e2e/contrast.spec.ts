import { expect, type Locator, type Page, test } from '@playwright/test';
import { showStage } from './page';
import { openSmall, smallStudyState } from './small-study';
import { visitAll } from './visit';

test.use({ storageState: smallStudyState });

/** The least contrast of text by WCAG 2.2, 1.4.3. */
const least = 4.5;

/** Contrast of an element's text on its own background, by WCAG 2.2's relative luminance. */
async function contrastOf(button: Locator): Promise<number> {
  return button.evaluate((element) => {
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no canvas');
    const { backgroundColor, color } = getComputedStyle(element);
    const paper = getComputedStyle(document.documentElement).backgroundColor;
    const luminance = (...layers: string[]) => {
      for (const layer of layers) {
        context.fillStyle = layer;
        context.fillRect(0, 0, 1, 1);
      }
      const [r, g, b] = Array.from(context.getImageData(0, 0, 1, 1).data.slice(0, 3), (byte) => {
        const share = byte / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = luminance(paper, backgroundColor);
    const text = luminance(paper, backgroundColor, color);
    return (Math.max(behind, text) + 0.05) / (Math.min(behind, text) + 0.05);
  });
}

for (const theme of ['light', 'dark'] as const) {
  test(`primary buttons stay legible in every state, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await openSmall(page);
    await page
      .locator('html')
      .evaluate((html, name) => html.setAttribute('data-theme', name), theme);
    let tried = 0;
    await visitAll(page, async () => {
      tried += await tryButtons(page);
    });
    expect(tried).toBeGreaterThan(2);
  });
}

/** Looks at every primary button on view in all of its states. @returns how many there are */
async function tryButtons(page: Page): Promise<number> {
  const buttons = page.locator('.primary:visible:not(:disabled):not([aria-disabled="true"])');
  const count = await buttons.count();
  for (let place = 0; place < count; place++) {
    const button = buttons.nth(place);
    const name = await button.innerText();
    await button.scrollIntoViewIfNeeded();
    const states = {
      rest: () => page.mouse.move(0, 0),
      focus: () => button.focus(),
      hover: () => button.hover(),
    };
    for (const [state, enter] of Object.entries(states)) {
      await enter();
      expect(await contrastOf(button), `${name}, ${state}`).toBeGreaterThanOrEqual(least);
    }
    // A press that ends elsewhere is no click.
    await page.mouse.down();
    expect(await contrastOf(button), `${name}, pressed`).toBeGreaterThanOrEqual(least);
    await page.mouse.move(0, 0);
    await page.mouse.up();
  }
  return count;
}

test.describe('on touch', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('a button keeps its colours once it was tapped', async ({ page }) => {
    await openSmall(page);
    const stage = await showStage(page, 'challenge');
    const open = stage.getByRole('button', { name: 'Keep this attempt' });
    const colours = () =>
      open.evaluate((element) => {
        const { color, backgroundColor } = getComputedStyle(element);
        return [color, backgroundColor];
      });
    const before = await colours();
    await open.tap();
    await expect(stage.getByText(/is kept: rank/)).toBeVisible();
    expect(await colours()).toEqual(before);
  });
});
