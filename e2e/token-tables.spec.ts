import { expect, type Locator, type Page, test } from '@playwright/test';
import { createRandomStream } from '../lib/model/random';
import { watch } from './console';
import { csv, openFiles, openLive, showStage, type, undoButton } from './page';
import { openSmall, smallStudyState } from './small-study';

const limitsOf = (page: Page, name: string) =>
  page.getByRole('group', { name: `Limits of ${name}`, exact: true });
const news = (page: Page) => page.locator('.table-news');

/** Drops a file on an element, as a pointer does. */
async function drop(page: Page, place: Locator, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], fileName));
      return transfer;
    },
    [name, text] as const,
  );
  await place.dispatchEvent('drop', { dataTransfer });
}

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((content) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', content);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  }, text);
}

test.describe('a table of tokens', () => {
  test.use({ storageState: smallStudyState });

  test('dropped on the page moves the caps and says so; undo reverts it', async ({ page }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    const english = limitsOf(page, 'English');
    const before = await english.innerText();
    await drop(
      page,
      page.locator('.finding').filter({ visible: true }),
      'sizes.csv',
      'domain,tokens\nEnglish,60K\nde,0.9M\nKlingon,1B\n',
    );
    await expect(news(page)).toContainText(
      'Tokens at hand set for 2 domains from sizes.csv. Not in the table: Spanish. Not in the study: Klingon.',
    );
    await expect(english).toContainText('cap 12.0%');
    await expect(page.getByRole('textbox', { name: 'Tokens at hand of German' })).toHaveValue(
      '900 K',
    );
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await news(page).getByRole('button', { name: 'Undo' }).click();
    await expect(news(page)).toHaveCount(0);
    await expect(english).toHaveText(before, { useInnerText: true });
    await expect(page.getByRole('textbox', { name: 'Tokens at hand of German' })).toHaveValue(
      '300 K',
    );
    await paste(page, '{"en": 60000, "de": 300000, "es": 1e6}');
    await expect(news(page)).toContainText('Tokens at hand set for 3 domains from pasted.json.');
    await expect(english).toContainText('cap 12.0%');
    await type(page, 'Tokens at hand of German', '200K');
    await expect(news(page)).toHaveCount(0);
    expectClean();
  });

  test('with a bad cell is refused where it was given, and changes nothing', async ({ page }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    const limits = page.locator('#limits');
    const summaries = page.getByRole('group', { name: /^Limits of/ });
    const before = await summaries.allInnerTexts();
    const bad = 'domain,tokens\nen,60K\nde,"1,500"\n';
    await drop(page, limits, 'sizes.csv', bad);
    const refusal = /sizes\.csv, row 3, column "tokens": found "1,500".*1500 or 1\.5/;
    await expect(news(page)).toContainText(refusal);
    await news(page).getByRole('button', { name: 'Close' }).click();
    await expect(news(page)).toHaveCount(0);
    await limits
      .locator('input[type=file]')
      .setInputFiles({ name: 'sizes.csv', mimeType: 'text/csv', buffer: Buffer.from(bad) });
    await expect(limits.getByRole('status')).toContainText(refusal);
    expect(await summaries.allInnerTexts()).toEqual(before);
    await expect(undoButton(page)).toBeDisabled();
    await limits.getByRole('button', { name: 'Paste a table' }).click();
    const pasted = limits.getByRole('textbox', { name: 'A table of domains and tokens' });
    await pasted.fill('domain,tokens\nen,many\n');
    await limits.getByRole('button', { name: 'Set the tokens at hand' }).click();
    await expect(limits.getByRole('status')).toContainText('found "many"');
    await expect(pasted).toHaveValue('domain,tokens\nen,many\n');
    await pasted.fill('domain\ttokens\tmax\nen\t60K\t\nes\t\t30%\n');
    await limits.getByRole('button', { name: 'Set the tokens at hand' }).click();
    await expect(limits.getByRole('status')).toContainText(
      'Tokens at hand and largest weights set for 2 domains from what was pasted.',
    );
    await expect(pasted).toHaveCount(0);
    await expect(limitsOf(page, 'English')).toContainText('cap 12.0%');
    await expect(limitsOf(page, 'Spanish')).toContainText('cap 30.0%');
    await limits.getByRole('status').getByRole('button', { name: 'Undo' }).click();
    expect(await summaries.allInnerTexts()).toEqual(before);
    expectClean();
  });

  test('is told apart from runs, which open the dialog', async ({ page }) => {
    await openSmall(page);
    await drop(page, page.locator('#limits'), 'runs.csv', slimPajamaRuns().join('\n'));
    await expect(page.getByRole('dialog', { name: 'Open runs' })).toContainText('runs.csv');
    await expect(news(page)).toHaveCount(0);
  });
});

test('the sizes of a known corpus are offered with their source, and used in one step', async ({
  page,
}) => {
  const { expectClean } = watch(page);
  await openLive(page);
  const limits = await showStage(page, 'limits');
  await expect(limits.getByRole('button', { name: /^Use the sizes of/ })).toHaveCount(0);
  await openFiles(page, [csv('runs.csv', slimPajamaRuns())]);
  await type(page, 'Requested tokens', '1T');
  await limits
    .getByRole('button', { name: /^Use the sizes of/ })
    .first()
    .scrollIntoViewIfNeeded();
  await expect(limits.getByRole('button', { name: /^Use the sizes of/ })).toHaveText([
    'Use the sizes of SlimPajama (627B tokens)',
    'Use the sizes of RedPajama v1 (1.21T tokens)',
  ]);
  await expect(limits).toContainText('dataset card of SlimPajama-627B');
  await limits.getByRole('button', { name: /SlimPajama/ }).click();
  await expect(limits.getByRole('status')).toContainText(
    'Tokens at hand set for 7 domains as in SlimPajama.',
  );
  // 4.2% of 627 billion tokens, four times, of a trillion.
  await expect(limitsOf(page, 'Book')).toContainText('cap 10.5%');
  await limits.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await expect(limitsOf(page, 'Book')).not.toContainText('cap 10.5%');
  expectClean();
});

/** A wide table of runs on the domains of SlimPajama, as others name them. */
function slimPajamaRuns(): string[] {
  const domains = ['arxiv', 'book', 'c4', 'github', 'commoncrawl', 'stackexchange', 'wikipedia'];
  const stream = createRandomStream(1);
  const runs = Array.from({ length: 24 }, (_, run) => {
    const parts = domains.map(() => -Math.log(1 - stream.uniform()));
    const total = parts.reduce((sum, part) => sum + part, 0);
    const weights = parts.map((part) => part / total);
    const loss = 2 + weights[2] ** 2 + 0.3 * weights[4] + 0.01 * stream.uniform();
    return [run + 1, ...weights.map((weight) => weight.toFixed(6)), loss.toFixed(4)].join(',');
  });
  return [['index', ...domains.map((id) => `train_${id}`), 'web_val_loss'].join(','), ...runs];
}
