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
  await expect.poll(async () => (await names()).indexOf(order[1])).toBe(0);
  await expect(cell).toHaveValue('some');
  await expect(cell).toHaveAttribute('aria-invalid', 'true');
});
