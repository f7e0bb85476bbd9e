import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { encodeLink } from '../lib/share/link';
import { studyFingerprint } from '../lib/share/study-in-link';
import { builtInStudies } from '../lib/study/built-in';
import { watch } from './console';
import {
  chooseTarget,
  csv,
  goTo,
  open,
  openFiles,
  showStage,
  studyName,
  type,
  undoButton,
} from './page';

/** Opens the dialog and returns the link in it. */
async function share(page: Page): Promise<string> {
  await page.locator('.bar').getByRole('button', { name: 'Share' }).click();
  return page.getByRole('dialog').getByRole('textbox', { name: 'The link' }).inputValue();
}

/**
 * The prediction and the optimum, to the last digit, once they come from the selected regressor.
 */
async function figures(page: Page): Promise<string[]> {
  // The export loads when the reader is near it.
  await showStage(page, 'export');
  const mixture = page.getByRole('textbox', { name: 'The mixture as YAML' });
  await expect(mixture).not.toHaveValue('');
  return [
    await mixture.inputValue(),
    await page.getByRole('heading', { level: 1 }).innerText(),
    await page.getByRole('table', { name: 'Predictions' }).innerText(),
    // A focused list keeps its order, so the same caps may be in another order.
    ...(await page.getByRole('group', { name: /^Limits of/ }).allInnerTexts()).sort(),
  ];
}

/** A page in a fresh browser context. */
async function stranger(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  return context.newPage();
}

test('a link shows another user the same weights, caps and predicted loss', async ({
  page,
  browser,
}) => {
  await open(page);
  await chooseTarget(page, 'German loss');
  await showStage(page, 'regression');
  await page.getByRole('button', { name: 'Effective-data law' }).click();
  await goTo(page, 'answer');
  await type(page, 'Tokens at hand of English', '3%');
  await type(page, 'Tokens at hand of German', '234.5K');
  await expect(page.getByRole('group', { name: 'Limits of English' })).toContainText('12.0%');
  await expect(page.locator('#optimum')).toContainText('By Effective-data law');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('German loss');
  await expect.poll(async () => (await figures(page)).join()).toMatch(/cap 12\.0%/);
  const expected = await figures(page);
  const link = await share(page);
  expect(link.length).toBeLessThan(300);
  await expect(page.getByRole('img', { name: 'QR code of the link' })).toBeVisible();

  const other = await stranger(browser);
  const { expectClean } = watch(other);
  await other.goto(link);
  const notice = other.locator('.link-notice');
  await expect(notice).toContainText('Opened from a link: “Languages');
  await expect(notice).toContainText('limits of 8 domains');
  expect(new URL(other.url()).hash).toBe('');
  await expect.poll(() => figures(other)).toEqual(expected);
  // The former study is one undo step back.
  await undoButton(other).click();
  await expect(other.getByRole('heading', { level: 1 })).toContainText('Spanish loss');
  // What is said of the link is not said of another study.
  await expect(notice).toHaveCount(0);
  expectClean();
  await other.context().close();
});

test('a bad link is reported, and the page keeps working', async ({ page }) => {
  const { expectClean } = watch(page);
  await page.goto('/#s=AQBx');
  await expect(page.locator('.link-notice')).toContainText('This link is damaged');
  await expect(page.locator('.link-notice')).toContainText('Nothing on this page has changed');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Train on');
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.locator('.link-notice')).toHaveCount(0);
  await page.locator('.bar').getByRole('link', { name: 'Export' }).click();
  expect(new URL(page.url()).hash).toBe('#export');
  expectClean();
});

test('a link put into the address of an open page leaves the study there one step back', async ({
  page,
  browser,
}) => {
  const other = await stranger(browser);
  await open(other);
  await type(other, 'Tokens at hand of English', '3%');
  const link = await share(other);
  await other.context().close();

  await open(page);
  await openFiles(page, [csv('mine.csv', ownRuns())]);
  await expect(studyName(page)).toContainText('12 runs');
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, new URL(link).hash);
  await expect(studyName(page)).toContainText('Languages');
  await expect(page.getByRole('group', { name: 'Limits of English' })).toContainText('12.0%');
  await page.getByRole('button', { name: 'Back to what was here' }).click();
  await expect(studyName(page)).toContainText('12 runs');

  // What is said of the link's study is not said of the next one that is opened.
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, new URL(link).hash);
  await expect(page.locator('.link-notice')).toContainText('Opened from a link');
  await openFiles(page, [csv('others.csv', ownRuns())]);
  await expect(page.locator('.link-notice')).toHaveCount(0);
});

test('runs of one’s own go into a link only when told to', async ({ page, browser }) => {
  await open(page);
  await openFiles(page, [csv('mine.csv', ownRuns())]);
  await page.locator('.bar').getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share a link' });
  await expect(dialog).toContainText('in this tab only');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'The whole study, as .regmix.json' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/\.regmix\.json$/);
  await expect(dialog.getByRole('textbox', { name: 'The link' })).toHaveCount(0);
  await dialog.getByRole('switch', { name: 'Put the runs into the link' }).click();
  const link = await dialog.getByRole('textbox', { name: 'The link' }).inputValue();
  await dialog.getByRole('button', { name: 'Close' }).click();
  const expected = await (await showStage(page, 'runs')).innerText();

  const other = await stranger(browser);
  await other.goto(link);
  await expect(other.locator('.link-notice')).toContainText('its runs from the link itself');
  await expect(await showStage(other, 'runs')).toContainText('12 training runs');
  expect(expected).toContain('12 training runs');
  await other.context().close();
});

test('a study at public addresses is fetched only after asking, and only unchanged', async ({
  page,
}) => {
  const host = 'https://studies.example';
  const simulated = builtInStudies.find(({ id }) => id === 'simulated');
  if (!simulated) throw new Error('there is no simulated study');
  const names = ['train_mixture.csv', 'train_loss.csv'];
  const texts = simulated.files.map((name) => ({
    name,
    text: readFileSync(join('public', 'studies', simulated.id, name), 'utf8'),
  }));
  const asked: string[] = [];
  await page.route(`${host}/**`, async (route) => {
    asked.push(route.request().url());
    const name = new URL(route.request().url()).pathname.slice(1);
    const body = texts.find((file) => file.name === name)?.text ?? '';
    const headers = { 'access-control-allow-origin': '*' };
    await route.fulfill({ body, contentType: 'text/csv', headers });
  });
  const { study } = simulated.open(texts);
  const linked = (change: string) =>
    encodeLink({
      study: {
        kind: 'addresses',
        name: 'Somebody’s runs',
        print: studyFingerprint({ ...study, testSets: [] }),
        files: names.map((name) => ({
          url: `${host}/${name}`,
          sha256: createHash('sha256')
            .update(texts.find((file) => file.name === name)?.text ?? '')
            .update(change)
            .digest('hex'),
        })),
      },
      domains: study.domains.length,
      targets: study.targets.length,
      mixtures: {},
      settings: {},
      view: {},
    });

  await page.goto(`/${linked('')}`);
  const dialog = page.getByRole('dialog', { name: 'Fetch the study of this link?' });
  await expect(dialog).toContainText('studies.example');
  expect(asked).toEqual([]);
  await dialog.getByRole('button', { name: 'Do not open the link' }).click();
  await expect(studyName(page)).toContainText('Languages');
  expect(asked).toEqual([]);

  const follow = async (hash: string) => {
    await page.evaluate((next) => {
      window.location.hash = next;
    }, hash);
    await dialog.getByRole('button', { name: 'Fetch from studies.example' }).click();
  };
  await follow(linked('other'));
  await expect(page.locator('.link-notice')).toContainText('holds another file');
  await expect(studyName(page)).toContainText('Languages');
  await follow(linked(''));
  await expect(page.locator('.link-notice')).toContainText('its runs from studies.example');
  await expect(studyName(page)).toContainText('Somebody’s runs');
});

test('a whole study at a public address is named by the dialog and fetched only after asking, and only unchanged', async ({
  page,
  browser,
}) => {
  await open(page);
  await openFiles(page, [csv('mine.csv', ownRuns())]);
  await expect(studyName(page)).toContainText('12 runs');
  const text = await wholeStudy(page);
  const url = 'https://studies.example/mine.regmix.json';
  await serveAt(page, url, () => text);
  // Changes made after the file was saved are in the link.
  await type(page, 'Tokens at hand of a', '3%');
  await expect(page.getByRole('group', { name: 'Limits of a' })).toContainText('cap 12.0%');
  await page.locator('.bar').getByRole('button', { name: 'Share' }).click();
  const sharing = page.getByRole('dialog', { name: 'Share a link' });
  await sharing.getByText('Name public addresses of its CSVs or its .regmix.json').click();
  await sharing.getByRole('textbox', { name: /^Addresses that begin with/ }).fill(url);
  await sharing.getByRole('button', { name: 'Fetch and check' }).click();
  await expect(sharing).toContainText('names your study by its public address');
  const link = await sharing.getByRole('textbox', { name: 'The link' }).inputValue();
  expect(link.length).toBeLessThan(300);
  await page.keyboard.press('Escape');
  const expected = await figures(page);

  const other = await stranger(browser);
  const { expectClean } = watch(other, ['studies.example']);
  const asked = await serveAt(other, url, (count) => (count === 0 ? `${text} ` : text));
  await other.goto(link);
  const asking = other.getByRole('dialog', { name: 'Fetch the study of this link?' });
  await expect(asking).toContainText(url);
  expect(asked).toEqual([]);
  await asking.getByRole('button', { name: 'Fetch from studies.example' }).click();
  await expect(other.locator('.link-notice')).toContainText('holds another file');
  await expect(studyName(other)).toContainText('Languages');
  await other.evaluate((hash) => {
    window.location.hash = hash;
  }, new URL(link).hash);
  await asking.getByRole('button', { name: 'Fetch from studies.example' }).click();
  await expect(other.locator('.link-notice')).toContainText('read from studies.example');
  await expect(await showStage(other, 'runs')).toContainText('12 training runs');
  await goTo(other, 'answer');
  await expect.poll(() => figures(other)).toEqual(expected);
  expect(asked).toEqual([url, url]);
  expectClean();
  await other.context().close();
});

/** The open study as its file. */
async function wholeStudy(page: Page): Promise<string> {
  await showStage(page, 'export');
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('#export').getByRole('button', { name: 'The whole study' }).click(),
  ]);
  return readFileSync(await saved.path(), 'utf8');
}

/**
 * Serves a public address, with headers that let every page read it.
 *
 * @param body the body of a response, given the number of earlier ones
 * @returns the requested addresses, in order
 */
async function serveAt(
  page: Page,
  url: string,
  body: (count: number) => string,
): Promise<string[]> {
  const asked: string[] = [];
  await page.route(url, async (route) => {
    const headers = { 'access-control-allow-origin': '*' };
    await route.fulfill({ body: body(asked.length), contentType: 'application/json', headers });
    asked.push(route.request().url());
  });
  return asked;
}

/** Twelve runs on two domains, as one wide CSV. */
function ownRuns(): string[] {
  const rows = Array.from({ length: 12 }, (_, row) => {
    const share = (row + 1) / 13;
    const loss = 3 - 0.5 * Math.sqrt(share) + 0.01 * ((row * 7) % 5);
    return `r${row},${share},${1 - share},${loss.toFixed(4)}`;
  });
  return ['index,train_a,train_b,metric/a_val_loss', ...rows];
}
