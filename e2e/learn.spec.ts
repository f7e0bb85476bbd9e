import { expect, type Locator, type Page, test } from '@playwright/test';
import { watch } from './console';
import { open, type } from './page';

const titles = [
  'The question',
  'Draw mixtures',
  'Watch proxies learn',
  'Fit a regression',
  'Meet the law',
  'The best mixture',
  'Run out of tokens',
  'Does it hold for larger models?',
  'What the paper learnt',
  'An example on the paper’s runs',
];

/** The data stored in this browser but for the tour's own: all databases, and local storage. */
function storedData(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const databases = (await indexedDB.databases()).map(({ name }) => name ?? '').sort();
    const all: unknown[] = [];
    for (const name of databases) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      for (const store of database.objectStoreNames) {
        const records = await new Promise((resolve, reject) => {
          const request = database.transaction(store).objectStore(store).getAll();
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
        all.push([name, store, records]);
      }
      database.close();
    }
    const words = Object.entries(localStorage).filter(([key]) => key !== 'regmix-learn');
    return JSON.stringify([all, words]);
  });
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
}

/** Focuses by Tab, as a reader without a mouse does, and presses a key. */
async function tabTo(page: Page, target: Locator, key: string): Promise<void> {
  await expect(target).toBeEnabled();
  for (let presses = 0; presses < 120; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      await page.keyboard.press(key);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`120 Tabs do not reach ${target}`);
}

/** Completes each step by keyboard only. */
const actions: Readonly<Record<string, (page: Page, main: Locator) => Promise<void>>> = {
  'The question': async (page, main) => {
    await tabTo(page, main.getByRole('slider', { name: 'Spanish', exact: true }), 'PageUp');
    await tabTo(page, main.getByRole('button', { name: 'Compare my guess' }), 'Enter');
    await expect(main).toContainText('Your guess differs from the prediction by');
  },
  'Draw mixtures': async (page, main) => {
    const before = await main.locator('.chart-lead').textContent();
    await tabTo(page, main.getByRole('button', { name: 'Draw again' }), 'Enter');
    await expect(main.locator('.chart-lead')).not.toHaveText(before ?? '');
  },
  'Watch proxies learn': async (page, main) => {
    await tabTo(page, main.getByRole('button', { name: 'Play', exact: true }), 'Enter');
    await expect(main).toContainText('All tokens read');
  },
  'Fit a regression': async (page, main) => {
    await tabTo(page, main.getByRole('radio', { name: 'Linear model' }), 'ArrowRight');
    const table = main.getByRole('table', { name: 'Both regressions on unseen runs' });
    const rhoOf = async (name: string) => {
      const cell = table.getByRole('row', { name }).getByRole('cell').first();
      await expect(cell).toHaveText(/^[01]\.\d{3}$/);
      return Number(await cell.textContent());
    };
    expect(await rhoOf('Law')).toBeGreaterThan(await rhoOf('Linear model'));
  },
  'Meet the law': async (page, main) => {
    const predicted = main.locator('.learn-large strong');
    await expect(predicted).toHaveText(/^\d\.\d{3}$/);
    const before = Number(await predicted.textContent());
    await tabTo(page, main.getByRole('slider', { name: 'Spanish', exact: true }), 'PageUp');
    await expect.poll(async () => Number(await predicted.textContent())).toBeLessThan(before);
  },
  'The best mixture': async (page, main) => {
    await tabTo(page, main.getByRole('button', { name: 'Show the optimum' }), 'Enter');
    await expect(main).toContainText('The optimum is predicted to reach');
  },
  'Run out of tokens': async (page, main) => {
    const slider = main.getByRole('slider', { name: 'Tokens at hand of Spanish', exact: true });
    await tabTo(page, slider, 'Home');
    await expect(main).toContainText('at its cap');
    await expect(main.locator('.learn-figures dd').last()).toHaveText(/^\d\.\d{4} bits per byte$/);
  },
  'Does it hold for larger models?': async (page, main) => {
    await tabTo(page, main.getByRole('radio', { name: '0', exact: true }), 'Space');
    await expect(main).toContainText(/Rank agreement of both sizes on \d+ mixtures: rho/);
  },
  'What the paper learnt': async (page, main) => {
    for (const name of ['How far apart', 'Which language’s loss', 'Besides Spanish']) {
      await tabTo(page, main.getByRole('button', { name }), 'Enter');
    }
    await expect(main.getByRole('figure')).toHaveCount(3);
  },
  'An example on the paper’s runs': async (page, main) => {
    await tabTo(page, main.getByRole('button', { name: 'I have decided' }), 'Enter');
  },
};

test.describe('the guided tour', () => {
  test('is walked and done by keyboard alone, step by step, and touches nothing that is kept', async ({
    page,
  }) => {
    const { expectClean } = watch(page);
    await open(page);
    await type(page, 'Requested tokens, typed', '3M');
    await expect(page.locator('.saving')).toHaveText(/saved/i);
    // The answer is kept once more when its correction is known.
    const keptAnswer = () => page.evaluate(() => localStorage.getItem('regmix-answer') ?? '');
    await expect.poll(keptAnswer).toContain('optimism');
    const storedBefore = await storedData(page);

    await page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link', { name: 'Learn' })
      .click();
    await expect(page.locator('html')).toHaveAttribute('data-live', 'true');
    const main = page.getByRole('main');
    for (const [place, title] of titles.entries()) {
      const heading = main.getByRole('heading', { level: 1 });
      await expect(heading).toHaveText(title);
      if (place > 0) await expect(heading).toBeFocused();
      await actions[title](page, main);
      await expect(main.getByRole('status').last()).toHaveText(/Step done/);
      if (place + 1 < titles.length) {
        await tabTo(page, main.getByRole('button', { name: /^Next:/ }), 'Enter');
      }
    }
    const steps = page.getByRole('navigation', { name: 'Steps' });
    await expect(steps.getByText('done')).toHaveCount(titles.length);
    expect(await storedData(page)).toBe(storedBefore);
    expectClean();
  });

  test('stays at its step over a reload, and Back undoes Next', async ({ page }) => {
    await page.goto('/learn#fit');
    const heading = page.getByRole('heading', { level: 1 });
    await expect(heading).toHaveText('Fit a regression');
    await page.getByRole('button', { name: /^Next:/ }).click();
    await expect(heading).toHaveText('Meet the law');
    await page.reload();
    await expect(heading).toHaveText('Meet the law');
    await page.goBack();
    await expect(heading).toHaveText('Fit a regression');
  });

  test('moves the focus to a heading by a press on the page alone', async ({ page }) => {
    const heading = page.getByRole('heading', { level: 1 });
    const focused = () => page.evaluate(() => document.activeElement?.tagName);
    await page.goto('/learn#fit');
    await expect(page.locator('html')).toHaveAttribute('data-live', 'true');
    await expect(heading).toHaveText('Fit a regression');
    expect(await focused()).toBe('BODY');
    await page.goto('/learn');
    await expect(page.locator('html')).toHaveAttribute('data-live', 'true');
    await expect(heading).toHaveText('Fit a regression');
    expect(await focused()).toBe('BODY');
    await page
      .getByRole('navigation', { name: 'Steps' })
      .getByRole('link', { name: 'Meet the law' })
      .click();
    await expect(heading).toHaveText('Meet the law');
    await expect(heading).toBeFocused();
  });

  test('keeps what was done over a reload and a visit to the explorer, until it starts over', async ({
    page,
  }) => {
    const { expectClean } = watch(page);
    await page.goto('/learn');
    await expect(page.locator('html')).toHaveAttribute('data-live', 'true');
    const main = page.getByRole('main');
    const heading = main.getByRole('heading', { level: 1 });
    await actions['The question'](page, main);
    const weight = main.getByRole('textbox', { name: 'Spanish, typed' });
    const chosen = await weight.inputValue();
    await main.getByRole('button', { name: /^Next:/ }).click();
    await actions['Draw mixtures'](page, main);
    const drawn = (await main.locator('.chart-lead').textContent()) ?? '';

    await page.goto('/');
    await expect(page.locator('html')).toHaveAttribute('data-live', 'true');
    await page.goto('/learn');
    await expect(heading).toHaveText('Draw mixtures');
    await expect(main.locator('.chart-lead')).toHaveText(drawn);
    await expect(page.getByRole('navigation', { name: 'Steps' }).getByText('done')).toHaveCount(2);
    await main.getByRole('button', { name: 'Back' }).click();
    await page.reload();
    await expect(main).toContainText('Your guess differs from the prediction by');
    await expect(weight).toHaveValue(chosen);

    await main.getByRole('button', { name: 'Start over' }).click();
    await expect(heading).toHaveText('The question');
    await expect(main).not.toContainText('Your guess differs from the prediction by');
    await expect(weight).not.toHaveValue(chosen);
    await page.reload();
    await expect(weight).not.toHaveValue(chosen);
    await expect(page.getByRole('navigation', { name: 'Steps' }).getByText('done')).toHaveCount(0);
    expectClean();
  });

  test('reads kept progress as hostile', async ({ page }) => {
    const { expectClean } = watch(page);
    await page.addInitScript(() => {
      const kept = { version: 1, step: 'fit', done: ['fit', 7], yours: [1e308], trained: [] };
      localStorage.setItem('regmix-learn', JSON.stringify(kept));
    });
    await page.goto('/learn');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Fit a regression');
    expectClean();
  });

  test('shows overfitting: more terms err less on fitted runs and more on unseen ones', async ({
    page,
  }) => {
    await page.goto('/learn#fit');
    const main = page.getByRole('main');
    const act = main.getByRole('region', { name: 'Your turn' }).last();
    const verdict = act.getByRole('status');
    const errors = async (start: string) => {
      await expect(verdict).toContainText(start);
      const [, fitted, unseen] = /error (\S+) on fitted runs, (\S+) /.exec(
        (await verdict.textContent()) ?? '',
      ) ?? ['', 'NaN', 'NaN'];
      return { fitted: Number(fitted), unseen: Number(unseen) };
    };
    const few = await errors('7 terms, 48 runs');
    await tabTo(page, act.getByRole('slider', { name: 'Terms of the polynomial' }), 'End');
    const many = await errors('46 terms, 48 runs');
    expect(many.fitted).toBeLessThan(few.fitted / 2);
    expect(many.unseen).toBeGreaterThan(2 * few.unseen);
    await expect(verdict).toContainText('Overfitted');
    await tabTo(page, act.getByRole('slider', { name: 'Runs fitted' }), 'End');
    const cured = await errors('46 terms, 272 runs');
    expect(cured.unseen).toBeLessThan(few.unseen);
  });

  test('fits a phone in the dark, every step', async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 360, height: 780 });
    await page.goto('/learn');
    for (const [place, title] of titles.entries()) {
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
      await expectNoSidewaysScroll(page);
      if (place + 1 < titles.length) await page.getByRole('button', { name: /^Next:/ }).click();
    }
  });
});

test('the guide fits a phone, and its contents lead to its sections', async ({ page }) => {
  const { expectClean } = watch(page);
  await page.setViewportSize({ width: 360, height: 780 });
  await page.goto('/guide');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'From your corpora to a mixture',
  );
  await expectNoSidewaysScroll(page);
  const link = page.getByRole('navigation', { name: 'Contents' }).getByRole('link');
  await link.filter({ hasText: 'claims' }).click();
  await expect(page.getByRole('heading', { name: /claims/ })).toBeInViewport();
  await expect(page.getByRole('link', { name: 'Learn', exact: true })).toHaveAttribute(
    'href',
    '/learn',
  );
  expectClean();
});
