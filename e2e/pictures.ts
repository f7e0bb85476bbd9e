import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';

/** Saves a chart from its menu and returns the file. */
async function saved(frame: Locator, item: 'Image, SVG' | 'Image, PNG'): Promise<Buffer> {
  const download = frame.page().waitForEvent('download');
  await frame.locator('.chart-head .menu-button').click();
  await frame.getByRole('menuitem', { name: item, exact: true }).click();
  return readFile(await (await download).path());
}

/** The title, and every text in or around the drawings except controls and hints. */
async function textsOnView(frame: Locator): Promise<string[]> {
  return frame.evaluate((figure) => {
    const left = [
      '.menu',
      '.disclosure',
      '.progress',
      '.chart-readout',
      '.chart-tooltip',
      '.visually-hidden',
      '[role=status]',
      '[aria-live]',
      'button',
      'fieldset',
      'svg title',
      '[data-not-in-picture]',
    ].join();
    const texts = [...figure.querySelectorAll('svg text, h3, h4, p, li, span')].filter(
      (element) =>
        element.closest(left) === null &&
        element.getBoundingClientRect().width > 0 &&
        (element.matches('svg text') ||
          [...element.childNodes].some(({ nodeType }) => nodeType === 3)),
    );
    return texts.map((element) => {
      const copy = document.importNode(element, true);
      for (const part of copy.querySelectorAll(left)) part.remove();
      return copy.textContent ?? '';
    });
  });
}

/** A saved SVG as the browser parses it: its texts, and any problems. */
async function readPicture(frame: Locator, svg: string) {
  return frame.evaluate((_, text) => {
    const file = new DOMParser().parseFromString(text, 'image/svg+xml');
    const problems = [...file.querySelectorAll('parsererror')].map(
      (error) => error.textContent ?? '',
    );
    const root = document.importNode(file.documentElement, true);
    document.body.append(root);
    const paper = root.getBoundingClientRect();
    const labels = [...root.querySelectorAll('text')];
    for (const label of labels) {
      const { left, right, top, bottom } = label.getBoundingClientRect();
      const fits =
        left >= paper.left - 1 &&
        right <= paper.right + 1 &&
        top >= paper.top - 1 &&
        bottom <= paper.bottom + 1;
      if (!fits) problems.push(`cut: ${label.textContent}`);
    }
    root.remove();
    return { problems, texts: labels.map(({ textContent }) => textContent), width: paper.width };
  }, svg);
}

const oneSpace = (text: string) => text.replace(/\s+/g, ' ').trim();

/**
 * Saves every chart in a part of the page as SVG and PNG, and compares the files with the page:
 * title, labels, legends, everything in the frame.
 *
 * @returns the titles of the charts saved
 */
export async function expectWholePictures(part: Locator): Promise<string[]> {
  const titles: string[] = [];
  for (const frame of await part
    .locator('figure.chart-frame:has(svg)')
    .filter({ visible: true })
    .all()) {
    const title = await frame.locator('h3').innerText();
    const seen = await textsOnView(frame);
    const svg = (await saved(frame, 'Image, SVG')).toString('utf8');
    const { problems, texts, width } = await readPicture(frame, svg);
    expect(problems, title).toEqual([]);
    // No reference that only this page could resolve.
    expect(svg, title).not.toMatch(/var\(|light-dark\(|currentColor|NaN|foreignObject/);
    expect(svg, title).toMatch(/<svg[^>]* font-family="[^"]*sans-serif"/);
    // Lines break at other words than on the page.
    const written = oneSpace(texts.join(' '));
    const missing = seen.map(oneSpace).filter((text) => text !== '' && !written.includes(text));
    expect(missing, title).toEqual([]);
    const how = oneSpace((await frame.locator('.disclosure').last().textContent()) ?? '');
    expect(how, title).toContain(oneSpace(/<desc>([^<]*)</.exec(svg)?.[1] ?? 'no description'));
    const png = await saved(frame, 'Image, PNG');
    expect(png.subarray(1, 4).toString('latin1'), title).toBe('PNG');
    expect(png.readUInt32BE(16), title).toBe(Math.round(2 * width));
    titles.push(title);
  }
  return titles;
}

/** Charts that are wider than their container, by their titles. */
async function chartsCutOff(part: Locator): Promise<(string | null)[]> {
  return part
    .locator('.chart[role=img]')
    .evaluateAll((boxes) =>
      boxes
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
        .map((box) => box.getAttribute('aria-label')),
    );
}

/**
 * {@link expectWholePictures} on a phone in the dark theme and then on a desktop in the light one,
 * in which the page is left.
 *
 * @returns the titles of the charts saved on the desktop
 */
export async function expectPicturesOnBoth(page: Page, part: Locator): Promise<string[]> {
  await page.setViewportSize({ width: 390, height: 900 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect.poll(() => chartsCutOff(part)).toEqual([]);
  const onPhone = await expectWholePictures(part);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  const titles = await expectWholePictures(part);
  expect(onPhone).toEqual(titles);
  return titles;
}
