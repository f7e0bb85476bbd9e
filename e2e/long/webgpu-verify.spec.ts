import { expect, test } from '@playwright/test';
import { watch } from '../console';
import { expectVerdict, setUpVerification } from '../verification';

// Chromium's software adapter, as in the other WebGPU specs: kernels are compiled by the processor.
test('a verification by WebGPU on a software adapter gives a verdict', async ({ page }) => {
  const { expectClean } = watch(page);
  const stage = await setUpVerification(page, '7k');
  await stage.getByLabel('Train by').selectOption('webgpu');
  await stage.getByText('What was measured').click();
  await stage.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(stage.getByText('WebGPU because you chose it.')).toBeVisible();
  await expect(stage.getByText('a software adapter')).toBeVisible();
  await expectVerdict(stage);
  await expect(stage.getByText('4 of 4 models trained')).toBeVisible();
  expectClean();
});
