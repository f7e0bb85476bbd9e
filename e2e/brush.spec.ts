import { expect, type Locator, test } from '@playwright/test';
import { watch } from './console';
import { csv, goTo, openFiles } from './page';
import { openSmall, smallStudyState } from './small-study';
import { chooseView } from './visit';

test.use({ storageState: smallStudyState });

/** The rank correlations in the heatmap. */
const cells = (room: Locator) =>
  room.locator('#interactions svg[data-chart] text').allTextContents();

test('a brush by keyboard chooses the runs of all pictures, in every room, until it is cleared', async ({
  page,
}) => {
  const { expectClean } = watch(page);
  await openSmall(page);
  const room = await goTo(page, 'explore');
  const chooser = room.getByRole('region', { name: 'Runs in all pictures' });
  const status = chooser.getByRole('status');
  const heatmap = room.locator('#interactions figure');
  await expect(status).toContainText(/^The best tenth, 4 of 32 runs by .+ stands out/);
  await expect(heatmap).toContainText('Over all 32 runs: runs chosen by their loss would bias it.');
  await expect(room.getByRole('figure', { name: 'What the best tenth read' })).toBeVisible();
  await expect(heatmap.getByRole('grid')).toBeVisible();
  const all = await cells(room);

  // What stands out changes no figure.
  await chooser.getByText('All 32', { exact: true }).click();
  await expect(status).toHaveText('All 32 runs alike.');
  await expect(room.getByRole('figure', { name: 'What every run read' })).toBeVisible();
  expect(await cells(room)).toEqual(all);

  await chooser.getByRole('button', { name: 'Draw…' }).click();
  const handle = page.getByRole('slider', { name: 'Spanish, lowest value brushed' });
  await handle.focus();
  for (let step = 0; step < 5; step++) await page.keyboard.press('PageUp');
  await expect(status).toContainText(/^1\d of 32 runs: Spanish 2\d\.\d to/);
  const count = Number((await status.innerText()).split(' ')[0]);
  await expect(heatmap).toContainText(`Over the ${count} brushed runs of 32.`);
  await expect.poll(() => cells(room)).not.toEqual(all);
  await expect(room.getByRole('figure', { name: `What ${count} brushed runs read` })).toBeVisible();
  await expect(await chooseView(page, 'One domain at a time')).toContainText(
    `in ${count} chosen runs.`,
  );
  const faint = room.locator('#space svg path[fill-opacity][stroke-opacity="0.2"]');
  expect(await faint.count()).toBe(32 - count);
  const front = await chooseView(page, 'Two targets');
  await expect(front.locator('[data-run=dimmed]')).not.toHaveCount(0);

  await goTo(page, 'evidence');
  const dimmed = page.locator('#regression [data-points=dimmed] circle');
  await expect(dimmed).toHaveCount(32 - count);
  await expect(page.locator('#regression [data-points=clear] circle')).toHaveCount(count);
  await expect(page.locator('#regression')).toContainText(
    `${count} of 32 runs are brushed in Explore`,
  );
  await goTo(page, 'explore');
  await expect(status).toContainText(`${count} of 32 runs: Spanish`);

  // Too few for a correlation: none is made up.
  await handle.focus();
  for (let step = 0; step < 4; step++) await page.keyboard.press('PageUp');
  await expect(heatmap).toContainText(/No data: \d runs? brushed, and a correlation needs 10/);
  await chooser.getByRole('button', { name: 'Clear' }).click();
  await expect(status).toHaveText('All 32 runs alike.');
  await expect(heatmap).toContainText('Over all 32 runs.');
  expect(await cells(room)).toEqual(all);
  expectClean();
});

test('a rectangle over two targets chooses runs, with an axis for each; other runs clear it', async ({
  page,
}) => {
  const { expectClean } = watch(page);
  await openSmall(page);
  const front = await chooseView(page, 'Two targets');
  const plot = front.locator('.pareto');
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  if (!box) throw new Error('the plot has no box');
  await page.mouse.move(box.x + box.width - 30, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.4, { steps: 4 });
  await page.mouse.up();
  await expect(plot.locator('[data-mark=brush]')).toHaveCount(1);
  const room = await goTo(page, 'explore');
  const status = room.getByRole('region', { name: 'Runs in all pictures' }).getByRole('status');
  await expect(status).toContainText(/of 32 runs: .+ to .+; .+ to /);
  const lines = await chooseView(page, 'All runs');
  await expect(lines.locator('[data-mark=brush]')).toHaveCount(2);
  await openFiles(page, [csv('own.csv', ownRuns())]);
  await goTo(page, 'explore');
  await expect(status).toContainText('The best tenth');
  await expect(lines.locator('[data-mark=brush]')).toHaveCount(0);
  expectClean();
});

function ownRuns(): string[] {
  const rows = Array.from({ length: 40 }, (_, run) => {
    const web = ((run * 7) % 19) / 20;
    const code = (1 - web) * (((run * 5) % 11) / 11);
    const loss = 3 - Math.sqrt(web) - 0.2 * code;
    return [run, ...[web, code, 1 - web - code, loss].map((value) => value.toFixed(6))].join();
  });
  return ['index,train_web,train_code,train_law,metric/web_val_loss', ...rows];
}
