import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { build } from 'esbuild';
import type { Comparison } from '../webgpu/compare';
import type { Checks } from '../webgpu/page';

// On SwiftShader, WebGPU in software: it shows whether programs are correct, not how fast they are.
test.describe.configure({ mode: 'serial' });
let page: Page;

test.beforeAll(async ({ browser, baseURL }) => {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL('../webgpu/page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
  });
  page = await browser.newPage();
  await page.route('**/webgpu-checks.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>WebGPU</title>' }),
  );
  await page.goto(`${baseURL}/webgpu-checks.html`);
  await page.addScriptTag({ content: bundle.outputFiles[0].text });
  await page.evaluate(() => checks.start());
});

// Unhandled errors leave results that look valid.
test.afterEach(async () => {
  expect(await page.evaluate(() => checks.takeErrors())).toEqual([]);
});
test.afterAll(() => page.close());

declare const checks: Checks;

function expectClose(seen: readonly Comparison[], least: number): void {
  expect(seen.length).toBeGreaterThanOrEqual(least);
  for (const { name, apart, largest } of seen) {
    expect(largest, name).toBeGreaterThan(1e-6);
    expect(apart, name).toBeLessThan(1e-4);
  }
}

test('every program of ours equals tfjs on its cpu backend', async () => {
  expectClose(await page.evaluate(() => checks.checkKernels()), 14);
});

test('loss and every gradient are those of the float64 reference', async () => {
  expectClose(await page.evaluate(() => checks.checkGradients()), 64);
});

test('three AdamW steps are those of the float64 reference', async () => {
  expectClose(await page.evaluate(() => checks.checkSteps()), 12);
});

test('four train together as each trains alone, reproducibly for a seed', async () => {
  const { together, again, alone } = await page.evaluate(() => checks.trainTogether());
  expect(again).toEqual(together);
  alone.forEach((loss, place) => {
    expect(Math.abs(loss / together[place] - 1)).toBeLessThan(1e-5);
  });
});

test('training resumes from a checkpoint as if it had never stopped', async () => {
  const [whole, resumed] = await page.evaluate(() => checks.resume());
  expect(resumed).toEqual(whole);
});

test('a step takes at most 290 dispatches, as many for 32 proxies as for one', async () => {
  const one = await page.evaluate(() => checks.dispatches(1));
  const many = await page.evaluate(() => checks.dispatches(32));
  test.info().annotations.push({ type: 'dispatches', description: `${one} and ${many}` });
  expect(one).toBeGreaterThan(20);
  expect(one).toBeLessThanOrEqual(290);
  expect(Math.abs(many / one - 1)).toBeLessThanOrEqual(0.05);
});

test('neither tensors nor buffers grow over 500 steps', async () => {
  const { early, late } = await page.evaluate(() => checks.grow());
  expect(early.every((figure) => figure > 0)).toBe(true);
  expect(late).toEqual(early);
});

test('a lost device is reported', async () => {
  const messages = await page.evaluate(() => checks.lose());
  expect(messages.join()).toContain('the GPU device was lost');
});
