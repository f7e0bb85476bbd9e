import { expect, type Locator, type Page } from '@playwright/test';
import { type Room, rooms } from '../components/shell/rooms';
import { goTo, hasTab, openTab, roomPart, showStage } from './page';

/** Pictures of the mixture space. */
export const spaceViews = [
  'Three domains',
  'One domain at a time',
  'Two targets',
  'All runs',
] as const;

const figures: Readonly<Record<(typeof spaceViews)[number], string>> = {
  'Three domains': '#space .space-pictures > :first-child',
  'One domain at a time': '#space .space-pictures > :last-child',
  'Two targets': '.pareto-view',
  'All runs': '.explore-lines',
};

/** Goes to a picture of the mixture space, and unfolds it. @returns what holds it */
export async function chooseView(page: Page, name: (typeof spaceViews)[number]): Promise<Locator> {
  const room = await goTo(page, 'explore');
  if (name === 'Two targets') await openMore(page, name);
  const part = room.locator(figures[name]);
  await part.scrollIntoViewIfNeeded();
  await expect(part.locator('figure svg').first()).toBeVisible();
  return part;
}

/** Unfolds what Explore has below its pictures. */
async function openMore(page: Page, name: 'Two targets' | 'Targets'): Promise<void> {
  const nav = page.getByRole('navigation', { name: 'More of Explore' });
  await openTab(nav.getByRole('button', { name: new RegExp(`^${name}`) }));
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
    if (id === 'interactions') await expect(stage.getByRole('grid')).toHaveCount(1);
    if (id === 'proxies') await expect(stage.getByRole('checkbox').first()).toBeVisible();
    if (id === 'trust') await expect(stage.locator('.note').first()).toBeVisible();
    if (id === 'export') {
      const yaml = stage.getByRole('textbox', { name: 'The mixture as YAML' });
      await expect(yaml).not.toHaveValue('');
    }
    if (hasTab(id)) await look(id);
  }
  if (room === 'explore') {
    for (const name of ['Two targets', 'Targets'] as const) {
      const nav = page.getByRole('navigation', { name: 'More of Explore' });
      if ((await nav.getByRole('button', { name: new RegExp(`^${name}`) }).count()) === 0) continue;
      await openMore(page, name);
      await look(name);
    }
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
