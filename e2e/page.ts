import { expect, type Locator, type Page } from '@playwright/test';
import { type RoomId, roomOf, roomOfStage } from '../components/shell/rooms';

/** Opens a room and waits until it is hydrated. */
export async function openLive(page: Page, room: RoomId = 'answer'): Promise<void> {
  await page.goto(roomOf(room).path);
  await expectLive(page);
}

/** Waits until the page responds. */
export async function expectLive(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-live', 'true');
}

/** Opens the answer of the built-in or the last open study. */
export async function open(page: Page): Promise<void> {
  await openLive(page);
  await expectAnswer(page);
}

/** Expects the answer on view, with its optimum. */
export async function expectAnswer(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Train on');
}

type StageId = Parameters<typeof roomOfStage>[0];

/** Stages that are on view one at a time, by what their tab says. */
const tabs: Readonly<Partial<Record<StageId, string>>> = {
  runs: 'Runs',
  mixtures: 'Mixtures',
  proxies: '1 Train proxies',
  next: '2 Next proxies',
  schedule: '3 Schedule',
  verify: '4 Verify',
  challenge: 'Your turn',
  export: 'Export',
};

/** The part of the page that shows a room. */
export function roomPart(page: Page, room: RoomId): Locator {
  return page.locator(`main[data-room=${room}]`);
}

/** The link to a room. */
export function roomLink(page: Page, room: RoomId): Locator {
  return page
    .getByRole('navigation', { name: 'Rooms' })
    .getByRole('link', { name: new RegExp(`^${roomOf(room).name}`) });
}

/** Goes to a room by its link. */
export async function goTo(page: Page, room: RoomId): Promise<Locator> {
  const part = roomPart(page, room);
  if (!(await part.isVisible())) await roomLink(page, room).click();
  await expect(part.getByRole('heading', { level: 1 })).toBeVisible();
  return part;
}

/** Whether a stage is on view only while its tab is chosen. */
export function hasTab(stage: StageId): boolean {
  return tabs[stage] !== undefined;
}

/** The tab of a stage in its room, whose note says how it stands. */
export function stageTab(page: Page, stage: StageId): Locator {
  return roomPart(page, roomOfStage(stage).id)
    .getByRole('navigation')
    .getByRole('button', { name: new RegExp(`^${tabs[stage]}`) });
}

/** Presses a tab, unless it is on view: another press might fold it. */
export async function openTab(tab: Locator): Promise<void> {
  if ((await tab.getAttribute('aria-current')) === null) await tab.click();
}

/** Goes to a stage, by its room and its tab. */
export async function showStage(page: Page, stage: StageId): Promise<Locator> {
  await goTo(page, roomOfStage(stage).id);
  if (hasTab(stage)) await openTab(stageTab(page, stage));
  const section = page.locator(`#${stage}`);
  await section.scrollIntoViewIfNeeded();
  return section;
}

/** Chooses an item of a menu in the bar: that of the study, or *More*. */
export async function openMenu(
  page: Page,
  item: 'Open runs' | 'Studies' | 'Teach with this study' | 'Light or dark' | 'Keyboard shortcuts',
): Promise<void> {
  const isOfStudy = ['Open runs', 'Studies', 'Teach with this study'].includes(item);
  const name = isOfStudy ? /^Study: / : 'More';
  await page.getByRole('button', { name, exact: true }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** Opens the leaderboard's drawer, once mixtures are scored. @returns the stage that it is in */
export async function openLeaderboard(page: Page): Promise<Locator> {
  const stage = await showStage(page, 'challenge');
  const drawer = stage.locator('.drawer');
  await expect(drawer).toBeVisible();
  if ((await drawer.getAttribute('open')) === null) await drawer.locator('> summary').click();
  return stage;
}

/** Opens the dialog of runs. */
export async function openRunsDialog(page: Page): Promise<Locator> {
  await openMenu(page, 'Open runs');
  return page.getByRole('dialog', { name: 'Open runs' });
}

/** The name of the study in the bar. */
export function studyName(page: Page): Locator {
  return page.locator('.bar-study strong');
}

/** The button that takes back the last step; its name says which. */
export function undoButton(page: Page): Locator {
  return page.locator('.bar-line').getByRole('button', { name: /^Undo\b/ });
}

/** The button that makes it again. */
export function redoButton(page: Page): Locator {
  return page.locator('.bar-line').getByRole('button', { name: /^Redo\b/ });
}

/** Chooses a target in the bar. */
export async function chooseTarget(page: Page, label: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Target' }).selectOption({ label });
}

export interface FileInput {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Opens files, by path or with their content, for the recognised or the given purpose. */
export async function openFiles(
  page: Page,
  files: string[] | FileInput[],
  use?: 'Add as test sets' | 'Add as the next round of training runs',
): Promise<void> {
  const dialog = await openRunsDialog(page);
  await dialog.locator('input[type=file]').setInputFiles(files);
  if (use) {
    const choice = dialog.getByText(use, { exact: true });
    // On a phone it is folded.
    const fold = dialog.getByText(/^Use of these files:/);
    await expect(choice.or(fold).filter({ visible: true })).toBeVisible();
    if (!(await choice.isVisible())) await fold.click();
    await choice.click();
  }
  await dialog.getByRole('button', { name: 'Use these runs' }).click();
  await expect(dialog).toBeHidden();
}

/** Types into the text field of a slider. */
export async function type(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: label });
  await field.fill(text);
  await field.press('Enter');
}

/** A CSV as an uploaded file. */
export function csv(name: string, lines: readonly string[]): FileInput {
  return { name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) };
}
