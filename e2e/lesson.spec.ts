import { expect, type Locator, type Page, test } from '@playwright/test';
import { rooms } from '../components/shell/rooms';
import { openBuiltIn } from '../lib/share/studies.fixture';
import { sizeToVerify } from '../lib/verify/plan';
import { watch } from './console';
import {
  goTo,
  open,
  openLeaderboard,
  openLive,
  roomLink,
  showStage,
  stageTab,
  studyName,
  undoButton,
} from './page';

/** The challenge stage, when it scores mixtures. */
async function challenge(page: Page): Promise<Locator> {
  const stage = await openLeaderboard(page);
  await expect(stage.getByRole('table', { name: 'Leaderboard' })).toBeVisible();
  return stage;
}

/** Opens the teacher's dialog. */
async function teach(page: Page): Promise<Locator> {
  await page.locator('.bar').getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Teach with this study' }).click();
  return page.getByRole('dialog', { name: 'Teach with this study' });
}

/** All text of the page except scripts, with every stage and view loaded. */
async function everything(page: Page): Promise<string> {
  const texts: string[] = [];
  for (const room of rooms) {
    const part = await goTo(page, room.id);
    const parts = await part.locator('.stage-tabs > nav button').all();
    for (const tab of parts.length > 0 ? parts : [null]) {
      await tab?.click();
      for (const stage of await part.locator('section.stage').filter({ visible: true }).all()) {
        await stage.scrollIntoViewIfNeeded();
        await expect(stage.locator('.room')).toHaveCount(0);
        for (const view of await stage.getByRole('tab').all()) {
          await view.click();
          texts.push(await stage.innerText());
        }
      }
      texts.push(await allText(page));
    }
  }
  return texts.join('\n');
}

/** Every text in the page's elements and their names, shown or not, except scripts. */
function allText(page: Page): Promise<string> {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
    const found: string[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!(node instanceof Element) || node.tagName === 'SCRIPT') continue;
      found.push(node.getAttribute('aria-label') ?? '', node.getAttribute('title') ?? '');
      if (node instanceof HTMLTextAreaElement || node instanceof HTMLInputElement) {
        found.push(node.value);
      }
      for (const child of node.childNodes) {
        if (child instanceof Text) found.push(child.data);
      }
    }
    return found.join('\n');
  });
}

/** What reveals the answer: its predicted loss, and its weights as the page writes them. */
async function answerOf(page: Page): Promise<string[]> {
  const predicted = await page
    .getByRole('table', { name: 'Predictions' })
    .getByRole('cell')
    .first()
    .innerText();
  const [mean] = predicted.split(/\s/);
  const stage = await challenge(page);
  const weights = await stage.locator('.standing-optimum td').last().innerText();
  await showStage(page, 'export');
  const yaml = page.getByRole('textbox', { name: 'The mixture as YAML' });
  await expect(yaml).not.toHaveValue('');
  const exported = (await yaml.inputValue()).match(/0\.\d{6,}/g) ?? [];
  expect(exported.length).toBeGreaterThan(3);
  return [mean, weights, ...exported];
}

test('an attempt set by keyboard is scored, saved, ranked, renamed, removed and restored', async ({
  page,
}) => {
  const { expectClean } = watch(page);
  await open(page);
  const stage = await challenge(page);
  const slider = stage.getByRole('slider', { name: 'Your weight of Spanish' });
  const before = Number(await slider.inputValue());
  await slider.focus();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('ArrowRight');
  // Steps are round values: only the first may be shorter or longer.
  await expect.poll(async () => Number(await slider.inputValue())).toBeCloseTo(before + 2.1, 0);
  const name = stage.getByRole('textbox', { name: 'Name', exact: true });
  await name.fill('Mine');
  await name.press('Enter');
  await expect(stage.getByRole('status')).toContainText(/“Mine” is kept: rank \d of \d/);
  const field = stage.getByRole('textbox', { name: 'Name of Mine' });
  await field.fill('More Spanish');
  await field.press('Enter');
  const row = stage.locator('.standing-attempt');
  await expect(row.getByRole('textbox')).toHaveValue('More Spanish');
  await expect(stage.locator('.standing-optimum')).toContainText('1');

  // Far above its cap, it is saved without a rank, and the reason is given.
  const typed = stage.getByRole('textbox', { name: 'Your weight of Spanish, typed' });
  await typed.fill('90%');
  await typed.press('Enter');
  await expect(stage).toContainText('It breaks limits: Spanish is above its cap');
  await stage.getByRole('button', { name: 'Keep this attempt' }).click();
  await expect(row).toHaveCount(2);
  await expect(stage.getByRole('row', { name: /breaks limits: Spanish/ })).toContainText('–');

  await stage.getByRole('button', { name: 'Remove More Spanish' }).click();
  await expect(row).toHaveCount(1);
  await undoButton(page).click();
  await expect(row).toHaveCount(2);

  // One click adds them to the verification.
  await stage.getByRole('button', { name: 'Train larger models on them' }).click();
  const verify = await showStage(page, 'verify');
  await expect(verify.getByRole('checkbox', { name: 'attempt 1, More Spanish' })).toBeChecked();
  await expect(verify.getByRole('checkbox', { name: 'the prior' })).toBeChecked();
  // Several times the size of the study's proxies.
  const { study } = openBuiltIn('languages');
  const size = sizeToVerify(study.source.parameters);
  await expect(verify.getByLabel('Parameters')).toHaveValue(size);
  expectClean();
});

test('a class link hides the answer everywhere until it is revealed', async ({ page, browser }) => {
  await open(page);
  const answer = await answerOf(page);
  const dialog = await teach(page);
  // Evidence is hidden unless the teacher shows it: here it is looked through, too.
  const evidence = dialog.getByRole('checkbox', { name: 'Evidence' });
  await expect(evidence).not.toBeChecked();
  await evidence.check();
  await expect(dialog.getByRole('checkbox', { name: 'Trust' })).toBeChecked();
  await dialog.getByRole('checkbox', { name: 'Interactions' }).uncheck();
  const box = dialog.getByRole('textbox', { name: 'What the class reads' });
  await box.fill('Beat the regression.\nWhich language helps Spanish most?');
  const field = dialog.getByRole('textbox', { name: 'The link' });
  await expect(field).toHaveValue(/\/answer#s=/);
  const link = await field.inputValue();

  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const student = await context.newPage();
  const { expectClean } = watch(student);
  await student.goto(link);
  const lesson = student.getByRole('region', { name: 'Lesson' });
  await expect(lesson).toContainText('Which language helps Spanish most?');
  await expect(student.getByRole('heading', { level: 1 })).toContainText('The answer is hidden');
  await goTo(student, 'explore');
  await expect(stageTab(student, 'runs')).toBeVisible();
  await expect(student.locator('#interactions')).toHaveCount(0);
  const more = student.getByRole('navigation', { name: 'More of Explore' });
  await expect(more.getByRole('button', { name: /^Targets/ })).toHaveCount(0);
  await expect(studyName(student)).toContainText('Languages');
  const stage = await challenge(student);
  await stage.getByRole('button', { name: 'Keep this attempt' }).click();
  await expect(stage.locator('.standing-attempt')).toHaveCount(1);
  await expect(stage.locator('.standing-optimum')).toHaveCount(0);
  await expect(stage.getByRole('table', { name: 'Leaderboard' })).not.toContainText('best run');
  const weight = stage.getByRole('textbox', { name: 'Your weight of English, typed' });
  await weight.fill('40%');
  await weight.press('Enter');
  const text = await everything(student);
  for (const value of answer) expect(text).not.toContain(value);
  expect(text).toContain('What every run read');
  expect(text).not.toContain('Two targets');
  // Nor by how much it wins, whether limits hold it, or which runs are near it.
  expect(text).toContain('Optimum: hidden');
  for (const tells of ['And it wins', 'limits bind', 'limit binds', 'Best tenth', 'Collect next']) {
    expect(text).not.toContain(tells);
  }
  const runs = await showStage(student, 'runs');
  await expect(runs.getByRole('button', { name: 'Largest weights' })).toBeVisible();
  await expect(runs.getByRole('columnheader', { name: 'Spanish' }).first()).toBeVisible();
  await expect(runs.locator('.data-table th').nth(2).getByRole('button')).toHaveCount(0);

  // Reloading the page does not end the lesson.
  await goTo(student, 'answer');
  await student.reload();
  await expect(student.locator('html')).toHaveAttribute('data-live', 'true');
  await expect(student.getByRole('heading', { level: 1 })).toContainText('The answer is hidden');

  const again = await challenge(student);
  await expect(again.locator('.standing-attempt')).toHaveCount(1);
  await again.getByRole('button', { name: 'Show the answer' }).click();
  const asked = student.getByRole('dialog', { name: 'Show the answer?' });
  await asked.getByRole('button', { name: 'Show the answer' }).click();
  await expect(student.getByRole('heading', { level: 1 })).toContainText('Train on');
  // The leaderboard predicts all alike, and says what the answer is.
  await expect(again.locator('.leaderboard-note')).toContainText(answer[0]);
  await expect(again.locator('.standing-optimum')).toContainText(answer[1]);
  await expect(again.getByRole('table', { name: 'Leaderboard' })).toContainText('best run');
  await expect(again).toContainText(
    /is predicted [\d.]+ bits per byte better at the optimum .* They differ most in \w+: [\d.]+% in yours, [\d.]+% in the optimum/,
  );
  await lesson.getByRole('button', { name: 'Leave the lesson' }).click();
  await expect(lesson).toHaveCount(0);
  await showStage(student, 'interactions');
  await expect(student.locator('#interactions')).toBeVisible();
  expectClean();
  await context.close();
});

test('a lesson opens Answer, hides Evidence, and keeps its task in sight in every room', async ({
  page,
}) => {
  const { expectClean } = watch(page);
  await openLive(page, 'explore');
  const dialog = await teach(page);
  await dialog.getByRole('switch', { name: 'Large text, for a projector' }).click();
  await dialog.getByRole('button', { name: 'Show this page that way' }).click();
  await expect(page).toHaveURL(/\/answer$/);
  await expect(roomLink(page, 'evidence')).toHaveCount(0);
  const task = page.getByRole('region', { name: 'Lesson' }).getByText('Find the mixture');
  for (const width of [1440, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    for (const room of rooms) {
      if (room.id === 'evidence') continue;
      await goTo(page, room.id);
      await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
      await expect(task).toBeInViewport();
      expect(await sideways(page), `${room.name} at ${width}`).toEqual([]);
    }
  }
  await page.getByRole('button', { name: 'Fold the task' }).click();
  await expect(task).toBeHidden();

  // What is hidden is neither found nor shown by its address.
  await page.keyboard.press('Control+k');
  const finder = page.getByRole('dialog', { name: 'Find anything' });
  await finder.getByRole('combobox').fill('evidence');
  await expect(finder.getByText('Nothing is called')).toBeVisible();
  await page.goto('/evidence');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Evidence is hidden in this lesson.',
  );
  expectClean();
});

/** What reaches beyond the window's sides, and pairs of the bar's parts that overlap. */
function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const found = root.scrollWidth > root.clientWidth ? [`${root.scrollWidth} px wide`] : [];
    for (const line of document.querySelectorAll('.bar, .line, .bar-line')) {
      const parts = [...line.children].filter((each) => each.matches(':not(.visually-hidden)'));
      parts.forEach((part, place) => {
        const a = part.getBoundingClientRect();
        if (a.right > root.clientWidth + 1) found.push(`${part.className} leaves the window`);
        for (const other of parts.slice(place + 1)) {
          const b = other.getBoundingClientRect();
          const isOver =
            Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
            Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
          if (isOver) found.push(`${part.className} over ${other.className}`);
        }
      });
    }
    return found;
  });
}
