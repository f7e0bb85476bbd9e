import { expect, test } from '@playwright/test';
import { watch } from './console';
import { expectWholePictures } from './pictures';
import { openSmall, smallStudyState } from './small-study';
import { chooseView, spaceViews, visitAll } from './visit';

test.use({ storageState: smallStudyState });

/** Of Explore, whose pictures of the mixture space are always on view, what else it shows. */
const parts: Readonly<Record<string, string>> = {
  runs: '#runs',
  mixtures: '#mixtures',
  Targets: '.stage-tabs > :not([hidden])',
  explore: '#interactions',
};

for (const [width, theme] of [
  [1440, 'light'],
  [390, 'dark'],
] as const) {
  test(`every chart is saved with all its content at ${width} px, ${theme} on screen`, async ({
    page,
  }) => {
    const { expectClean } = watch(page);
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: theme });
    await openSmall(page);
    const titles: string[] = [];
    for (const view of spaceViews) {
      titles.push(...(await expectWholePictures(await chooseView(page, view))));
    }
    expect(new Set(titles).size).toBe(spaceViews.length);
    await visitAll(page, async (name) => {
      if (name === 'Two targets') return;
      titles.push(...(await expectWholePictures(page.locator(parts[name] ?? 'main:visible'))));
    });
    // Regression, weights, learning curve, distribution, mixtures, three of interactions, text to train on.
    expect(titles.length).toBeGreaterThanOrEqual(spaceViews.length + 9);
    expectClean();
  });
}
