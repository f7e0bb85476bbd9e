import { expect, test } from '@playwright/test';
import { expectAccessible } from './axe';
import { watch } from './console';
import { goTo, openLive, showStage } from './page';
import {
  chooseThree,
  expectFitted,
  openTraining,
  stepsDone,
  typeOption,
  unfoldDetails,
} from './training';

test.describe('training in the page', () => {
  test('a newcomer presses one button, sees the regression form, and goes back through it', async ({
    page,
  }) => {
    const { expectClean } = watch(page);
    const stage = await openTraining(page);
    // What it takes is measured without being asked for, and fits into a quarter of a minute.
    const line = stage.locator('.estimate');
    await expect(line).toContainText(/about \d+ seconds? here \(measured: .* on \d+ cores?\)/);
    await expect(line).toContainText(
      /Chosen to take at most 15 seconds|The least that can be judged/,
    );
    await typeOption(stage, /^Proxies/, '8');
    await expect(line).toContainText(/^8 proxies of \w+, .* tokens each/);
    await stage.getByRole('button', { name: 'Train', exact: true }).click();
    const pill = page.locator('.job-pill');
    // Wherever one scrolls. What it says meanwhile may be over in a moment: see the pause below.
    await page.evaluate(() => window.scrollTo(0, 0));
    await expect(pill).toBeInViewport();
    await expect(pill).toContainText('8 trained: see the optimum');
    await expect(page.getByText('The training is done: 8 proxies.')).toBeAttached();
    await pill.getByRole('link').click();
    await expect(page.locator('#optimum')).toBeInViewport();
    await showStage(page, 'regression');
    await expect(page.locator('#regression')).toContainText(/n = [78]\)/);
    await expectFitted(page, stage, 8);
    await pill.getByRole('button', { name: 'Dismiss' }).click();
    await expect(pill).toHaveCount(0);
    await expect(page.locator('.bar :focus')).toHaveCount(1);
    expectClean();
  });

  test('shows the moments of its optimum by slider, keys and play, and finds them again', async ({
    page,
  }) => {
    const stage = await openTraining(page);
    await chooseThree(stage);
    await typeOption(stage, /^Proxies/, '12');
    await stage.getByLabel('Parameters').selectOption('7k');
    await typeOption(stage, /^Tokens per proxy/, '4K');
    await stage.getByRole('button', { name: 'Train', exact: true }).click();
    await expectFitted(page, stage, 12);
    const moment = stage.getByRole('slider', { name: 'Moment' });
    await page.reload();
    await showStage(page, 'proxies');
    await stage.getByRole('button', { name: 'Open the runs' }).click();
    await expect(stage.getByText('By 12 proxies: predicted')).toBeVisible();
    await stage.getByRole('button', { name: 'Find its earlier moments again' }).click();
    await expect(moment).toHaveAttribute('max', /^[2-9]$/);
    await expect(moment).toHaveAttribute('aria-valuetext', /^By 12 proxies/);
    await moment.focus();
    await page.keyboard.press('Home');
    await expect(moment).toHaveAttribute('aria-valuetext', /^By (8|9|10) proxies/);
    await expect(stage.getByText(/^By (8|9|10) proxies: predicted/)).toBeVisible();
    await stage.getByRole('button', { name: 'Play how the optimum settles' }).click();
    await expect(moment).toHaveAttribute('aria-valuetext', /^By 12 proxies/);
    await expect(stage.getByRole('button', { name: 'Play how the optimum settles' })).toBeVisible();
  });

  test('is paused from the bar, offered again there after a reload, and goes on where it was', async ({
    page,
  }) => {
    let stage = await openTraining(page);
    await chooseThree(stage);
    await typeOption(stage, /^Proxies/, '8');
    await stage.getByLabel('Parameters').selectOption('7k');
    await typeOption(stage, /^Tokens per proxy/, '1B');
    await expect(stage.getByRole('button', { name: 'Take 15 seconds instead' })).toBeVisible();
    await stage.getByRole('button', { name: 'Train', exact: true }).click();
    const pill = page.locator('.job-pill');
    await expect.poll(() => stepsDone(stage)).toBeGreaterThan(0);
    const other = /This is about “.+”, not about the study in training, 0 of 8 proxies\./;
    const answer = await goTo(page, 'answer');
    await expect(answer.locator('.finding')).toContainText(other);
    await expect(page.locator('#limits')).toContainText(other);
    // Leaving the page would end the training.
    const learn = page.getByRole('navigation', { name: 'Pages' }).getByText('Learn');
    await expect(learn).toHaveAttribute('target', '_blank');
    await pill.getByRole('button', { name: 'Pause the training' }).click();
    await expect(pill).toContainText(/^Paused: 0 of 8 · \d+%/);
    await expect(stage.locator('.progress')).toContainText('(paused)');
    const held = await stepsDone(stage);
    await page.reload();
    // In another room, too.
    await openLive(page);
    await expect(pill).toContainText('0 of 8 trained');
    await pill.getByRole('button', { name: 'Resume the training' }).click();
    stage = page.locator('#proxies');
    await expect(stage).toBeHidden();
    await expect.poll(() => stepsDone(stage)).toBeGreaterThanOrEqual(held);
    await expect(pill).toContainText(/^Training 0 of 8 · \d+% · .* left/);
    await pill.getByRole('link').click();
    await expect(stage.getByRole('heading', { name: 'Train proxies' })).toBeInViewport();
    await stage.getByRole('button', { name: 'Cancel' }).click();
    await expect(pill).toHaveCount(0);
    await expect(learn).not.toHaveAttribute('target', '_blank');
    await stage.getByRole('button', { name: 'Discard' }).click();
    await expect(stage.getByText('proxies trained:')).toHaveCount(0);
    await page.reload();
    await openTraining(page);
    await expect(page.locator('.job-pill')).toHaveCount(0);
  });

  test('by wasm on a phone: says how long it takes, and ends in a fit', async ({ page }) => {
    const { expectClean } = watch(page);
    await page.setViewportSize({ width: 390, height: 844 });
    const stage = await openTraining(page);
    await chooseThree(stage);
    await typeOption(stage, /^Proxies/, '8');
    await stage.getByLabel('Parameters').selectOption('7k');
    await typeOption(stage, /^Tokens per proxy/, '4K');
    await stage.getByRole('button', { name: 'Train', exact: true }).click();
    await expectFitted(page, stage, 8);
    await unfoldDetails(stage);
    await expect(stage.getByText(/^WebAssembly\. A GPU is measured, too/)).toBeVisible();
    await expectAccessible(page, 'training', '#proxies');
    await expectAccessible(page, 'the bar', '.bar');
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    expectClean();
  });

  test('refuses invalid text files with the line and the problem, and keeps the former text', async ({
    page,
  }) => {
    const stage = await openTraining(page);
    await stage.getByText('Your text', { exact: true }).click();
    await stage
      .locator('input[type=file]')
      .first()
      .setInputFiles([
        { name: 'a-1.jsonl', mimeType: 'text/plain', buffer: Buffer.from('{"text":"x"}\n{"t":1}') },
      ]);
    await expect(stage.getByRole('alert')).toContainText(
      'a-1.jsonl, line 2: found {"t":1}, expected',
    );
    // Another set does not replace text that was not read.
    await expect(stage.getByRole('checkbox', { name: 'English' })).toHaveCount(0);
    await expect(stage.getByRole('button', { name: 'Train', exact: true })).toBeDisabled();
    await expect(stage.getByText('There is no text to train on yet')).toBeVisible();
    await stage.getByText('Languages', { exact: true }).click();
    await expect(stage.getByRole('checkbox', { name: 'English' })).toBeChecked();
    await expect(stage.getByRole('button', { name: 'Train', exact: true })).toBeEnabled();
  });
});
