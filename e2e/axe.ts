import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Axe's findings in the current state of a part of the page, one line each. */
export async function violationsOf(page: Page, part = 'html'): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .include(part)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].target}`);
}

/** Expects no finding in a part of the page, in the light and then in the dark theme. */
export async function expectAccessible(page: Page, name: string, part = 'html'): Promise<void> {
  // What is partly under the bar would count as too small.
  await page.evaluate(() => window.scrollTo(0, 0));
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    const found = await violationsOf(page, part);
    expect(found.map((line) => `${name}, ${theme}: ${line}`)).toEqual([]);
  }
}
