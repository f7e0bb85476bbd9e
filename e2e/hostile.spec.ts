import { expect, type Page, test } from '@playwright/test';
import { fromRows } from '../lib/model/matrix';
import { createRandomStream } from '../lib/model/random';
import { defaultSettings } from '../lib/model/settings';
import type { RunTable, Study } from '../lib/model/study';
import { sessionToJson } from '../lib/study/session-file';
import { watch } from './console';
import { csv, openLive, openMenu } from './page';
import { chooseView, spaceViews, tooWide, unfoldAll, visitAll } from './visit';

/** A name of 190 characters: in one word, in many, or as a path. */
const long = (first: string, place: number) => {
  const parts = [
    'W'.repeat(200),
    'a long name of words '.repeat(12),
    'path_to/part-of.it/'.repeat(12),
  ];
  return `${first}${place}_${parts[place % parts.length]}`.slice(0, 190).trim();
};
const domains = Array.from({ length: 5 }, (_, place) => long('domain', place));
const targets = Array.from({ length: 3 }, (_, place) => long('target', place));
const runs = 32;

function hostileRows(): { readonly mixtures: number[][]; readonly losses: number[][] } {
  const stream = createRandomStream(7);
  const mixtures = Array.from({ length: runs }, () => {
    const parts = domains.map(() => -Math.log(1 - stream.uniform()));
    const total = parts.reduce((sum, part) => sum + part, 0);
    return parts.map((part) => part / total);
  });
  const losses = mixtures.map((mixture) =>
    targets.map((_, target) => 3 - mixture[target] ** 0.5 + 0.002 * stream.uniform()),
  );
  return { mixtures, losses };
}

function hostileStudy(): Study {
  const { mixtures, losses } = hostileRows();
  const table = (name: string): RunTable => ({
    name,
    ids: mixtures.map((_, run) => long('run', run)),
    mixtures: fromRows(mixtures),
    losses: fromRows(losses),
  });
  const equal = Float64Array.from(domains, () => 1 / domains.length);
  return {
    version: 1,
    id: 'hostile',
    name: long('study', 0),
    source: { kind: 'files', detail: `Read from ${long('file', 0)}.` },
    domains: domains.map((name, place) => ({ id: `d${place}`, name })),
    targets: targets.map((name, place) => ({
      id: `t${place}`,
      name,
      unit: 'nats',
      direction: 'lower',
    })),
    training: table('training'),
    testSets: [table(long('test', 1))],
    prior: { kind: 'file', weights: equal },
    human: { name: long('human', 0), weights: equal },
  };
}

async function openHostile(page: Page): Promise<void> {
  const study = hostileStudy();
  const settings = defaultSettings(study);
  const text = sessionToJson({
    study,
    settings: {
      ...settings,
      objective: { ...settings.objective, kind: 'weighted', weights: { t0: 1, t1: 1, t2: 1 } },
      attempts: [{ id: 1, name: 'W'.repeat(60), weights: [0.2, 0.2, 0.2, 0.2, 0.2] }],
      yours: [0.6, 0.1, 0.1, 0.1, 0.1],
    },
  });
  await openMenu(page, 'Open runs');
  const dialog = page.getByRole('dialog', { name: 'Open runs' });
  await dialog.locator('input[type=file]').setInputFiles({
    name: `${long('file', 0)}.regmix.json`,
    mimeType: 'application/json',
    buffer: Buffer.from(text),
  });
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('for 3 targets at once');
}

/** How far the content of the open dialog is wider than it. */
async function dialogOverflow(page: Page): Promise<number> {
  return page.locator('dialog[open]').evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
}

for (const width of [320, 390, 1440]) {
  test(`names of 190 characters widen nothing at ${width} px`, async ({ page }) => {
    const { expectClean } = watch(page);
    await page.setViewportSize({ width, height: 800 });
    await openLive(page);
    await openHostile(page);
    expect(await tooWide(page), 'at first').toEqual([]);
    await visitAll(page);
    await unfoldAll(page);
    expect(await tooWide(page), 'unfolded').toEqual([]);
    for (const view of spaceViews) {
      await chooseView(page, view);
      expect(await tooWide(page), view).toEqual([]);
    }
    // As they are recognised from files.
    await openMenu(page, 'Open runs');
    const dialog = page.getByRole('dialog', { name: 'Open runs' });
    const { mixtures, losses } = hostileRows();
    const header = ['index', ...domains.map((name) => `train_${name}`), ...targets];
    await dialog
      .locator('input[type=file]')
      .setInputFiles([
        csv(`${long('wide', 0)}.csv`, [
          header.map((name) => `"${name}"`).join(','),
          ...mixtures.map((mixture, run) => [long('run', run), ...mixture, ...losses[run]].join()),
        ]),
      ]);
    await expect(dialog.getByRole('button', { name: 'Use these runs' })).toBeVisible();
    for (const fold of await dialog.locator('details').all()) {
      await fold.evaluate((details) => details.setAttribute('open', ''));
    }
    expect(await dialogOverflow(page), 'Open runs').toBeLessThanOrEqual(0);
    await page.keyboard.press('Escape');
    await openMenu(page, 'Studies');
    await expect(page.locator('dialog[open]')).toContainText('study0_WWW');
    expect(await dialogOverflow(page), 'Studies').toBeLessThanOrEqual(0);
    expectClean();
  });
}
