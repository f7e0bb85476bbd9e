import { expect, type Page } from '@playwright/test';
import { type Room, rooms } from '../components/shell/rooms';
import { goTo, hasTab, roomPart, showStage } from './page';

/** Views of the mixture space, by their tabs. */
export const spaceViews = [
  'Three domains',
  'One domain at a time',
  'Two targets',
  'All runs',
] as const;

/** Opens a view of the mixture space by its tab. */
export async function chooseView(page: Page, name: string): Promise<void> {
  const space = await showStage(page, 'space');
  await space.getByRole('tab', { name }).click();
  await expect(space.getByRole('tabpanel')).toBeVisible();
  await expect(space.locator('figure svg').first()).toBeVisible();
}

/**
 * Goes through all rooms and tabs, so that everything that loads on demand has loaded.
 *
 * @param look called when what a room or a tab shows is complete: by the room, or by the tab's stage
 */
export async function visitAll(page: Page, look?: (name: string) => Promise<void>): Promise<void> {
  for (const room of rooms) await visitRoom(page, room, look);
}

/** Goes to a room, and through its tabs. @param look as of {@link visitAll} */
export async function visitRoom(
  page: Page,
  { id: room, stages }: Room,
  look: (name: string) => Promise<void> = async () => {},
): Promise<void> {
  await goTo(page, room);
  for (const id of stages) {
    const stage = await showStage(page, id);
    await expect(stage.locator('.room')).toHaveCount(0);
    if (id === 'interactions') await expect(stage.getByRole('grid')).toHaveCount(2);
    if (id === 'proxies') await expect(stage.getByRole('checkbox').first()).toBeVisible();
    if (id === 'trust') await expect(stage.locator('.note').first()).toBeVisible();
    if (id === 'export') {
      const yaml = stage.getByRole('textbox', { name: 'The mixture as YAML' });
      await expect(yaml).not.toHaveValue('');
    }
    if (hasTab(id)) await look(id);
  }
  // The learning curve is drawn once all of its fits are made.
  await expect(roomPart(page, room).locator('figure.chart-frame progress')).toHaveCount(0);
  if (stages.length === 0 || !stages.every(hasTab)) await look(room);
}

/** Opens every disclosure, and the first row of a table that unfolds. */
export async function unfoldAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const table of document.querySelectorAll('main .lanes-table')) {
      const row = table.querySelector<HTMLElement>('button[aria-expanded]');
      if (!table.querySelector('[aria-expanded=true]')) row?.click();
    }
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
