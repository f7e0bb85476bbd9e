import { expect, test } from '@playwright/test';
import { rooms } from '../components/shell/rooms';
import { watch } from './console';
import {
  csv,
  goTo,
  open,
  openFiles,
  openLive,
  openRunsDialog,
  redoButton,
  roomLink,
  showStage,
  studyName,
  type,
  undoButton,
} from './page';
import { published, routePublished } from './published';
import { openSmall, smallStudyName, smallStudyState } from './small-study';

const widths = [1440, 768, 390] as const;

test.describe('first page', () => {
  test('is a complete study before any script runs', async ({ browser }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 })).toContainText('mix of training data');
    const live = page.getByRole('region', { name: /^Train on/ });
    await expect(live.locator('svg')).not.toHaveCount(0);
    for (const name of ['I have runs', 'I have text', 'Show me']) {
      await expect(page.getByRole('heading', { level: 2, name, exact: true })).toBeVisible();
    }
    await page.getByRole('link', { name: 'See the answer' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Train on');
    await expect(page.getByText('Trained by this page').first()).toBeVisible();
    const shown = {
      answer: ['Optimum', 'Token limits', 'Your turn'],
      evidence: ['Regression', 'Trust'],
      explore: ['Mixture space'],
      lab: ['Train proxies'],
    } as const;
    for (const room of ['answer', 'evidence', 'explore', 'lab'] as const) {
      await roomLink(page, room).click();
      for (const name of shown[room]) {
        await expect(page.getByRole('heading', { level: 2, name, exact: true })).toBeVisible();
      }
      if (room === 'answer') await expect(page.locator('#optimum svg')).not.toHaveCount(0);
    }
    // Of parts on view one at a time, the others are there, too.
    await expect(page.locator('#verify')).toBeAttached();
    await context.close();
  });

  for (const width of widths) {
    test(`has no message, no foreign request and no sideways scroll at ${width} px`, async ({
      page,
    }) => {
      const { expectClean } = watch(page);
      await page.setViewportSize({ width, height: 900 });
      await openLive(page, 'start');
      for (const { id } of rooms) {
        await goTo(page, id);
        if (id === 'evidence') await expect(page.locator('#regression')).toContainText('rho');
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, id).toBeLessThanOrEqual(0);
      }
      expectClean();
    });
  }
});

test.describe('token limits', () => {
  test.use({ storageState: smallStudyState });

  test('a typed limit moves its cap; undo reverts it, redo restores it', async ({ page }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    const limit = page.getByRole('group', { name: 'Limits of English' });
    const before = await limit.innerText();
    await type(page, 'Tokens at hand of English', '3%');
    await expect(limit).toContainText('cap 12.0%');
    await page.keyboard.press('Tab');
    await undoButton(page).click();
    await expect(limit).toHaveText(before.replace(/\s+/g, ' '), {
      useInnerText: true,
    });
    await redoButton(page).click();
    await expect(limit).toContainText('cap 12.0%');
    expectClean();
  });

  test('text that is not an amount is refused in place and changes nothing', async ({ page }) => {
    await openSmall(page);
    const field = page.getByRole('textbox', { name: 'Tokens at hand of English' });
    const before = await field.inputValue();
    await field.fill('plenty');
    await field.press('Enter');
    const problem = page.getByText('Expected tokens such as 0.75B');
    await expect(problem).toBeVisible();
    await field.press('Escape');
    await expect(field).toHaveValue(before);
    await expect(problem).toBeHidden();

    await field.fill('plenty');
    await field.press('Enter');
    await field.press('Tab');
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(problem).toBeHidden();
    await field.focus();
    await expect(problem).toBeVisible();
    await field.fill('100k');
    await field.press('Enter');
    await expect(field).toHaveAttribute('aria-invalid', 'false');
    await expect(problem).toBeHidden();
  });

  test('a slider works by keyboard, one burst is one undo', async ({ page }) => {
    await openSmall(page);
    const slider = page.getByRole('slider', { name: 'Epochs at most' });
    await slider.focus();
    const before = await slider.inputValue();
    // Sent by the page’s own timers: on a slow machine, keys from the test may be further apart
    // than a burst.
    await slider.evaluate(async (input) => {
      for (const shiftKey of [false, false, true]) {
        const press = { key: 'ArrowLeft', shiftKey, bubbles: true, cancelable: true };
        input.dispatchEvent(new KeyboardEvent('keydown', press));
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    });
    await expect(slider).toHaveValue(String(Number(before) - 1.2));
    await slider.blur();
    await page.keyboard.press('Control+z');
    await expect(slider).toHaveValue(before);
  });
});

test.describe('opening runs', () => {
  test.use({ storageState: smallStudyState });

  test('pasted runs become the study; opening them can be undone', async ({ page }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    const rows = Array.from({ length: 40 }, (_, run) => {
      const a = Math.round(((run * 37) % 100) * 10) / 1000;
      const b = Math.round((1 - a) * 1000) / 1000;
      return `run-${run};${a};${b};${(3 + b * b).toFixed(4)};${(2 + a).toFixed(4)}`.replaceAll(
        '.',
        ',',
      );
    });
    const text = [
      'run;train_news;train_code;metric/news_val_loss;metric/code_val_loss',
      ...rows,
    ].join('\n');
    const dialog = await openRunsDialog(page);
    await dialog.getByRole('textbox').fill(text);
    await dialog.getByRole('button', { name: 'Read what is pasted' }).click();
    await expect(dialog.getByText('40 runs, 2 domains, 2 targets')).toBeVisible();
    await dialog.getByRole('button', { name: 'Use these runs' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('News loss');
    await undoButton(page).click();
    await expect(studyName(page)).toHaveText(smallStudyName);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Spanish loss');
    expectClean();
  });

  test('a bad file is refused with its line, and the study stays', async ({ page }) => {
    await openSmall(page);
    // The correction for optimism comes with refits, to the headline as well.
    await expect(page.locator('#optimum').getByText(/^Predicted .* band/)).toBeVisible();
    const before = await page.getByRole('heading', { level: 1 }).innerText();
    const dialog = await openRunsDialog(page);
    const rows = Array.from(
      { length: 12 },
      (_, run) => `${run},0.5,${run === 4 ? '-0.5' : '0.5'},3.1`,
    );
    await dialog.locator('input[type=file]').setInputFiles({
      name: 'runs.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(['index,train_a,train_b,metric/a_val_loss', ...rows].join('\n')),
    });
    await dialog.getByRole('button', { name: 'Use these runs' }).click();
    const alert = dialog.getByRole('alert');
    await expect(alert).toContainText('runs.csv');
    await expect(alert).toContainText('row 6');
    await expect(alert).toContainText('train_b');
    await expect(alert).toContainText('-0.5');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(before);
  });

  test('runs that do not tell mixtures apart, and bands that they are too few for', async ({
    page,
  }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    const losses = [3.1, 2.9, 3.3, 3, 2.8, 3.2, 2.95, 3.05, 3.15, 2.85, 3.25, 2.75];
    const rows = losses.map((loss, run) => {
      const web = ((run * 7) % 19) / 20;
      const code = (1 - web) * (((run * 5) % 11) / 11);
      return [run, ...[web, code, 1 - web - code].map((weight) => weight.toFixed(6)), loss].join();
    });
    const header = 'index,train_web,train_code,train_law,metric/web_val_loss';
    await openFiles(page, [csv('noise.csv', [header, ...rows])]);
    const regression = await showStage(page, 'regression');
    await expect(regression.locator('.stage-head')).toContainText(
      /These runs do not tell mixtures apart \(p = 0\.\d\d\)/,
    );
    const levels = regression.getByLabel('Band').locator('option');
    await expect(levels).toHaveText(['80%', '90%', '95%, needs 19 runs']);
    await expect(levels.nth(2)).toBeDisabled();
    await expect(levels.nth(1)).toBeEnabled();
    expectClean();
  });

  test('a diverged run left out, undone, left out again and taken back', async ({ page }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    const rows = Array.from({ length: 40 }, (_, run) => {
      const web = ((run * 7) % 19) / 20;
      const code = (1 - web) * (((run * 5) % 11) / 11);
      const law = 1 - web - code;
      const loss = run === 17 ? 30 : 3 - Math.sqrt(web) - 0.2 * code;
      return [run, ...[web, code, law, loss].map((value) => value.toFixed(6))].join();
    });
    const header = 'index,train_web,train_code,train_law,metric/web_val_loss';
    await openFiles(page, [csv('diverged.csv', [header, ...rows])]);
    const regression = await showStage(page, 'regression');
    const scatter = regression.getByRole('img', { name: /^Predicted against measured/ });
    const leave = page.getByRole('button', { name: /^Leave/ });
    const mixtures = page.locator('#mixtures');
    const expectMixtures = async (runs: number, named: RegExp) => {
      await showStage(page, 'mixtures');
      await expect(mixtures).toContainText(`${runs} mixtures of 3 domains`);
      await expect(strip).toHaveAccessibleName(named);
      await goTo(page, 'evidence');
    };
    const expectFitted = async (runs: number) => {
      // The points are those of a fit to as many runs.
      await expect(scatter).toHaveAccessibleName(new RegExp(`of ${runs} runs, `), {
        timeout: 60_000,
      });
    };
    const strip = mixtures.getByRole('img', { name: /^Weights of 3 domains/ });

    await expectFitted(40);
    await expect(regression).toContainText(/Run 17: web loss 30\.000, .*It is not fitted\./i);
    await goTo(page, 'answer');
    await expect(page.locator('#optimum')).toContainText('Run 17 looks diverged and is not fitted');
    await expectMixtures(40, /1 run not fitted\.$/);
    await expect(leave).toHaveCount(1);
    await leave.click();
    await expectFitted(39);
    await expect(leave).toHaveCount(0);
    await expect(regression).toContainText('1 run left out of this study');
    await expect(page.locator('.bar-study')).toContainText('39 runs');
    await expect(page.getByRole('list', { name: 'Not as by default' })).toContainText(
      '1 run left out',
    );
    await expectMixtures(39, /1 run left out\.$/);

    await undoButton(page).click();
    await expectFitted(40);
    await expect(regression).not.toContainText('left out of this study');
    await leave.click();
    await expectFitted(39);
    const runs = await showStage(page, 'runs');
    await runs.getByRole('button', { name: 'Take run 17 back' }).click();
    await goTo(page, 'evidence');
    await expectFitted(40);
    await expect(leave).toHaveCount(1);
    expectClean();
  });

  test('from files to rho, caps, infeasible limits and back on a phone', async ({ page }) => {
    const { expectClean } = watch(page);
    await page.setViewportSize({ width: 390, height: 900 });
    await openSmall(page);
    const header = 'index,train_web,train_code,train_law,metric/web_val_loss';
    const rows = (count: number, offset: number) =>
      Array.from({ length: count }, (_, run) => {
        const web = ((run * 7 + offset) % 19) / 20;
        const code = (1 - web) * (((run * 5 + offset) % 11) / 11);
        const law = 1 - web - code;
        const loss = 3 - Math.sqrt(web) - 0.2 * code;
        return [run, ...[web, code, law, loss].map((value) => value.toFixed(6))].join();
      });
    await openFiles(page, [csv('train.csv', [header, ...rows(40, 0)])]);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Web');
    await goTo(page, 'evidence');
    await expect(page.locator('#regression .stage-head')).toContainText(/rho [01]\.\d{3}/);
    await openFiles(page, [csv('test.csv', [header, ...rows(16, 3)])], 'Add as test sets');
    await page.getByRole('combobox', { name: 'Rows' }).selectOption({ index: 1 });
    await expect(page.locator('#regression .stage-head')).toContainText('n = 16');
    await expect(page.locator('#regression .stage-head')).toContainText(/rho [01]\.\d{3}/);

    await goTo(page, 'answer');
    const law = page.getByRole('group', { name: 'Limits of Law' });
    const unfold = (name: string) =>
      page.locator('#optimum').getByRole('button', { name, exact: true }).click();
    await unfold('Law');
    await type(page, 'Tokens at hand of Law', '3%');
    await expect(law).toContainText('cap 12.0%');
    await type(page, 'Epochs at most', '0.5');
    const limits = ['Web', 'Code', 'Law'];
    for (const name of limits) {
      await unfold(name);
      await type(page, `Tokens at hand of ${name}`, '5%');
    }
    const alert = page.locator('#limits').getByRole('alert');
    await expect(alert).toContainText('7.5%');
    await page.getByRole('button', { name: 'Undo the last change' }).click();
    await expect(alert).toContainText('6.5%');
    // The other two amounts, and the epochs.
    for (let step = 0; step < limits.length; step++) {
      await undoButton(page).click();
    }
    await expect(alert).toBeHidden();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/^(Train on|Try) \d/);
    await expect(page.getByRole('slider', { name: 'Epochs at most' })).toHaveValue('4');
    await expect(law).toContainText('cap 12.0%');
    expectClean();
  });
});

test.describe('the published runs', () => {
  test.skip(published === null, 'REGMIX_DATA is not set and ../shared/data/regmix is not there');

  test('load by the button, from their pinned address only', async ({ page }) => {
    const { expectClean } = watch(page, ['raw.githubusercontent.com']);
    await routePublished(page);
    await open(page);
    await showStage(page, 'runs');
    await page.getByRole('button', { name: 'Load the paper’s runs' }).click();
    await expect(page.locator('.bar')).toContainText('published with RegMix');
    await goTo(page, 'evidence');
    await expect(page.locator('#regression .stage-head')).toContainText(/Pile CC|rho/);
    await goTo(page, 'answer');
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Pile CC loss');
    expectClean();
  });

  test('report when they cannot be fetched, and keep the study', async ({ page }) => {
    await page.route('https://raw.githubusercontent.com/**', (route) => route.abort());
    await open(page);
    await showStage(page, 'runs');
    await page.getByRole('button', { name: 'Load the paper’s runs' }).click();
    await expect(page.locator('#runs').getByRole('alert')).toContainText('could not be reached');
    await goTo(page, 'answer');
    await expect(page.getByText('Trained by this page').first()).toBeVisible();
  });
});
