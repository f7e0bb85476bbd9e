import { expect, type Page, test } from '@playwright/test';
import { rooms } from '../components/shell/rooms';
import { termTexts } from '../components/ui/term';
import { watch } from './console';
import { expectAnswer, goTo, openLive, roomPart } from './page';

/** The texts that terms show at the moment. */
const shown = (page: Page) => page.getByRole('tooltip');

test.describe('terms', () => {
  test('stand once in a room, and in Evidence are rho, band and proxy', async ({ page }) => {
    const { expectClean } = watch(page);
    await openLive(page);
    await expectAnswer(page);
    for (const { id } of rooms) {
      const part = await goTo(page, id);
      const terms = part.locator('.term-word').filter({ visible: true });
      if (id === 'evidence') await expect(terms).toHaveText(['rho', 'band', 'proxies']);
      const described = await terms.evaluateAll((words) =>
        words.map((word) => word.getAttribute('aria-describedby')),
      );
      expect(described, id).toEqual([...new Set(described)]);
    }
    expectClean();
  });

  test('explain themselves under the pointer and with the focus, until Esc', async ({ page }) => {
    await openLive(page, 'evidence');
    const rho = roomPart(page, 'evidence').getByRole('button', { name: 'rho', exact: true });
    await rho.hover();
    await expect(shown(page)).toHaveText(termTexts.rho);
    await page.keyboard.press('Escape');
    await expect(shown(page)).toHaveCount(0);
    await page.mouse.move(0, 0);
    await rho.focus();
    await expect(shown(page)).toHaveText(termTexts.rho);
    await page.keyboard.press('Tab');
    await expect(shown(page).filter({ hasText: termTexts.rho })).toHaveCount(0);
    // The last term of the room stands near its foot: its text opens within the window.
    await roomPart(page, 'evidence').getByRole('button', { name: 'proxies', exact: true }).focus();
    await expect(shown(page)).toBeInViewport({ ratio: 1 });
  });

  test.describe('on touch', () => {
    test.use({ hasTouch: true, viewport: { width: 390, height: 780 } });

    test('show at a tap, and hide at the next press', async ({ page }) => {
      await openLive(page, 'evidence');
      const part = roomPart(page, 'evidence');
      await part.getByRole('button', { name: 'band', exact: true }).tap();
      await expect(shown(page)).toHaveText(termTexts.band);
      await expect(shown(page)).toBeInViewport({ ratio: 1 });
      await part.getByRole('heading', { level: 1 }).tap();
      await expect(shown(page)).toHaveCount(0);
    });
  });
});
