import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from '../axe';
import { watch } from '../console';
import { expectPicturesOnBoth } from '../pictures';
import {
  chooseThree,
  expectFitted,
  noAdapter,
  openTraining,
  stepsDone,
  typeOption,
  unfoldDetails,
} from '../training';

test.describe('training in the page', () => {
  test('by wasm: says that there is no GPU, is paused, stepped, survives a reload, and ends in a fit', async ({
    page,
  }) => {
    const { expectClean } = watch(page, [], [noAdapter]);
    let stage = await openTraining(page);
    await chooseThree(stage);
    await typeOption(stage, /^Proxies/, '8');
    await expect(stage.getByText('8 mixtures drawn')).toBeVisible();
    await stage.getByLabel('Parameters').selectOption('7k');
    await typeOption(stage, /^Tokens per proxy/, '4M');
    await unfoldDetails(stage);
    await stage.getByRole('button', { name: 'Measure again, for longer' }).click();
    await expect(stage.getByText('this browser offers no WebGPU adapter')).toBeVisible();
    await expect(stage.getByText('no GPU that this browser lets pages use')).toBeVisible();
    await stage.getByRole('button', { name: 'Train', exact: true }).click();
    await expect.poll(() => stepsDone(stage)).toBeGreaterThan(40);

    for (const html of focusable) {
      await focusOn(page, html);
      await page.keyboard.press('Space');
      await page.keyboard.press('.');
      await expect(stage.locator('.progress'), html).not.toContainText('(paused)');
    }
    await focusOn(page, null);
    await page.locator('body').click({ position: { x: 2, y: 2 } });
    await page.keyboard.press('Space');
    await expect(stage.locator('.progress')).toContainText('(paused)');
    const held = await settledSteps(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectAccessible(page, 'paused', '#proxies');
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1440, height: 900 });
    const total = Number(await stage.locator('progress').getAttribute('max'));
    expect(held).toBeLessThan(total);
    await page.keyboard.press('.');
    await expect.poll(() => stepsDone(stage)).toBeGreaterThan(held);
    const stepped = await settledSteps(page);
    // One step per running trainer, of which there is one per core.
    expect(stepped - held).toBeLessThanOrEqual(16);
    // A paused training is saved: nothing is lost.
    await page.reload();
    stage = page.locator('#proxies');
    await expect(stage.getByText(/of 8 proxies trained: 7k, Languages/)).toBeVisible();
    await stage.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(() => stepsDone(stage)).toBeGreaterThanOrEqual(stepped - 16);
    await expectFitted(page, stage, 8);
    await expect(stage.getByText('8 of 8 proxies begun: training loss below')).toBeVisible();
    const titles = await expectPicturesOnBoth(page, stage);
    expect(titles).toContain('Training loss');
    expect(titles.join()).toMatch(/The optimum for .* as proxies finish/);

    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      stage.getByRole('button', { name: 'Losses on the way CSV' }).click(),
    ]);
    const [header, ...lines] = (await readFile(await saved.path(), 'utf8')).trim().split('\n');
    expect(header).toBe('index,step,metric/en_bpb,metric/de_bpb,metric/it_bpb');
    expect(lines).toHaveLength(8 * 4);
    expectClean();
  });

  test('replaces a terminated training worker, from its last checkpoint', async ({ page }) => {
    test.setTimeout(300_000);
    const stage = await openTraining(page);
    await chooseThree(stage);
    await typeOption(stage, /^Proxies/, '8');
    await stage.getByLabel('Parameters').selectOption('7k');
    await typeOption(stage, /^Tokens per proxy/, '4M');
    await expect(stage.locator('.estimate')).toContainText('here');
    const others = page.workers();
    await stage.getByRole('button', { name: 'Train', exact: true }).click();
    await expect.poll(() => stepsDone(stage), { timeout: 60_000 }).toBeGreaterThan(40);
    const trainers = page.workers().filter((worker) => !others.includes(worker));
    expect(trainers.length).toBeGreaterThan(0);
    // The page gets no event, as when the browser ends a worker that is out of memory.
    void trainers[0].evaluate(() => self.close()).catch(() => {});
    await expect(
      stage.getByText('A trainer was replaced (the training worker was ended by the browser)'),
    ).toBeVisible({ timeout: 15_000 });
    await expect(stage.locator('.progress')).toContainText('8 of 8 proxies trained', {
      timeout: 200_000,
    });
  });

  test('belongs to one tab: another one says so, and may resume once that is closed', async ({
    page,
    context,
  }) => {
    const stage = await openTraining(page);
    await chooseThree(stage);
    await typeOption(stage, /^Proxies/, '8');
    await typeOption(stage, /^Tokens per proxy/, '10M');
    await stage.getByRole('button', { name: 'Train', exact: true }).click();
    await expect.poll(() => stepsDone(stage)).toBeGreaterThan(0);
    const other = await openTraining(await context.newPage());
    await expect(other.getByText('being trained in another tab')).toBeVisible();
    await expect(other.getByRole('button', { name: 'Discard' })).toHaveCount(0);
    await expect(other.getByRole('button', { name: 'Resume' })).toHaveCount(0);
    await page.close();
    await expect(async () => {
      await other.getByRole('button', { name: 'Look again' }).click();
      await expect(other.getByRole('button', { name: 'Resume' })).toBeVisible({
        timeout: 1_000,
      });
    }).toPass();
    await other.getByRole('button', { name: 'Discard' }).click();
    await expect(other.getByText('proxies trained:')).toHaveCount(0);
  });
});

/** Elements that handle Space while they have the focus. */
const focusable = [
  '<textarea></textarea>',
  '<p contenteditable="true">some <b>text</b></p>',
  '<select><option>one</option></select>',
  '<button type="button">press</button>',
  '<span role="checkbox" aria-checked="false" tabindex="0">check</span>',
  '<div tabindex="0" style="overflow: auto; height: 2em">scrolls<br>with<br>space</div>',
];

/** Adds an element to the page and focuses it; null removes the last one. */
async function focusOn(page: Page, html: string | null): Promise<void> {
  await page.evaluate((content) => {
    document.querySelector('#focus-test')?.remove();
    if (content === null) return;
    const box = document.createElement('div');
    box.id = 'focus-test';
    box.innerHTML = content;
    document.body.prepend(box);
    (box.firstElementChild as HTMLElement).focus();
  }, html);
}

/** Number of steps once it has not changed for a second. */
async function settledSteps(page: Page): Promise<number> {
  const stage = page.locator('#proxies');
  for (;;) {
    const before = await stepsDone(stage);
    await page.waitForTimeout(1000);
    if ((await stepsDone(stage)) === before) return before;
  }
}
