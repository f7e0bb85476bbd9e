import { expect, type Page, test } from '@playwright/test';
import { rooms } from '../components/shell/rooms';
import { createRandomStream } from '../lib/model/random';
import { watch } from './console';
import { csv, open, openFiles, showStage } from './page';

// The most that a table may have, whose columns are 2,000 at most.
const domains = 1_998;
const runs = 24;
/** Elements that a page may have: one of all domains in every list has ten times as many. */
const mostElements = 20_000;

/** Runs of very many domains as one wide CSV. */
function wideTable(): string[] {
  const draws = createRandomStream(3);
  const names = Array.from({ length: domains }, (_, domain) => `train_domain_${domain}`);
  const rows = Array.from({ length: runs }, (_, run) => {
    const amounts = names.map(() => draws.uniform());
    const total = amounts.reduce((sum, amount) => sum + amount, 0);
    const loss = 3 - (500 * amounts[0]) / total - (200 * amounts[1]) / total;
    return [run, ...amounts.map((amount) => amount / total), loss].join();
  });
  return [`index,${names.join()},metric/web_val_loss`, ...rows];
}

/** Elements by stage, the largest first, and their number on the whole page. */
async function elements(page: Page): Promise<{ total: number; stages: [string, number][] }> {
  return page.evaluate(() => ({
    total: document.querySelectorAll('*').length,
    stages: [...document.querySelectorAll('.stage')]
      .map((stage): [string, number] => [stage.id, stage.querySelectorAll('*').length])
      .sort((a, b) => b[1] - a[1]),
  }));
}

test('a study of very many domains makes a page of few elements, and answers', async ({ page }) => {
  const { expectClean } = watch(page);
  await open(page);
  await openFiles(page, [csv('wide.csv', wideTable())]);
  await expect(page.locator('.bar-study')).toContainText('1,998 domains');
  for (const id of rooms.flatMap(({ stages }) => stages)) {
    const stage = await showStage(page, id);
    await expect(stage.locator('.room')).toHaveCount(0);
    const { total, stages } = await elements(page);
    expect(total, JSON.stringify(stages)).toBeLessThan(mostElements);
  }
  expectClean();
});
