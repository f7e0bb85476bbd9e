/**
 * Recovery from lost code and dead workers: chunks that fail to load, and workers that the browser
 * terminates.
 */
import { type Browser, expect, type Page, test } from '@playwright/test';
import { watch } from './console';
import {
  chooseTarget,
  csv,
  expectLive,
  goTo,
  open,
  openMenu,
  openRunsDialog,
  showStage,
  studyName,
} from './page';
import {
  expectAnswered,
  expectKilled,
  killAtFirst,
  killWorkers,
  watchWorkers,
} from './worker-watch';

/** Chromium's own messages about a file that fails to load. */
const blocked = [
  'Failed to load resource: net::ERR_FAILED',
  'Failed to load resource: the server responded with a status of 404 (Not Found)',
];
const missing = 'A part of the page could not be loaded.';
/** The bundler requests a file twice, and the page makes it retry once. */
const byTheBundler = 2;

type Failure = 'no connection' | '404';

/**
 * Fails requests of the page's own chunks, not those of its workers: the first `times` requests of
 * each file, or all until `end` is called.
 *
 * @param isServed chunks that are served all the same
 */
async function failChunks(
  page: Page,
  way: Failure,
  times = Number.POSITIVE_INFINITY,
  isServed: (pathname: string) => boolean = () => false,
) {
  const lost = new Map<string, number>();
  let isOver = false;
  await page.route('**/_next/static/chunks/*.js*', async (route) => {
    const { pathname } = new URL(route.request().url());
    const { referer = '' } = route.request().headers();
    if ([pathname, referer].some((address) => address.includes('/turbopack-worker-'))) {
      return route.fallback();
    }
    const count = (lost.get(pathname) ?? 0) + 1;
    if (isOver || count > times || isServed(pathname)) return route.fallback();
    lost.set(pathname, count);
    return way === '404' ? route.fulfill({ status: 404 }) : route.abort();
  });
  return {
    lost,
    end: () => {
      isOver = true;
    },
  };
}

/** Opens the page and waits until nothing near the reader is loading any more. */
async function openIdle(page: Page): Promise<void> {
  await open(page);
  await page.waitForLoadState('networkidle');
}

/** Makes an edit that must survive a reload. */
async function edit(page: Page): Promise<void> {
  await chooseTarget(page, 'German loss');
  await expectEdited(page);
}

/** Expects the answer to be that of the edit. */
async function expectEdited(page: Page): Promise<void> {
  await goTo(page, 'answer');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('German loss');
}

/** Expects the page to be shown again, with the edit. */
async function expectReloaded(page: Page): Promise<void> {
  await expect(page.getByText(missing)).toHaveCount(0);
  await expectLive(page);
  await expectEdited(page);
}

test.describe('code of the page that fails to load', () => {
  for (const way of ['no connection', '404'] as const) {
    test(`is retried automatically: a dialog, a stage (${way})`, async ({ page }) => {
      const { expectClean } = watch(page, [], blocked);
      await openIdle(page);
      const { lost } = await failChunks(page, way, byTheBundler);
      await openMenu(page, 'Studies');
      await expect(page.getByRole('dialog', { name: 'Studies' })).toContainText('Languages');
      await page.keyboard.press('Escape');
      await showStage(page, 'verify');
      await page.getByRole('button', { name: 'Set up a verification' }).click();
      await expect(page.locator('#verify')).toContainText('Seeds');
      expect(Math.max(...lost.values())).toBe(byTheBundler);
      await expect(page.getByText(missing)).toHaveCount(0);
      expectClean();
    });

    test(`leaves a dialog with a message and a button that reloads the page (${way})`, async ({
      page,
    }) => {
      const { expectClean } = watch(page, [], blocked);
      await openIdle(page);
      const code = await failChunks(page, way);
      await openMenu(page, 'Studies');
      const dialog = page.getByRole('dialog', { name: 'Studies' });
      await expect(dialog).toContainText(missing);
      // Closed and opened again, it is requested again.
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
      await edit(page);
      await openMenu(page, 'Studies');
      await expect(dialog).toContainText(missing);
      code.end();
      await dialog.getByRole('button', { name: 'Reload the page' }).click();
      await expectReloaded(page);
      expectClean();
    });
  }

  test('leaves a stage with a button to try again, and the others working', async ({ page }) => {
    const { expectClean } = watch(page, [], blocked);
    await openIdle(page);
    const verify = await showStage(page, 'verify');
    await page.waitForLoadState('networkidle');
    const code = await failChunks(page, 'no connection');
    await verify.getByRole('button', { name: 'Set up a verification' }).click();
    await expect(verify).toContainText(missing);
    await edit(page);
    code.end();
    await showStage(page, 'verify');
    await verify.getByRole('button', { name: 'Try again' }).click();
    await expect(verify).toContainText('Seeds');
    expectClean();
  });

  test('leaves a stage with a button that reloads the page', async ({ page }) => {
    const { expectClean } = watch(page, [], blocked);
    await openIdle(page);
    const verify = await showStage(page, 'verify');
    await page.waitForLoadState('networkidle');
    const code = await failChunks(page, '404');
    await verify.getByRole('button', { name: 'Set up a verification' }).click();
    await expect(verify).toContainText(missing);
    await edit(page);
    code.end();
    await showStage(page, 'verify');
    await verify.getByRole('button', { name: 'Reload the page' }).click();
    await expectReloaded(page);
    expectClean();
  });

  for (const recovers of [true, false]) {
    test(`opens a link ${recovers ? 'at the second try' : 'after a reload'}`, async ({
      page,
      browser,
    }) => {
      const { expectClean } = watch(page, [], blocked);
      const link = await linkToGerman(browser);
      await openIdle(page);
      const code = await failChunks(page, '404', recovers ? byTheBundler : undefined);
      await page.evaluate((hash) => {
        window.location.hash = hash;
      }, link);
      if (!recovers) {
        await expect(page.getByText(missing).first()).toBeVisible();
        expect(new URL(page.url()).hash).toBe(link);
        code.end();
        await page.getByRole('button', { name: 'Reload the page' }).first().click();
      }
      await expect(page.getByText(/^Opened from a link/)).toBeVisible();
      await expect(page.getByRole('heading', { level: 1 })).toContainText('German loss');
      expect(new URL(page.url()).hash).toBe('');
      expectClean();
    });
  }

  test('hides the page when a lesson cannot be loaded, until a reload', async ({ page }) => {
    const lesson = { hidesAnswer: true, hiddenStages: [], task: 'Guess!', isPresenting: false };
    await page.addInitScript((text) => {
      sessionStorage.setItem('regmix-lesson', text);
    }, JSON.stringify(lesson));
    const served = await (await page.request.get('/answer')).text();
    const code = await failChunks(page, '404', undefined, (path) => served.includes(path));
    await page.goto('/answer');
    await expect(page.getByRole('heading', { name: 'This page cannot be shown' })).toBeVisible();
    await expect(page.getByRole('alert').filter({ hasText: missing })).toBeVisible();
    code.end();
    await page.getByRole('button', { name: 'Reload the page' }).click();
    await expect(page.getByText('Guess!')).toBeVisible();
    await expect(page.locator('#optimum')).toContainText('The answer is hidden');
  });

  test('is reported where a file was to be saved', async ({ page }) => {
    const { expectClean } = watch(page, [], blocked);
    await openIdle(page);
    const runs = await showStage(page, 'runs');
    await page.waitForLoadState('networkidle');
    const code = await failChunks(page, 'no connection');
    const save = async () => {
      await runs.getByRole('button', { name: 'Save these runs as CSV files' }).click();
      await runs.getByRole('menuitem', { name: 'RegMix, losses' }).click();
    };
    await save();
    await expect(runs.getByRole('alert')).toContainText(missing);
    code.end();
    const [saved] = await Promise.all([page.waitForEvent('download'), save()]);
    expect(saved.suggestedFilename()).toBe('regmix-losses.csv');
    await expect(runs.getByRole('alert')).toHaveCount(0);
    expectClean();
  });
});

/** The fragment that opens the built-in study with another target, as another user made it. */
async function linkToGerman(browser: Browser): Promise<string> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await open(page);
  await edit(page);
  await page.locator('.bar').getByRole('button', { name: 'Share' }).click();
  const link = page.getByRole('dialog').getByRole('textbox', { name: 'The link' });
  await expect(link).not.toHaveValue('');
  const { hash } = new URL(await link.inputValue());
  await context.close();
  return hash;
}

test.describe('a worker that the browser has terminated', () => {
  test.beforeEach(({ page }) => watchWorkers(page));

  test('is replaced while it fits, and the interrupted fit is done', async ({ page }) => {
    const { expectClean } = watch(page);
    await killAtFirst(page, 'assess');
    await open(page);
    await expectKilled(page, 'assess');
    await expectAnswered(page, 'assess');
    await edit(page);
    await goTo(page, 'evidence');
    await expect(page.locator('#regression')).toContainText('rho');
    expectClean();
  });

  test('is replaced when the next limit is set', async ({ page }) => {
    const { expectClean } = watch(page);
    await open(page);
    await page.waitForFunction(() =>
      window.watchedWorkers.some(({ answered }) => answered.has('solve')),
    );
    await killWorkers(page, 'solve');
    const hand = page.getByRole('textbox', { name: 'Tokens at hand of English' });
    await hand.fill('3%');
    await hand.press('Enter');
    await expectAnswered(page, 'solve');
    await expect(page.locator('#optimum')).toContainText('Best predicted');
    expectClean();
  });

  test('is replaced when something else is explored', async ({ page }) => {
    const { expectClean } = watch(page);
    await open(page);
    await showStage(page, 'trust');
    await page.waitForFunction(() =>
      window.watchedWorkers.some(({ answered }) => answered.has('learningCurve')),
    );
    await killWorkers(page, 'learningCurve');
    await showStage(page, 'next');
    await page.getByRole('button', { name: /^Propose/ }).click();
    await expectAnswered(page, 'propose');
    await expect(page.getByRole('table', { name: /^Mixtures proposed/ })).toBeVisible();
    expectClean();
  });

  test('is replaced between the preview of files and their use', async ({ page }) => {
    const { expectClean } = watch(page);
    await open(page);
    const dialog = await openRunsDialog(page);
    const rows = Array.from({ length: 20 }, (_, run) => {
      const share = (run + 1) / 21;
      return `${run},${share},${1 - share},${3 - share + share * share}`;
    });
    const lines = ['index,train_a,train_b,metric/a_val_loss', ...rows];
    await dialog.locator('input[type=file]').setInputFiles([csv('runs.csv', lines)]);
    const use = dialog.getByRole('button', { name: 'Use these runs' });
    await expect(use).toBeVisible();
    await killWorkers(page, 'read');
    await use.click();
    await expectAnswered(page, 'build');
    await expect(dialog).toBeHidden();
    await expect(studyName(page)).toContainText('20 runs on 2 domains');
    expectClean();
  });

  test('is replaced when other text is opened', async ({ page }) => {
    const { expectClean } = watch(page);
    await open(page);
    const proxies = await showStage(page, 'proxies');
    await expect(proxies.getByRole('checkbox', { name: 'English' })).toBeVisible();
    await killWorkers(page, 'builtIn');
    await proxies.getByText('Software', { exact: true }).click();
    await expectAnswered(page, 'builtIn');
    await expect(proxies.getByRole('checkbox', { name: 'English' })).toHaveCount(0);
    await expect(proxies.getByRole('table', { name: /^Domains of/ })).toBeVisible();
    expectClean();
  });

  test('is replaced when the next ONNX file is made', async ({ page }) => {
    const { expectClean } = watch(page);
    await open(page);
    const stage = await showStage(page, 'export');
    await stage.getByText(/^ONNX: /).click();
    const fit = stage.getByRole('combobox', { name: 'Fit to export' });
    await fit.selectOption('ridge');
    await stage.getByRole('button', { name: 'Make the ONNX file' }).click();
    await expect(stage.getByRole('button', { name: 'Save the ONNX file' })).toBeVisible();
    await killWorkers(page, 'export');
    await fit.selectOption('ols');
    await stage.getByRole('button', { name: 'Make the ONNX file' }).click();
    await expectAnswered(page, 'export');
    await expect(stage.getByRole('button', { name: 'Save the ONNX file' })).toBeVisible();
    expectClean();
  });
});

test.describe('a worker whose script fails to load', () => {
  test('is reported, and starts when it is requested again later', async ({ page }) => {
    const { expectClean } = watch(page, [], blocked);
    await open(page);
    await page.waitForLoadState('networkidle');
    await page.route('**/turbopack-worker-*', (route) => route.fulfill({ status: 404 }));
    const dialog = await openRunsDialog(page);
    const input = dialog.locator('input[type=file]');
    const file = csv('runs.csv', ['index,train_a,train_b,metric/a_val_loss', '1,0.5,0.5,3']);
    await input.setInputFiles([file]);
    await expect(dialog.getByRole('alert')).toContainText(missing);
    await expect(dialog.getByRole('alert')).toContainText('reload the page');
    await page.unroute('**/turbopack-worker-*');
    await input.setInputFiles([file]);
    await expect(dialog.getByRole('button', { name: 'Use these runs' })).toBeVisible();
    await expect(dialog.getByText(missing)).toHaveCount(0);
    expectClean();
  });
});
