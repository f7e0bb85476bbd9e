import { expect, test } from '@playwright/test';
import { watch } from '../console';
import { serveWithHeaders } from '../headers';
import { chooseThree, noAdapter, openTraining, stepsDone, typeOption } from '../training';

test('proxies train where the policy comes as headers, too', async ({ page }) => {
  const { expectClean } = watch(page, [], [noAdapter]);
  await serveWithHeaders(page);
  const stage = await openTraining(page);
  await chooseThree(stage);
  await typeOption(stage, /^Proxies/, '8');
  await stage.getByLabel('Parameters').selectOption('7k');
  await typeOption(stage, /^Tokens per proxy/, '4M');
  await stage.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => stepsDone(stage)).toBeGreaterThan(4);
  await expect(stage.getByText('Nothing could train here')).toHaveCount(0);
  await stage.getByRole('button', { name: 'Pause' }).click();
  expectClean();
});
