import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './axe';
import { watch } from './console';
import { open, openMenu, showStage, type } from './page';
import { openSmall, smallStudyState } from './small-study';
import { chooseView, spaceViews, unfoldAll, visitAll } from './visit';

// Colours in a transition between the themes would be measured halfway.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

test.describe('without an accessibility violation, in light and in dark:', () => {
  test.describe('of the small study', () => {
    test.use({ storageState: smallStudyState });

    test('every stage, view and panel', async ({ page }) => {
      const { expectClean } = watch(page);
      await openSmall(page);
      await visitAll(page, async (name) => {
        await unfoldAll(page);
        if (name === 'explore') {
          await page.locator('#interactions .segmented').getByText('Law', { exact: true }).click();
        }
        if (name === 'next') {
          await page.getByRole('button', { name: /^Propose \d+ mixtures/ }).click();
          await expect(page.getByRole('table', { name: /^Mixtures proposed/ })).toBeVisible();
        }
        if (name === 'evidence') await expect(page.locator('#trust svg').first()).toBeVisible();
        await expectAccessible(page, name);
      });
      for (const name of spaceViews) {
        await chooseView(page, name);
        await expectAccessible(page, name, 'main[data-room=explore]');
      }
      expectClean();
    });

    test('a schedule, and a configured verification', async ({ page }) => {
      const { expectClean } = watch(page);
      await openSmall(page);
      const schedule = await showStage(page, 'schedule');
      await schedule.getByRole('button', { name: 'Fit every checkpoint' }).click();
      await expect(schedule.getByRole('figure', { name: /over training$/ })).toBeVisible();
      await expectAccessible(page, 'schedule', '#schedule');
      await schedule.getByRole('button', { name: 'Verify it against the static optimum' }).click();
      const verify = await showStage(page, 'verify');
      await expect(verify.getByRole('checkbox', { name: /^the schedule for/ })).toBeChecked();
      await verify.getByText('Add a mixture').click();
      await expect(verify.locator('form.verify-add')).toBeVisible();
      await expectAccessible(page, 'verification', '#verify');
      expectClean();
    });

    test('every dialog', async ({ page }) => {
      const { expectClean } = watch(page);
      await openSmall(page);
      const openers = dialogsOf(page);
      for (const [name, press] of openers) {
        await press();
        await expect(page.locator('dialog[open]')).toBeVisible();
        await expectAccessible(page, name, 'dialog[open]');
        await page.keyboard.press('Escape');
        await expect(page.locator('dialog[open]')).toHaveCount(0);
      }
      expectClean();
    });

    test('a lesson on a phone, which does not scroll sideways', async ({ page }) => {
      const { expectClean } = watch(page);
      await openSmall(page);
      await openTeach(page);
      const dialog = page.getByRole('dialog', { name: 'Teach with this study' });
      await dialog.getByRole('button', { name: 'Show this page that way' }).click();
      await page.setViewportSize({ width: 360, height: 800 });
      const stage = await showStage(page, 'challenge');
      await stage.getByRole('button', { name: 'Keep this attempt' }).click();
      await expect(stage.locator('.standing-attempt')).toHaveCount(1);
      await expectAccessible(page, 'lesson');
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
      expectClean();
    });
  });

  test('a link to the built-in study', async ({ page }) => {
    await open(page);
    await page.locator('.bar').getByRole('button', { name: 'Share' }).click();
    const dialog = page.getByRole('dialog', { name: 'Share a link' });
    await expect(dialog.getByRole('textbox', { name: 'The link' })).toHaveValue(/#s=/);
    await expect(page.getByRole('img', { name: 'QR code of the link' })).toBeVisible();
    await expectAccessible(page, 'link', 'dialog[open]');
    await page.keyboard.press('Escape');
    await openTeach(page);
    const teach = page.getByRole('dialog', { name: 'Teach with this study' });
    await expect(teach.getByRole('textbox', { name: 'The link' })).toHaveValue(/#s=/);
    await expectAccessible(page, 'class link', 'dialog[open]');
  });

  test('a page whose storage cannot be used', async ({ page }) => {
    await page.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('denied', 'SecurityError');
      };
    });
    await open(page);
    await type(page, 'Tokens at hand of English', '3%');
    await expect(page.locator('.saving')).toContainText('Not saved: storage cannot be used');
    await expectAccessible(page, 'unsaved');
  });

  test('every step of the tour, and the guide, on a phone', async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 780 });
    await page.goto('/learn');
    await expect(page.locator('html')).toHaveAttribute('data-live', 'true');
    const heading = page.getByRole('heading', { level: 1 });
    const next = page.getByRole('button', { name: /^Next:/ });
    for (let isLast = false, part = 'body'; !isLast; part = 'main') {
      const title = await heading.innerText();
      await expectAccessible(page, title, part);
      isLast = (await next.count()) === 0;
      if (isLast) continue;
      await next.click();
      await expect(heading).not.toHaveText(title);
    }
    await page.goto('/guide');
    await expect(heading).toHaveText('From your corpora to a mixture');
    await expectAccessible(page, 'guide');
  });
});

async function openTeach(page: Page): Promise<void> {
  await page.locator('.bar').getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Teach with this study' }).click();
}

/** How each dialog of the page is opened. */
function dialogsOf(page: Page): readonly (readonly [string, () => Promise<void>])[] {
  const bar = page.locator('.bar');
  const chart = page.locator('#optimum .menu-button').first();
  return [
    ['Open runs', () => openMenu(page, 'Open runs')],
    [
      'Studies',
      async () => {
        await openMenu(page, 'Studies');
        await expect(page.getByRole('list', { name: 'Saved studies' })).toBeVisible();
      },
    ],
    ['Share', () => bar.getByRole('button', { name: 'Share', exact: true }).click()],
    ['Teach', () => openTeach(page)],
    ['Keys', () => openMenu(page, 'Keyboard shortcuts')],
    ['Find anything', () => page.getByRole('button', { name: 'Find anything' }).click()],
    [
      'Table of a chart',
      async () => {
        await chart.click();
        await page.getByRole('menuitem', { name: 'Table' }).click();
      },
    ],
    [
      'A prior',
      async () => {
        await showStage(page, 'mixtures');
        await page.getByRole('button', { name: 'Type a prior' }).click();
      },
    ],
    [
      'A human mixture',
      () =>
        page
          .getByRole('button', { name: /human mixture/ })
          .first()
          .click(),
    ],
  ];
}
