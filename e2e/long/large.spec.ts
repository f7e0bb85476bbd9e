import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { createRandomStream } from '../../lib/model/random';
import { watch } from '../console';
import { open, openRunsDialog, redoButton, showStage, studyName, undoButton } from '../page';

const runs = 20_000;
const domains = 250;

test('a CSV of 50 MB is read in a worker while the page responds to keys, opens as a study and is saved', async ({
  page,
}, info) => {
  const path = info.outputPath('runs.csv');
  await writeRuns(path);
  expect((await stat(path)).size).toBeGreaterThan(50e6);
  const { expectClean } = watch(page);
  await open(page);
  const dialog = await openRunsDialog(page);
  const reading = dialog.getByRole('progressbar');
  const files = dialog.locator('input[type=file]');

  await files.setInputFiles(path);
  await expect(reading).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(reading).toBeHidden();
  await expect(studyName(page)).toContainText('Languages');

  await countWhileReading(page);
  await files.setInputFiles(path);
  const use = dialog.getByRole('button', { name: 'Use these runs' });
  while (!(await use.isVisible())) await page.keyboard.press('Shift');
  const { keys, steps } = await page.evaluate(() => window.whileReading);
  expect(keys).toBeGreaterThan(2);
  expect(steps).toBeGreaterThan(2);
  await use.click();
  await expect(dialog).toBeHidden();
  await expect(await showStage(page, 'runs')).toContainText('20,000 training runs');
  await expect(studyName(page)).toContainText(`${domains} domains`);
  // The table takes 40 MB of numbers; what is retained of it, of its file and of fits is a few
  // times that.
  const { usedSize, backingStorageSize } = await heapOf(page);
  expect(usedSize + backingStorageSize).toBeLessThan(512e6);

  await undoButton(page).click();
  await expect(studyName(page)).toContainText('Languages');
  await redoButton(page).click();
  await expect(studyName(page)).toContainText(`${domains} domains`);
  await expect(page.locator('.saving')).toHaveText('Saved');
  await page.reload();
  await expect(await showStage(page, 'runs')).toContainText('20,000 training runs');
  expectClean();
});

declare global {
  interface Window {
    /** Keys that the page handled, and progress steps that it drew, while a file was being read. */
    whileReading: { keys: number; steps: number };
  }
}

/** Counts in the page itself: events that wait until the file has been read do not count. */
async function countWhileReading(page: Page): Promise<void> {
  await page.evaluate(() => {
    const counts = { keys: 0, steps: 0 };
    window.whileReading = counts;
    window.addEventListener('keydown', () => {
      if (document.querySelector('dialog progress')) counts.keys++;
    });
    new MutationObserver((changes) => {
      if (changes.some(({ target }) => target instanceof HTMLProgressElement)) counts.steps++;
    }).observe(document.body, { subtree: true, attributeFilter: ['value'] });
  });
}

/** Memory of the page's main thread, in bytes. */
async function heapOf(page: Page): Promise<{ usedSize: number; backingStorageSize: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage');
  return { usedSize, backingStorageSize };
}

/** Runs of many domains as one wide CSV, written row by row. */
async function writeRuns(path: string): Promise<void> {
  const file = createWriteStream(path);
  const names = Array.from({ length: domains }, (_, domain) => `train_domain_${domain}`);
  file.write(`index,${names.join(',')},metric/a_val_loss,metric/b_val_loss\n`);
  const draws = createRandomStream(1);
  for (let run = 0; run < runs; run++) {
    const amounts = names.map(() => draws.uniform());
    const total = amounts.reduce((sum, amount) => sum + amount, 0);
    const shares = amounts.map((amount) => (amount / total).toFixed(8));
    const losses = [3 - amounts[0] + amounts[1] / 2, 2 + amounts[2]].map((loss) => loss.toFixed(4));
    if (!file.write(`${[run, ...shares, ...losses].join(',')}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}
