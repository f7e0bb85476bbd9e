import { expect, type Page } from '@playwright/test';

/** Opens the page and waits until it is hydrated. */
export async function openLive(page: Page): Promise<void> {
  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('data-live', 'true');
}

/** Opens the page with the built-in or the last open study, and its optimum. */
export async function open(page: Page): Promise<void> {
  await openLive(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Train on');
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
  await page.getByRole('button', { name: 'Open runs' }).click();
  const dialog = page.getByRole('dialog', { name: 'Open runs' });
  await dialog.locator('input[type=file]').setInputFiles(files);
  if (use) await dialog.getByText(use, { exact: true }).click();
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
