import { expect, type Locator, type Page, test } from '@playwright/test';
import { expectAccessible } from './axe';
import { watch } from './console';
import { open, type } from './page';

/** The weights on view, in percent, by the label of their row. */
async function weights(optimum: Locator): Promise<Map<string, number>> {
  const rows = await optimum.locator('.lanes-table tbody tr').evaluateAll((found) =>
    found.map((row) => {
      const [name, weight] = [...row.querySelectorAll('[data-in-picture]')];
      return [name.textContent ?? '', Number.parseFloat(weight.textContent ?? '')] as const;
    }),
  );
  return new Map(rows);
}

/** Expects the weights to sum to 100%, once they have been found. */
async function expectWhole(optimum: Locator): Promise<void> {
  // Every weight is rounded to a tenth of a point.
  const missing = async () => {
    const values = [...(await weights(optimum)).values()];
    const sum = values.reduce((total, value) => total + value, 0);
    return Math.abs(sum - 100) / values.length;
  };
  await expect.poll(missing).toBeLessThan(0.06);
}

/** A domain in the middle of its lane that no limit holds, whose dot can be moved both ways. */
async function freeGrip(optimum: Locator): Promise<{ grip: Locator; name: string }> {
  const grips = optimum.getByRole('slider', { name: /^Optimum, / });
  await expect(grips.first()).toBeAttached();
  for (const grip of await grips.all()) {
    const [low, now, high] = await Promise.all(
      ['min', 'now', 'max'].map(async (part) =>
        Number(await grip.getAttribute(`aria-value${part}`)),
      ),
    );
    const label = (await grip.getAttribute('aria-label')) ?? '';
    if (now - low > 5 && high - now > 5) {
      return { grip, name: label.replace('Optimum, ', '') };
    }
  }
  throw new Error('no domain can be moved both ways');
}

const undo = (page: Page) => page.getByRole('button', { name: /^Undo/ });

test('a dot that is dragged pins its domain, says what that costs, and is undone at once', async ({
  page,
}) => {
  const { expectClean } = watch(page);
  await open(page);
  const optimum = page.locator('#optimum');
  await optimum.scrollIntoViewIfNeeded();
  const { grip, name } = await freeGrip(optimum);
  await expect(optimum.locator('.lanes-table [data-mark="former"]')).toHaveCount(0);
  const before = await weights(optimum);
  const order = [...before.keys()];

  await grip.hover();
  await expect(optimum.getByText('Drag to pin')).toBeVisible();
  const box = await grip.boundingBox();
  if (!box) throw new Error('the grip has no box');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 20, y, { steps: 5 });
  await expect(optimum.getByText(/^Pinned at [\d.]+%: costs \+0\.\d{4}$/)).toBeVisible();
  // Nothing moves under the pointer.
  expect([...(await weights(optimum)).keys()]).toEqual(order);
  await page.mouse.move(x - 30, y, { steps: 5 });
  await page.mouse.up();

  const pins = optimum.getByRole('list', { name: 'Pinned weights' });
  await expect(pins).toContainText(/pinned at [\d.]+%: costs \+0\.\d{4}/);
  await expect(pins).toContainText(name);
  const pinned = await weights(optimum);
  expect(pinned.get(name)).toBeLessThan((before.get(name) ?? 0) - 1);
  await expect.poll(() => weights(optimum)).not.toEqual(before);
  await expectWhole(optimum);
  await expect(optimum.locator('.lanes-table [data-mark="former"]')).toHaveCount(before.size);
  await expectAccessible(page, 'lanes with a pin', '#optimum');

  await undo(page).click();
  await expect.poll(() => weights(optimum)).toEqual(before);
  await expect(pins).toHaveCount(0);
  await expect(undo(page)).toBeDisabled();
  expectClean();
});

test('arrow keys pin, too, and the pin is taken out by its button', async ({ page }) => {
  const { expectClean } = watch(page);
  await open(page);
  const optimum = page.locator('#optimum');
  await optimum.scrollIntoViewIfNeeded();
  const { grip, name } = await freeGrip(optimum);
  const before = await weights(optimum);
  const now = Number(await grip.getAttribute('aria-valuenow'));
  await grip.focus();
  for (let press = 0; press < 3; press++) await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  const aimed = (Math.round(10 * (now - 3.1)) / 10).toFixed(1);
  await expect(grip).toHaveAttribute('aria-valuetext', `${aimed}%, pinned`);
  await expect(grip).toBeFocused();
  const unpin = optimum.getByRole('button', { name: `Unpin ${name}` });
  await expect(unpin).toBeVisible();
  await expect.poll(async () => (await weights(optimum)).get(name)).toBe(Number(aimed));
  await expectWhole(optimum);
  await unpin.click();
  await expect.poll(() => weights(optimum)).toEqual(before);
  await expect(unpin).toHaveCount(0);
  expectClean();
});

test('the axis is linear one click away, in pictures, too', async ({ page }) => {
  await open(page);
  const optimum = page.locator('#optimum');
  const labels = optimum.locator('.lanes-table tfoot svg');
  const root = await labels.textContent();
  await optimum.getByRole('button', { name: 'linear' }).click();
  await expect(labels).not.toHaveText(root ?? '');
  await optimum.getByRole('button', { name: '√ root' }).click();
  await expect(labels).toHaveText(root ?? '');
});

test('a refused text in a cell stays while rows change places', async ({ page }) => {
  await open(page);
  const optimum = page.locator('#optimum');
  const names = async () => [...(await weights(optimum)).keys()];
  const order = await names();
  const cell = page.getByRole('textbox', { name: `Tokens at hand of ${order[1]}` });
  await cell.fill('some');
  await cell.press('Enter');
  // Without the tokens of the first, the second is the first.
  await type(page, `Tokens at hand of ${order[0]}`, '0.1%');
  await page.getByRole('heading', { level: 1 }).click();
  await expect.poll(async () => (await names()).indexOf(order[1])).toBe(0);
  await expect(cell).toHaveValue('some');
  await expect(cell).toHaveAttribute('aria-invalid', 'true');
});

test('the price of a weight stands beside the dot before it is dragged, and under the pointer', async ({
  page,
}) => {
  await open(page);
  const optimum = page.locator('#optimum');
  await optimum.scrollIntoViewIfNeeded();
  const { grip } = await freeGrip(optimum);
  const note = optimum.locator('.lanes-note');
  await grip.focus();
  await expect(note).toHaveText(/^Drag to pin\. [\d.]+% would cost (\+0\.\d{4}|nothing)$/);
  await grip.hover();
  const box = await grip.boundingBox();
  if (!box) throw new Error('the grip has no box');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x - 40, y);
  const offer = /^Drag to pin\. ([\d.]+)% would cost \+(0\.\d{4})$/;
  await expect(note).toHaveText(offer);
  const [, weight, price] = offer.exec((await note.textContent()) ?? '') ?? [];
  // What was offered is what it costs.
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 40, y, { steps: 4 });
  await expect(note).toHaveText(/: costs \+/);
  await page.mouse.up();
  const pinned = /pinned at ([\d.]+)%: costs \+(0\.\d{4})/;
  const pins = optimum.getByRole('list', { name: 'Pinned weights' });
  await expect(pins).toHaveText(pinned);
  const [, at, cost] = pinned.exec((await pins.textContent()) ?? '') ?? [];
  expect(Math.abs(Number(at) - Number(weight))).toBeLessThan(0.3);
  expect(Math.abs(Number(cost) - Number(price))).toBeLessThan(0.1 * Number(cost) + 0.0003);
});

test('no note covers a mark of its row', async ({ page }) => {
  await open(page);
  const optimum = page.locator('#optimum');
  await optimum.getByRole('button', { name: 'Start from the prior' }).click();
  const rows = optimum.locator('.lanes-table tbody tr');
  await expect(rows.first().locator('[data-chart] [data-mark="yours"]')).toBeAttached();
  for (const row of await rows.all()) {
    await row.locator('th').hover();
    if ((await row.locator('.lanes-note').count()) === 0) continue;
    const covered = await row.evaluate((element) => {
      const note = element.querySelector('.lanes-note')?.getBoundingClientRect();
      if (!note) return ['no note'];
      return [...element.querySelectorAll('[data-chart] [data-mark]')].flatMap((mark) => {
        const box = mark.getBoundingClientRect();
        const apart = box.right <= note.left || box.left >= note.right || box.bottom <= note.top;
        return apart ? [] : [mark.getAttribute('data-mark')];
      });
    });
    expect(covered).toEqual([]);
  }
});

test('rows keep their places until the pointer has left them', async ({ page }) => {
  await open(page);
  const optimum = page.locator('#optimum');
  await optimum.scrollIntoViewIfNeeded();
  const { grip, name } = await freeGrip(optimum);
  const names = async () => [...(await weights(optimum)).keys()];
  const order = await names();
  const box = await grip.boundingBox();
  if (!box) throw new Error('the grip has no box');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  // As little as the lane has, so that its place is another one.
  await page.mouse.move(x - 600, y, { steps: 6 });
  await page.mouse.up();
  const pins = optimum.getByRole('list', { name: 'Pinned weights' });
  await expect(pins).toContainText('costs +');
  await expectWhole(optimum);
  expect(await names()).toEqual(order);
  await expect(optimum.locator('tr.lit th')).toContainText(name);
  await page.mouse.move(5, 5);
  await expect.poll(names).not.toEqual(order);
  await expect(optimum.locator('tr.lit')).toHaveCount(0);
});

test.describe('under forced colours', () => {
  test.use({ forcedColors: 'active' });

  test('marks, hatches and grips stand out from the page', async ({ page }) => {
    await open(page);
    const optimum = page.locator('#optimum');
    await optimum.getByRole('button', { name: 'Start from the prior' }).click();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, forcedColors: 'active' });
      const painted = await optimum.evaluate((element) => {
        const page = getComputedStyle(document.body).backgroundColor;
        const drawn = [...element.querySelectorAll('.lanes [data-mark] , .lanes pattern')].flatMap(
          (mark) => [mark, ...mark.querySelectorAll('*')],
        );
        const invisible = drawn.filter((mark) => {
          if (mark.matches('g, title, pattern')) return false;
          const { fill, stroke } = getComputedStyle(mark);
          return [fill, stroke].every((paint) => paint === page || paint === 'none');
        });
        // A halo in the colour of the page lies under a mark that has one.
        const alone = invisible.filter((mark) => mark.parentElement?.childElementCount === 1);
        return { count: drawn.length, alone: alone.map((mark) => mark.outerHTML) };
      });
      expect(painted.alone, colorScheme).toEqual([]);
      expect(painted.count).toBeGreaterThan(20);
    }
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  /** Drags a finger from the middle of an element. */
  async function drag(page: Page, from: Locator, right: number, during = async () => {}) {
    await from.scrollIntoViewIfNeeded();
    const box = await from.boundingBox();
    if (!box) throw new Error('there is nothing to drag');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const client = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at: number) =>
      client.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x: at, y }],
      });
    await touch('touchStart', x);
    for (let step = 1; step <= 8; step++) await touch('touchMove', x + (right * step) / 8);
    await during();
    await touch('touchEnd', x + right);
    await client.detach();
  }

  test('a row unfolds to its limits, one at a time, and the rest follows the verdict', async ({
    page,
  }) => {
    const { expectClean } = watch(page);
    await open(page);
    const optimum = page.locator('#optimum');
    const names = [...(await weights(optimum)).keys()];
    const row = (name: string) => optimum.getByRole('button', { name, exact: true });
    const limits = (name: string) => page.getByRole('group', { name: `Limits of ${name}` });
    await expect(page.getByRole('group', { name: /^Limits of/ })).toHaveCount(0);
    await row(names[1]).tap();
    await expect(row(names[1])).toHaveAttribute('aria-expanded', 'true');
    await expect(limits(names[1])).toBeVisible();
    for (const label of ['Epochs: ', 'At least: ', 'At most: ', 'Pin at: ']) {
      await expect(limits(names[1]).getByRole('textbox', { name: label + names[1] })).toBeVisible();
    }
    await expect(
      optimum.getByRole('slider', { name: `Tokens at hand of ${names[1]}` }),
    ).toBeVisible();
    await row(names[2]).tap();
    await expect(limits(names[2])).toBeVisible();
    await expect(limits(names[1])).toHaveCount(0);
    await type(page, `At most: ${names[2]}`, '5%');
    await expect(limits(names[2])).toContainText('cap 5.0%');
    await expectAccessible(page, 'unfolded row', '#optimum');

    const tops = await page.evaluate(() =>
      ['h1', '.lanes-table', '.answer-verdict', '.answer-rest', '#limits'].map(
        (part) => document.querySelector(`main:not([hidden]) ${part}`)?.getBoundingClientRect().top,
      ),
    );
    expect([...tops].sort((a, b) => Number(a) - Number(b))).toEqual(tops);
    await row(names[2]).tap();
    await expect(limits(names[2])).toHaveCount(0);
    expectClean();
  });

  test('a finger drags dots, triangles and sliders, the answer in sight', async ({ page }) => {
    const { expectClean } = watch(page);
    await open(page);
    const optimum = page.locator('#optimum');
    const { grip, name } = await freeGrip(optimum);
    const before = await weights(optimum);
    const order = [...before.keys()];
    await drag(page, grip, -25, async () => {
      await expect(optimum.locator('.lanes-note')).toHaveText(/^Pinned at [\d.]+%/);
    });
    const pins = optimum.getByRole('list', { name: 'Pinned weights' });
    await expect(pins).toContainText(name);
    await expect
      .poll(async () => (await weights(optimum)).get(name))
      .toBeLessThan(before.get(name) ?? 0);
    expect([...(await weights(optimum)).keys()]).toEqual(order);

    await optimum.getByRole('button', { name: 'Start from the prior' }).tap();
    const yours = optimum.getByRole('slider', { name: /^Yours, / }).first();
    const was = Number(await yours.getAttribute('aria-valuenow'));
    await drag(page, yours, 30);
    expect(Number(await yours.getAttribute('aria-valuenow'))).toBeGreaterThan(was + 1);

    const [first] = [...(await weights(optimum)).keys()];
    await optimum.getByRole('button', { name: first, exact: true }).tap();
    const slider = optimum.getByRole('slider', { name: `Tokens at hand of ${first}` });
    const strip = page.locator('.strip');
    const answer = await strip.getAttribute('aria-label');
    await drag(page, slider, 60, async () => {
      await expect(slider).toBeInViewport();
      await expect(strip).toBeInViewport();
    });
    await expect.poll(() => strip.getAttribute('aria-label')).not.toBe(answer);
    expectClean();
  });
});
