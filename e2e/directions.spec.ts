import { expect, type Locator, type Page, test } from '@playwright/test';
import { expectAccessible } from './axe';
import { openRunsDialog } from './page';
import { openSmall, smallStudyState } from './small-study';

/** Opens a pasted text as far as its preview. */
async function paste(page: Page, text: string): Promise<Locator> {
  const dialog = await openRunsDialog(page);
  await dialog.getByRole('textbox').fill(text);
  await dialog.getByRole('button', { name: 'Read what is pasted' }).click();
  await expect(dialog.getByRole('button', { name: 'Use these runs' })).toBeVisible();
  return dialog;
}

/** Runs of which three targets are better with more web, each in its own way. */
const rows = Array.from({ length: 24 }, (_, run) => {
  const web = ((run * 7) % 24) / 24 + 0.02;
  const score = 0.2 + 0.5 * web ** 0.5;
  const [code, legal, loss] = [1 - web, score * 40 + 0.03 * (run % 3), 3.2 - score];
  return [`n${run}`, web, code, score, legal, loss];
});
const header = 'run,train_web,train_code,hellaswag,legal,web_loss';

test.describe('which way targets are better', () => {
  test.use({ storageState: smallStudyState });

  test('is shown before they are taken, asked where nothing says it, and in the headline', async ({
    page,
  }) => {
    await openSmall(page);
    const dialog = await paste(page, [header, ...rows.map((row) => row.join())].join('\n'));
    const targets = dialog.getByRole('region', { name: 'Targets' });
    await expect(targets).toContainText('Which way is this target better?');
    await expect(targets.getByLabel('Which way hellaswag is better')).toHaveValue('higher');
    await expect(targets.getByLabel('Which way web_loss is better')).toHaveValue('lower');
    const legal = targets.getByRole('group', { name: 'legal' });
    await expect(legal.getByRole('radio', { checked: true })).toHaveCount(0);
    await expect(dialog.getByText('Of legal it is unknown which way is better')).toBeVisible();
    await expectAccessible(page, 'directions asked about');
    await legal.getByText('higher is better').click();
    await expect(targets).not.toContainText('Which way is this target better?');
    await expect(dialog.getByText('Of legal nothing says')).toBeHidden();
    await legal.getByText('lower is better').click();
    await legal.getByText('higher is better').click();
    await dialog.getByRole('button', { name: 'Use these runs' }).click();
    await expect(dialog).toBeHidden();
    const headline = page.getByRole('heading', { level: 1 });
    await expect(headline).toContainText(/Hellaswag \d\.\d{3} \(higher is better\)/);
    await expect(headline).toContainText(/9\d% Web/);
    await page.getByRole('combobox', { name: 'Target' }).selectOption('Legal (higher is better)');
    await expect(headline).toContainText(/Legal \d+\.\d{3} \(higher is better\)/);
    await page.getByRole('combobox', { name: 'Target' }).selectOption('Web loss');
    await expect(headline).toContainText(/Web loss \d\.\d{3} \(lower is better\)/);
  });

  test('files without their other half say which it is, and cannot be used', async ({ page }) => {
    await openSmall(page);
    const only = (columns: readonly number[]) =>
      [header.split(','), ...rows].map((row) => columns.map((at) => row[at]).join()).join('\n');
    const dialog = await paste(page, only([0, 5]));
    await expect(dialog).toContainText(
      'has the target values of 24 runs; add a file with their domain weights',
    );
    await expect(dialog.getByRole('button', { name: 'Use these runs' })).toBeDisabled();
    await dialog.getByRole('button', { name: 'Choose other files' }).click();
    await dialog.getByRole('textbox').fill(only([0, 1, 2]));
    await dialog.getByRole('button', { name: 'Read what is pasted' }).click();
    await expect(dialog).toContainText(
      'has the weights of 24 runs; add a file with their losses or scores',
    );
    await expect(dialog.getByRole('button', { name: 'Use these runs' })).toBeDisabled();
  });

  test('of two phases one is chosen', async ({ page }) => {
    await openSmall(page);
    const phases = rows.map(([run, web, code, , , loss]) =>
      [run, web, code, code, web, loss].join(),
    );
    const heading = 'run,phase_0_web,phase_0_code,phase_1_web,phase_1_code,web_loss';
    const dialog = await paste(page, [heading, ...phases].join('\n'));
    const use = dialog.getByRole('button', { name: 'Use these runs' });
    await expect(use).toBeDisabled();
    await dialog.getByText(/^phase_1_\* \(/).click();
    await expect(use).toBeEnabled();
    await use.click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/9\d% Code/);
  });

  test('stands beside what will be done to the weights, before they are taken', async ({
    page,
  }) => {
    await openSmall(page);
    const percent = rows.map(([run, web, , score]) => {
      const share = Number(web);
      return [
        run,
        `${(100 * share).toFixed(1)}%`,
        `${(100 - 100 * share).toFixed(1)}%`,
        score,
      ].join();
    });
    const dialog = await paste(page, ['run,train_web,train_code,hellaswag', ...percent].join('\n'));
    await expect(dialog.getByRole('region', { name: 'How the files were read' })).toContainText(
      'are percentages and were read as shares',
    );
  });
});
