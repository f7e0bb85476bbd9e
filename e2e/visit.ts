import { expect, type Page } from '@playwright/test';

/** Views of the mixture space, by their tabs. */
export const spaceViews = [
  'Three domains',
  'One domain at a time',
  'Two targets',
  'All runs',
] as const;

/** Opens a view of the mixture space by its tab. */
export async function chooseView(page: Page, name: string): Promise<void> {
  const space = page.locator('#space');
  await space.scrollIntoViewIfNeeded();
  await space.getByRole('tab', { name }).click();
  await expect(space.getByRole('tabpanel')).toBeVisible();
  await expect(space.locator('figure svg').first()).toBeVisible();
}

/** Scrolls down the page, so that everything that loads on demand has loaded. */
export async function visitAll(page: Page): Promise<void> {
  const stages = page.locator('main .stage');
  for (const stage of await stages.all()) {
    await stage.evaluate((section) => section.scrollIntoView());
    await expect(stage.locator('.room')).toHaveCount(0);
  }
  await expect(page.locator('#trust table')).toBeVisible();
  const interactions = page.locator('#interactions');
  await interactions.scrollIntoViewIfNeeded();
  await expect(interactions.getByRole('grid')).toHaveCount(2);
  await expect(page.locator('#proxies').getByRole('checkbox').first()).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'The mixture as YAML' })).not.toHaveValue('');
}

/** Opens every disclosure. */
export async function unfoldAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const fold of document.querySelectorAll('main details')) fold.setAttribute('open', '');
  });
}

/**
 * Elements that extend beyond the right edge of the window without a scrolling container, and how
 * far the page scrolls sideways; both empty on a page that fits.
 */
export async function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const scrolls = (element: Element) =>
      element !== document.body && getComputedStyle(element).overflowX !== 'visible';
    const inBox = (element: Element | null): boolean =>
      element !== null && (scrolls(element) || inBox(element.parentElement));
    const culprits = [...document.querySelectorAll('body *')].filter((element) => {
      const { right, width } = element.getBoundingClientRect();
      return width > 0 && right > clientWidth + 0.5 && !inBox(element.parentElement);
    });
    return [
      `scrolls by ${scrollWidth - clientWidth} px`,
      ...culprits.map(
        (element) =>
          `${element.closest('section')?.id}: ${element.tagName}.${element.getAttribute('class')}`,
      ),
    ];
  });
}
