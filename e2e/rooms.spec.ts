import { expect, test } from '@playwright/test';
import { rooms } from '../components/shell/rooms';
import { recordCalls, requestedFits } from './calls';
import { watch } from './console';
import {
  chooseTarget,
  csv,
  expectAnswer,
  expectLive,
  goTo,
  open,
  openFiles,
  openLive,
  roomPart,
  showStage,
  studyName,
  type,
  undoButton,
} from './page';
import { openSmall, smallStudyName, smallStudyState } from './small-study';
import { chooseView, tooWide, unfoldAll, visitAll, visitRoom } from './visit';

/** Screens of 900 px that a room may fill. */
const tallest = 2 * 900;

for (const room of rooms) {
  const { id, name, path, title } = room;
  test(`${name} opens at its address, with its title and no other room`, async ({ page }) => {
    const { expectClean } = watch(page);
    const response = await page.request.get(path);
    expect(await response.text()).toContain(`<title>${title.replaceAll('&', '&amp;')}</title>`);
    await openLive(page, id);
    await expect(page).toHaveTitle(title);
    await expect(page.getByRole('main')).toHaveAccessibleName(name);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    const tabs = page.getByRole('navigation', { name: 'Rooms' });
    await expect(tabs.getByRole('link')).toHaveText(
      rooms.map((each) => new RegExp(`^${each.name}`)),
    );
    await expect(tabs.locator('[aria-current=page]')).toHaveText(new RegExp(`^${name}`));
    expectClean();
  });

  test(`${name} is at most two screens tall at 1440 x 900`, async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await openLive(page, id);
    if (id === 'explore') {
      await expect(page.locator('#interactions').getByRole('grid')).toHaveCount(1);
    }
    const whole = () => page.evaluate(() => document.documentElement.scrollHeight);
    const heights: Record<string, number> = id === 'explore' ? { opened: await whole() } : {};
    await visitRoom(page, room, async (part) => {
      // What the reader unfolds beside the pictures is measured alone.
      const unfolded = page.locator('.stage-tabs > :not(nav, [hidden])');
      const box = id === 'explore' ? await unfolded.first().boundingBox() : null;
      if (id !== 'explore') heights[part] = await whole();
      else if (box) heights[part] = box.height;
    });
    for (const [part, height] of Object.entries(heights)) {
      expect(height, part).toBeLessThanOrEqual(tallest);
    }
    expect(Object.keys(heights)).not.toEqual([]);
  });
}

test('no room scrolls sideways at 320 px with names of 190 characters', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await openLive(page);
  await openFiles(page, [csv('long.csv', longNames())]);
  await expect(studyName(page)).toContainText('3 domains');
  const seen: string[] = [];
  await visitAll(page, async (part) => {
    await unfoldAll(page);
    seen.push(...(await tooWide(page)).map((line) => `${part}: ${line}`));
  });
  expect(seen).toEqual([]);
});

test('the bar is two lines at 390 px, of which chips and long names make no third', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openLive(page);
  const bar = page.locator('.bar');
  const height = async () => (await bar.boundingBox())?.height ?? Number.POSITIVE_INFINITY;
  expect(await height()).toBeLessThanOrEqual(72);
  await openFiles(page, [csv('long.csv', longNames())]);
  await page
    .locator('#optimum')
    .getByText(/^What is optimised/)
    .click();
  await type(page, 'Pull to the prior (KL)', '2');
  const count = bar.getByRole('button', { name: '1 setting not as by default' });
  await expect(count).toBeVisible();
  expect(await height()).toBeLessThanOrEqual(72);
  const long = 'web'.padEnd(190, 'web');
  await expect(page.getByRole('combobox', { name: 'Target' }).locator('option').first()).toHaveText(
    new RegExp(long, 'i'),
  );
  const chips = page.getByRole('list', { name: 'Not as by default' });
  await expect(chips).toBeHidden();
  await count.click();
  await chips.getByRole('button', { name: /^Take back: pull to the prior/ }).click();
  await expect(count).toHaveCount(0);
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    expect(await tooWide(page)).toEqual([]);
  }
});

test('going through all rooms, by tabs and by Back and Forward, keeps what was done and fits nothing again', async ({
  page,
}) => {
  const { expectClean } = watch(page);
  await recordCalls(page);
  await open(page);
  await type(page, 'Tokens at hand of English', '3%');
  const english = page.getByRole('group', { name: 'Limits of English' });
  await expect(english).toContainText('cap 12.0%');
  const curves = await chooseView(page, 'One domain at a time');
  await curves.getByText('Linear', { exact: true }).click();
  const linear = curves.getByRole('radio', { name: 'Linear' });
  const runs = await showStage(page, 'runs');
  await runs.locator('tbody button[aria-pressed=false]').last().click();
  const picked = runs.locator('tr.selected');
  await expect(picked).toHaveCount(1);
  await showStage(page, 'next');
  const count = page.getByRole('textbox', { name: /^Mixtures to propose/ });
  await count.fill('3');
  await count.press('Enter');
  await expect(count).toHaveValue('3');
  await visitAll(page);
  // Of the panels near the reader, all fits have been asked for, and made.
  await goTo(page, 'answer');
  await expect.poll(() => page.evaluate(() => window.openCalls)).toBe(0);
  const fits = await requestedFits(page);
  expect(new Set(fits).size).toBe(fits.length);

  const expectKept = async () => {
    await expect(english).toContainText('cap 12.0%');
    await goTo(page, 'explore');
    await expect(runs).toBeHidden();
    await showStage(page, 'space');
    await expect(linear).toBeChecked();
    await showStage(page, 'runs');
    await expect(picked).toHaveCount(1);
    await showStage(page, 'next');
    await expect(count).toHaveValue('3');
  };
  await showStage(page, 'mixtures');
  await goTo(page, 'answer');
  await expectKept();

  for (const { id } of rooms) await goTo(page, id);
  const back = [...rooms].reverse().slice(1);
  for (const { id, path } of back) {
    await page.goBack();
    await expect(roomPart(page, id)).toBeVisible();
    expect(new URL(page.url()).pathname).toBe(path);
  }
  for (const { id } of rooms.slice(1)) {
    await page.goForward();
    await expect(roomPart(page, id)).toBeVisible();
  }
  await expect(count).toHaveValue('3');
  await page.goBack();
  await expect(roomPart(page, 'explore')).toBeVisible();
  await page.goBack();
  await page.goBack();
  await expect(roomPart(page, 'answer')).toBeVisible();
  await expect(english).toContainText('cap 12.0%');
  await expect.poll(() => page.evaluate(() => window.openCalls)).toBe(0);
  expect(await requestedFits(page)).toEqual(fits);
  expectClean();
});

test('addresses from when all was one page lead to the stage in its room', async ({ page }) => {
  for (const [hash, room, heading] of [
    ['#proxies', 'lab', 'Train proxies'],
    ['#verify', 'lab', 'Verify'],
    ['#mixtures', 'explore', 'Mixtures'],
    ['#trust', 'evidence', 'Trust'],
    ['#limits', 'answer', 'Token limits'],
  ] as const) {
    await page.goto('about:blank');
    await page.goto(`/${hash}`);
    await expectLive(page);
    const title = roomPart(page, room).getByRole('heading', {
      level: 2,
      name: heading,
      exact: true,
    });
    await expect(title).toBeInViewport();
    await expect(title).toBeFocused();
    const { pathname, hash: kept } = new URL(page.url());
    expect(pathname + kept).toBe(`/${room}${hash}`);
  }
});

test('a link to a study opens in the answer, and in the lab where it names the lab', async ({
  page,
}) => {
  await open(page);
  await chooseTarget(page, 'German loss');
  await page.locator('.bar').getByRole('button', { name: 'Share' }).click();
  const field = page.getByRole('dialog').getByRole('textbox', { name: 'The link' });
  await expect(field).toHaveValue(/#s=/);
  const { hash } = new URL(await field.inputValue());
  for (const [path, room] of [
    ['/', 'answer'],
    ['/lab', 'lab'],
  ] as const) {
    await page.goto('about:blank');
    await page.goto(path + hash);
    await expect(page.locator('.link-notice')).toContainText('Opened from a link');
    await expect(roomPart(page, room)).toBeVisible();
    await expect(page.getByRole('combobox', { name: 'Target' })).toHaveValue('de');
    expect(new URL(page.url()).pathname).toBe(`/${room}`);
  }
});

test.describe('of the small study', () => {
  test.use({ storageState: smallStudyState });

  test('a returning reader lands in the answer of their study, and may go to the start', async ({
    page,
  }) => {
    await page.goto('/');
    await expectLive(page);
    await expect(page).toHaveURL(/\/answer$/);
    await expect(studyName(page)).toHaveText(smallStudyName);
    await expectAnswer(page);
    await goTo(page, 'start');
    await expect(page).toHaveURL(/\/$/);
    const recent = page.getByRole('region', { name: 'Recent studies' });
    await expect(recent.getByRole('button', { name: smallStudyName })).toBeVisible();
  });

  test('a study opened again shows its last answer at once, without a preliminary one', async ({
    page,
  }) => {
    await openSmall(page);
    const strip = page.locator('.bar .strip');
    await expect(strip).not.toContainText('refining');
    const kept = () => page.evaluate(() => localStorage.getItem('regmix-answer') !== null);
    await expect.poll(kept).toBe(true);
    await page.addInitScript(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      const look = () => {
        const name = document.querySelector('.bar-study strong')?.textContent ?? '';
        const text = document.querySelector('.bar .strip')?.textContent ?? '';
        if (document.documentElement.dataset.opening === undefined) seen.push(`${name}: ${text}`);
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await page.reload();
    await expectLive(page);
    await expectAnswer(page);
    await expect(strip).not.toContainText('refining');
    const seen = await page.evaluate(() => Reflect.get(window, 'seen') as string[]);
    const mine = seen.filter((text) => text.startsWith(smallStudyName));
    expect(mine.some((text) => text.includes('refining'))).toBe(true);
    expect(mine.filter((text) => text.includes('Fitting'))).toEqual([]);
  });

  test('the palette finds a room, a domain, a target, a run and an action by keyboard', async ({
    page,
  }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    const find = async (text: string, group: string, option: string) => {
      await page.keyboard.press('Control+k');
      const dialog = page.getByRole('dialog', { name: 'Find anything' });
      await expect(dialog.getByRole('combobox')).toBeFocused();
      await page.keyboard.type(text);
      const found = dialog
        .getByRole('group', { name: group })
        .getByRole('option', { name: option, exact: true });
      await expect(found).toBeVisible();
      for (let press = 0; press < 40; press++) {
        if ((await found.getAttribute('aria-selected')) === 'true') break;
        await page.keyboard.press('ArrowDown');
      }
      await page.keyboard.press('Enter');
      await expect(dialog).toBeHidden();
    };
    await find('lab', 'Rooms', 'Lab');
    await expect(roomPart(page, 'lab')).toBeVisible();
    await find('german loss', 'Targets', 'German loss');
    await expect(page.getByRole('combobox', { name: 'Target' })).toHaveValue('de');
    await find('training 17', 'Runs', 'training 17');
    const regression = page.locator('#regression');
    await expect(regression.getByRole('heading', { level: 2, name: 'Regression' })).toBeFocused();
    // Its ring in the scatter, and its row.
    await expect(regression.locator('svg circle[r="6"]')).toHaveCount(1);
    const runs = await showStage(page, 'runs');
    await expect(runs.locator('tr.selected')).toContainText('training 17');
    // From where runs are explored it is their table; by its number alone, of a test set, too.
    await find('17', 'Runs', 'training 17');
    await expect(roomPart(page, 'explore')).toBeVisible();
    await find('20k test 3', 'Runs of 20K test', '20K test 3');
    await expect(regression.getByRole('combobox', { name: 'Rows' })).toHaveValue('20K test');
    await expect(regression.locator('svg circle[r="6"]')).toHaveCount(1);
    await find('engl', 'Domains', 'English');
    await expect(
      page.locator('#optimum').getByRole('heading', { level: 2, name: 'Optimum' }),
    ).toBeFocused();
    await find('csv', 'Actions', 'Open runs');
    await expect(page.getByRole('dialog', { name: 'Open runs' })).toBeVisible();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('no such thing');
    await expect(page.getByText('Nothing is called “no such thing”.')).toBeVisible();
    expectClean();
  });

  test('what is not as by default is a chip in every room, and a press takes it back', async ({
    page,
  }) => {
    await openSmall(page);
    await openFiles(page, [csv('diverged.csv', divergedRuns())]);
    const chips = page.getByRole('list', { name: 'Not as by default' });
    await expect(chips).toHaveCount(0);
    await page
      .locator('#optimum')
      .getByText(/^What is optimised/)
      .click();
    await type(page, 'Pull to the prior (KL)', '2');
    await expect(chips).toContainText('pull to the prior 2');
    const regression = await showStage(page, 'regression');
    await regression.getByRole('button', { name: 'Leave run 17 out' }).click();
    await expect(chips).toContainText('1 run left out');
    await expect(page.locator('.bar-study')).toContainText('39 runs');
    await goTo(page, 'lab');
    await chips.getByRole('button', { name: /^Take back: pull to the prior/ }).click();
    await expect(chips.getByRole('listitem')).toHaveCount(1);
    await chips.getByRole('button', { name: 'Take back: 1 run left out' }).click();
    await expect(chips).toHaveCount(0);
    await goTo(page, 'answer');
    await expect(page.getByRole('textbox', { name: 'Pull to the prior (KL)' })).toHaveValue('0');
    await expect(page.locator('.bar-study')).toContainText('40 runs');
  });

  test('undo and redo say what they are about', async ({ page }) => {
    await openSmall(page);
    await expect(undoButton(page)).toBeDisabled();
    await type(page, 'Tokens at hand of English', '60K');
    await expect(undoButton(page)).toHaveText('Undo English tokens 60 K');
    await chooseTarget(page, 'German loss');
    await expect(undoButton(page)).toHaveText('Undo target German loss');
    await undoButton(page).click();
    await expect(undoButton(page)).toHaveText('Undo English tokens 60 K');
    await expect(page.getByRole('button', { name: 'Redo target German loss' })).toBeEnabled();
    await page.keyboard.press('Control+Shift+z');
    await expect(page.getByRole('combobox', { name: 'Target' })).toHaveValue('de');
  });
});

/** Forty runs of which run 17 has diverged. */
function divergedRuns(): string[] {
  const rows = Array.from({ length: 40 }, (_, run) => {
    const [web, code, law] = weightsOf(run);
    const loss = run === 17 ? 30 : lossOf(web, code);
    return [run, ...[web, code, law, loss].map((value) => value.toFixed(6))].join();
  });
  return ['index,train_web,train_code,train_law,metric/web_val_loss', ...rows];
}

/** Runs whose domains and targets have names of 190 characters. */
function longNames(): string[] {
  const long = (name: string) => name.padEnd(190, name);
  const rows = Array.from({ length: 40 }, (_, run) => {
    const [web, code, law] = weightsOf(run);
    const losses = [lossOf(web, code), lossOf(code, law)];
    return [run, ...[web, code, law, ...losses].map((value) => value.toFixed(6))].join();
  });
  const domains = ['web', 'code', 'law'].map((name) => `train_${long(name)}`);
  const targets = ['web', 'code'].map((name) => `metric/${long(name)}_val_loss`);
  return [['index', ...domains, ...targets].join(), ...rows];
}

function weightsOf(run: number): [number, number, number] {
  const web = ((run * 7) % 19) / 20;
  const code = (1 - web) * (((run * 5) % 11) / 11);
  return [web, code, 1 - web - code];
}

function lossOf(most: number, some: number): number {
  return 3 - Math.sqrt(Math.max(0, most)) - 0.2 * some;
}
