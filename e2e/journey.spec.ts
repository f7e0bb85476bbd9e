import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { parse } from 'yaml';
import { watch } from './console';
import { csv, openLive } from './page';
import { published, publishedPaths } from './published';
import { openSmall, smallStudyState } from './small-study';

/** Upper bound on the tab stops of a stage. */
const maxStops = 150;

/** Presses Tab until an element with that role and name has the focus. */
async function tabTo(page: Page, role: Parameters<Page['getByRole']>[0], name: string | RegExp) {
  const target = page.getByRole(role, { name, exact: typeof name === 'string' });
  for (let stop = 0; stop < maxStops; stop++) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    if ((await focused.count()) > 0 && (await target.and(focused).count()) > 0) return target;
  }
  throw new Error(`no ${role} “${name}” within ${maxStops} stops`);
}

/** Goes to a room by its link, from the top of the page. */
async function goToRoom(page: Page, room: string): Promise<void> {
  await fromTop(page);
  await tabTo(page, 'link', new RegExp(`^${room}`));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toHaveAccessibleName(room);
}

/** Puts the focus on the first control of the page. */
async function fromTop(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.getSelection()?.removeAllRanges();
    document.querySelector<HTMLElement>('.bar button')?.focus();
  });
}

/** Runs over three domains; the second loss falls with the first domain, the first with the second. */
const runs = [
  'name,web,code,law,code loss,web loss',
  ...Array.from({ length: 24 }, (_, run) => {
    const web = ((run * 7) % 19) / 20;
    const code = Number(((1 - web) * (((run * 5) % 11) / 11)).toFixed(3));
    const law = 1 - web - code;
    const losses = [3 - Math.sqrt(code) - 0.1 * law, 3 - Math.sqrt(web) - 0.2 * law];
    return [`run ${run}`, ...[web, code, law, ...losses].map((value) => value.toFixed(3))].join();
  }),
];

test.use({ storageState: smallStudyState });

test('from runs to a file and a link by keyboard only', async ({ page }) => {
  const { expectClean } = watch(page);
  await openSmall(page);

  // Runs: the dialog opens from the study's menu; the system's file picker is replaced.
  await tabTo(page, 'button', /^Study: /);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Open runs' })).toBeFocused();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Open runs' });
  await dialog.locator('input[type=file]').setInputFiles([csv('mine.csv', runs)]);
  await expect(dialog.getByRole('button', { name: 'Use these runs' })).toBeEnabled();
  await tabTo(page, 'button', 'Use these runs');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Code loss');

  // Target.
  await fromTop(page);
  const target = await tabTo(page, 'combobox', 'Target');
  await page.keyboard.press('ArrowDown');
  await expect(target.locator('option:checked')).toHaveText('Web loss');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Web loss');

  // Limits: 4 epochs of 1 M tokens are at most 40% of 10 M.
  await tabTo(page, 'textbox', 'Requested tokens, typed');
  await page.keyboard.type('10M');
  await page.keyboard.press('Enter');
  await tabTo(page, 'textbox', 'Tokens at hand of Web, typed');
  await page.keyboard.type('1M');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('group', { name: 'Limits of Web' })).toContainText(
    'cap 40.0%, binds',
  );

  // The optimum, in words and as a table.
  await expect(page.locator('#optimum .stage-head')).toContainText('At their limit: Web');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('40% Web');

  // The reader's own mixture.
  await goToRoom(page, 'Explore');
  // The view is loaded when its stage is near; key presses do not wait for it as a reader would.
  const mine = page.getByRole('slider', { name: 'Your mixture of the three domains' });
  await expect(mine).toBeVisible();
  await tabTo(page, 'slider', 'Your mixture of the three domains');
  const before = await mine.getAttribute('aria-valuetext');
  for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowLeft');
  await expect(mine).not.toHaveAttribute('aria-valuetext', before ?? '');
  await goToRoom(page, 'Answer');
  const predictions = page.getByRole('table', { name: 'Predictions' });
  await expect(predictions.getByRole('columnheader', { name: 'Yours' })).toBeVisible();

  // Export.
  await fromTop(page);
  await tabTo(page, 'link', 'Export');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Export' })).toBeInViewport();
  const save = /^Save regmix-mixture/;
  await expect(page.getByRole('button', { name: save })).toBeVisible();
  const saved = page.waitForEvent('download');
  await tabTo(page, 'button', save);
  await page.keyboard.press('Enter');
  const { train } = parse(await readFile(await (await saved).path(), 'utf8'));
  expect(train.train_web).toBeCloseTo(0.4, 5);
  expect(Object.keys(train)).toEqual(['train_web', 'train_code', 'train_law']);

  // Link.
  await tabTo(page, 'button', 'Share a link');
  await page.keyboard.press('Enter');
  const share = page.getByRole('dialog');
  await tabTo(page, 'switch', /runs/);
  await page.keyboard.press('Space');
  await expect(share.getByRole('textbox', { name: 'The link' })).toHaveValue(/#s=.{50,}/);
  await page.keyboard.press('Escape');
  await expect(share).toBeHidden();
  expectClean();
});

/** What a reader does with the pointer or the keyboard, counted: a drop, a press, a typed value. */
function gestures(page: Page) {
  let count = 0;
  return {
    count: () => count,
    press: async (name: string | RegExp) => {
      count += 1;
      await page.getByRole('button', { name }).click();
    },
    drop: async (files: readonly { readonly name: string; readonly text: string }[]) => {
      count += 1;
      const dataTransfer = await page.evaluateHandle((all) => {
        const transfer = new DataTransfer();
        for (const { name, text } of all) transfer.items.add(new File([text], name));
        return transfer;
      }, files);
      const room = page.locator('main').filter({ visible: true });
      await room.dispatchEvent('drop', { dataTransfer });
    },
  };
}

test.describe('from dropped runs to a saved mixture', () => {
  test.use({ storageState: undefined });
  test.skip(published === null, 'the published runs are missing');
  const files = async () =>
    Promise.all(
      publishedPaths().map(async (path) => ({
        name: basename(path),
        text: await readFile(path, 'utf8'),
      })),
    );
  const useFiles = async (page: Page) => {
    await openLive(page, 'start');
    const by = gestures(page);
    await by.drop(await files());
    await by.press('Use these runs');
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Pile CC');
    return by;
  };
  const saveYaml = async (page: Page, by: ReturnType<typeof gestures>) => {
    // It waits for the accurate fit.
    await expect(page.getByRole('button', { name: 'Save YAML' })).toBeEnabled();
    const saved = page.waitForEvent('download');
    await by.press('Save YAML');
    return parse(await readFile(await (await saved).path(), 'utf8')).train;
  };

  test('takes three gestures without limits: drop, use, save', async ({ page }) => {
    const { expectClean } = watch(page);
    const by = await useFiles(page);
    const train = await saveYaml(page, by);
    expect(Object.keys(train)).toHaveLength(17);
    expect(by.count()).toBeLessThanOrEqual(3);
    expectClean();
  });

  test('takes at most eight with a table of tokens, which caps the mixture', async ({ page }) => {
    const { expectClean } = watch(page);
    const by = await useFiles(page);
    // 2.5 B tokens of Pile CC, four times, are at most 40% of 25 B.
    await by.drop([{ name: 'tokens.csv', text: 'domain,tokens\npile_cc,2.5B\n' }]);
    await expect(page.locator('.table-news')).toContainText('Tokens at hand set for 1 domain');
    const train = await saveYaml(page, by);
    expect(train.train_the_pile_pile_cc).toBeCloseTo(0.4, 4);
    expect(by.count()).toBeLessThanOrEqual(8);
    expectClean();
  });
});
