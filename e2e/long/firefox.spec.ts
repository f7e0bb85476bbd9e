import { writeFileSync } from 'node:fs';
import { expect, type TestInfo, test } from '@playwright/test';
import type { Page } from 'puppeteer-core';
import { createRandomStream } from '../../lib/model/random';
import { launchFirefox } from './launch-firefox';

/** How fast each domain lowers the loss: the best mixture is nearly all books. */
const rates = { news: 0.4, code: 0.8, law: 0.2, books: 2.4 };
const runs = 24;
const proxies = 8;
/** Timeouts only catch hangs. */
const limits = { answer: 120_000, training: 600_000, install: 600_000 };
/** Upper bound on the tab stops before a button of the top bar. */
const maxStops = 50;

/** A page in Firefox, and the problems found in it. */
const walk = test.extend<{ firefox: { page: Page; problems: readonly string[] } }>({
  firefox: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it that nothing else is needed
    async ({}, use, info) => {
      const browser = await launchFirefox();
      if (!browser) {
        test.skip(true, 'no Firefox: install firefox-esr, or set FIREFOX_PATH');
        return;
      }
      try {
        const page = await browser.newPage();
        page.setDefaultTimeout(limits.answer);
        await use({ page, problems: watch(page) });
        if (info.status !== info.expectedStatus) {
          const path = info.outputPath('firefox.png');
          await page.screenshot({ path });
          info.attachments.push({ name: 'screenshot', path, contentType: 'image/png' });
        }
      } finally {
        await browser.close();
      }
    },
    // Firefox may have to be installed.
    { timeout: limits.install },
  ],
});

walk(
  'in Firefox: runs are opened by keys, read and fitted; a training goes on after a reload',
  async ({ firefox: { page, problems }, baseURL }, info) => {
    test.setTimeout(2 * limits.training);
    await page.goto(`${baseURL}/answer`);
    await page.waitForSelector('html[data-live="true"]');

    await test.step('opens the dialog by keys, reads two files and shows what they are', async () => {
      await tabTo(page, '.bar-study .menu-button');
      await page.keyboard.press('Enter');
      await expectFocusIn(page, '[role=menuitem]');
      await page.keyboard.press('Enter');
      await expectFocusIn(page, 'dialog[open]');
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog', { hidden: true });
      await page.focus('.bar-study .menu-button');
      await page.keyboard.press('Enter');
      await expectFocusIn(page, '[role=menuitem]');
      await page.keyboard.press('Enter');
      const input = await page.waitForSelector('dialog input[type=file]');
      // A selector of a tag name gives the element's exact type.
      await (await input?.toElement('input'))?.uploadFile(...writeRuns(info));
      await expectText(page, 'dialog', `mixtures.csv ${runs} runs, 4 domains, 0 targets`);
      await expectText(page, 'dialog', `losses.csv ${runs} runs, 0 domains, 2 targets`);
    });

    await test.step('uses them: the fit and the optimum follow the law they were made by', async () => {
      await click(page, 'button', 'Use these runs');
      await page.waitForSelector('dialog', { hidden: true });
      await expectText(page, 'h1', /Train on (8|9)\d% Books.*News loss/);
      await expectText(page, '#optimum', 'Best predicted News loss');
      await goTo(page, '/evidence');
      await expectText(page, '#regression', /rho (0\.9\d\d|1\.000)/);
      await goTo(page, '/explore', 'Runs');
      await expectText(page, '#runs', `${runs} training runs`);
    });

    await test.step('trains proxies, is reloaded in the middle, and resumes', async () => {
      await goTo(page, '/lab');
      for (const language of ['Spanish', 'French', 'Polish', 'Portuguese', 'Russian']) {
        await click(page, 'checkbox', language);
      }
      await typeInto(page, 'Proxies: mixtures to draw', String(proxies));
      await expectText(page, '#proxies', `${proxies} mixtures drawn`);
      await (await find(page, 'combobox', 'Parameters')).select('7k');
      await typeInto(page, 'Tokens per proxy: bytes that each proxy reads', '4M');
      await click(page, 'button', 'Train');
      await page.waitForFunction(
        () => {
          const bar = document.querySelector<HTMLProgressElement>('#proxies progress');
          return bar !== null && bar.value > bar.max / 4;
        },
        { timeout: limits.training },
      );
      await click(page, 'button', 'Pause');
      await expectText(page, '#proxies .progress', '(paused)');
      // Reload once progress is saved: some proxies are done, or at a known percentage.
      const steps = await page.$eval('#proxies progress', (bar) => Number(bar.getAttribute('max')));
      const share = 15;
      const isSaved = async () =>
        (await page.$('#proxies .tile-done')) !== null ||
        (await savedStep(page)) >= (share / 100) * (steps / proxies);
      await expect.poll(isSaved, { timeout: limits.answer }).toBe(true);

      await page.reload();
      await expectText(page, '#proxies', `of ${proxies} proxies trained: 7k`);
      await recordTitles(page);
      await click(page, 'button', 'Resume');
      await expectText(
        page,
        '#proxies .progress',
        `${proxies} of ${proxies} proxies trained`,
        limits.training,
      );
      // A training that restarted would have shown every proxy at its first steps.
      const least = minShares(await page.evaluate(() => [...window.titlesShown]));
      expect(least.size).toBe(proxies);
      expect(Math.max(...least.values())).toBeGreaterThanOrEqual(share);
      await goTo(page, '/explore', 'Runs');
      await expectText(page, '#runs', `${proxies} training runs`);
      await goTo(page, '/evidence');
      await expectText(page, '#regression', 'rho');
      await goTo(page, '/answer');
      await expectText(page, '#optimum', 'Best predicted');
    });
    expect(problems).toEqual([]);
  },
);

/**
 * Collects what a clean page must not have: console messages, page errors, CSP violations, foreign
 * requests.
 */
function watch(page: Page): readonly string[] {
  const problems: string[] = [];
  page.on('console', (message) => problems.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`page error: ${String(error)}`));
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} for ${response.url()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (['data:', 'blob:'].includes(url.protocol) || url.hostname === '127.0.0.1') return;
    problems.push(`request to ${url.href}`);
  });
  return problems;
}

/**
 * Writes runs of a known law: random mixtures, and losses that decrease exponentially with the
 * domains.
 *
 * @returns paths of the mixtures and of the losses
 */
function writeRuns(info: TestInfo): [string, string] {
  const draws = createRandomStream(7);
  const names = Object.keys(rates).map((name) => `train_${name}`);
  const mixtures = [`index,${names.join()}`];
  const losses = ['index,metric/news_val_loss,metric/code_val_loss'];
  for (let run = 0; run < runs; run++) {
    const amounts = names.map(() => -Math.log(1 - draws.uniform()));
    const total = amounts.reduce((sum, amount) => sum + amount, 0);
    const weights = amounts.map((amount) => amount / total);
    const effect = Object.values(rates).reduce((sum, rate, at) => sum + rate * weights[at], 0);
    const values = [2 + Math.exp(-effect), 1 + 2 * Math.exp(-effect / 2)];
    mixtures.push([run, ...weights.map((weight) => weight.toFixed(6))].join());
    losses.push([run, ...values.map((value) => value.toFixed(5))].join());
  }
  const paths: [string, string] = [info.outputPath('mixtures.csv'), info.outputPath('losses.csv')];
  writeFileSync(paths[0], mixtures.join('\n'));
  writeFileSync(paths[1], losses.join('\n'));
  return paths;
}

/** Locates an element by its accessible role and name. */
async function find(page: Page, role: string, name: string) {
  return page.locator(`::-p-aria([name="${name}"][role="${role}"])`).waitHandle();
}

/** Clicks an element once it is visible, enabled and stable. */
async function click(page: Page, role: string, name: string): Promise<void> {
  await page.locator(`::-p-aria([name="${name}"][role="${role}"])`).click();
}

async function typeInto(page: Page, name: string, text: string): Promise<void> {
  await page.locator(`::-p-aria([name="${name}"][role="textbox"])`).fill(text);
  await page.keyboard.press('Enter');
}

/** Goes to a room by its link, and to one of its tabs. */
async function goTo(page: Page, path: string, tab?: string): Promise<void> {
  await page.locator(`nav[aria-label="Rooms"] a[href="${path}"]`).click();
  await page.waitForSelector(`main[data-room="${path.slice(1)}"] h1`, { visible: true });
  if (tab === undefined) return;
  const buttons = await page.$$(`main[data-room="${path.slice(1)}"] .stage-tabs nav button`);
  for (const button of buttons) {
    if ((await button.evaluate(({ textContent }) => textContent ?? '')).startsWith(tab)) {
      // Another press would fold it.
      if (await button.evaluate((each) => each.ariaCurrent === null)) await button.click();
      return;
    }
  }
  throw new Error(`no tab “${tab}” in ${path}`);
}

/** Presses Tab from the top of the page until the element of a selector has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let stop = 0; stop < maxStops; stop++) {
    await page.keyboard.press('Tab');
    const isThere = (within: string) => document.activeElement?.matches(within) ?? false;
    if (await page.evaluate(isThere, selector)) return;
  }
  throw new Error(`no ${selector} within ${maxStops} stops`);
}

async function expectFocusIn(page: Page, selector: string): Promise<void> {
  await page.waitForFunction((within) => document.activeElement?.closest(within), {}, selector);
}

/** Waits until an element shows a text. */
async function expectText(
  page: Page,
  selector: string,
  text: string | RegExp,
  timeout = limits.answer,
): Promise<void> {
  const shown = () => page.$$eval(selector, (all) => all.map(({ textContent }) => textContent));
  const expected =
    typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text);
  await expect.poll(shown, { timeout }).toContainEqual(expected);
}

declare global {
  interface Window {
    /** Titles of the proxies' tiles since {@link recordTitles}. */
    titlesShown: Set<string>;
  }
}

/** The latest step of a saved checkpoint, in whichever object store; 0 = none. */
async function savedStep(page: Page): Promise<number> {
  return page.evaluate(async () => {
    function answerOf<T>(request: IDBRequest<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    }
    let latest = 0;
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue;
      const database = await answerOf(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const values = database.transaction(store).objectStore(store).getAll();
        for (const value of await answerOf(values)) {
          latest = Math.max(latest, value?.checkpoint?.step ?? 0);
        }
      }
      database.close();
    }
    return latest;
  });
}

/**
 * Records the titles of tiles in the page itself: some are replaced before a query from here
 * arrives.
 */
async function recordTitles(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.titlesShown = new Set();
    new MutationObserver(() => {
      for (const tile of document.querySelectorAll<HTMLElement>('#proxies .tile')) {
        window.titlesShown.add(tile.title);
      }
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
}

/**
 * The least progress of each proxy, in percent, according to the titles of its tile, such as "Proxy
 * 3, 57% German, 27%, loss 3.10 bits"; titles of waiting proxies have none.
 */
function minShares(titles: readonly string[]): Map<string, number> {
  const least = new Map<string, number>();
  for (const title of titles) {
    const [, proxy, state] = /^Proxy (\d+), \d+% [^,]+, (\d+%|done)/.exec(title) ?? [];
    if (proxy === undefined) continue;
    const percent = state === 'done' ? 100 : Number.parseInt(state, 10);
    least.set(proxy, Math.min(percent, least.get(proxy) ?? 100));
  }
  return least;
}
