import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Download, expect, type Locator, type Page, test } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { parse } from 'yaml';
import { buildOnnx, plain } from '../lib/onnx/onnx.fixture';
import { decodeLink } from '../lib/share/link';
import { watch } from './console';
import {
  goTo,
  open,
  openLeaderboard,
  openLive,
  openMenu,
  openRunsDialog,
  redoButton,
  showStage,
  undoButton,
} from './page';
import { openSmall, smallStudyState } from './small-study';

/** The export stage, with its ONNX section open. */
async function exportStage(page: Page): Promise<Locator> {
  const stage = await showStage(page, 'export');
  await expect(stage.getByRole('combobox', { name: 'Format' })).toBeVisible();
  return stage;
}

async function bytesOf(saved: Download): Promise<Buffer> {
  return readFile(await saved.path());
}

async function save(page: Page, button: Locator): Promise<Buffer> {
  const [saved] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return bytesOf(saved);
}

test('trees as ONNX agree with onnxruntime and come back as a model for the optimum', async ({
  page,
}) => {
  const { expectClean } = watch(page);
  await open(page);
  const stage = await exportStage(page);
  await stage.getByText(/^ONNX: /).click();
  await stage.getByRole('combobox', { name: 'Fit to export' }).selectOption('gbdt');
  await stage.getByRole('button', { name: 'Make the ONNX file' }).click();
  const comparison = stage.getByText(/On 10,000 mixtures onnxruntime differs/);
  await expect(comparison).toContainText('within 1e-5');
  const relative = Number(
    /at most (\S+) of the prediction/.exec(await comparison.innerText())?.[1],
  );
  expect(relative).toBeLessThan(1e-5);
  const file = await save(page, stage.getByRole('button', { name: 'Save the ONNX file' }));

  await stage
    .locator('input[type=file]')
    .setInputFiles({ name: 'trees.onnx', mimeType: 'application/octet-stream', buffer: file });
  await expect(stage.getByText(/now in every panel/)).toBeVisible();
  // The figures of the fit, in the room of its evidence.
  const head = page.locator('#regression .stage-head');
  await showStage(page, 'regression');
  await expect(head).toContainText('may have seen');
  const quality = await head.innerText();
  await goTo(page, 'answer');
  await expect(page.locator('#optimum')).toContainText('By Imported model');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(
    'only a try, since the model may have seen the runs',
  );

  await stage.locator('input[type=file]').setInputFiles({
    name: 'broken.onnx',
    mimeType: 'application/octet-stream',
    buffer: file.subarray(0, file.length / 2),
  });
  await expect(stage.getByRole('alert')).toContainText('This ONNX file cannot be used');
  await undoButton(page).click();
  await expect(page.locator('#optimum')).not.toContainText('By Imported model');
  await redoButton(page).click();
  await expect(page.locator('#optimum')).toContainText('By Imported model');

  // Not in links, and the dialog says what replaces it.
  await page.locator('.bar').getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share a link' });
  await expect(dialog).toContainText(
    'sees predictions by Law, corrected by Gaussian processes instead',
  );
  const link = await dialog.getByRole('textbox', { name: 'The link' }).inputValue();
  expect(decodeLink(new URL(link).hash).settings.regressor).toBe('law+gp');
  await page.keyboard.press('Escape');

  // Preserved across a reload and in the study's file, to the last digit.
  await expect(page.locator('.saving')).toHaveText('Saved');
  const whole = stage.getByRole('button', { name: 'The whole study' });
  const study = await save(page, whole);
  await openLive(page);
  await expect(page.locator('#optimum')).toContainText('By Imported model');
  await showStage(page, 'regression');
  await expect(head).toContainText('may have seen');
  expect(await head.innerText()).toBe(quality);
  await exportStage(page);
  expect((await save(page, whole)).toString()).toBe(study.toString());
  await openMenu(page, 'Open runs');
  await page
    .getByRole('dialog', { name: 'Open runs' })
    .locator('input[type=file]')
    .setInputFiles({ name: 'trees.regmix.json', mimeType: 'application/json', buffer: study });
  await expect(page.locator('#optimum')).toContainText('By Imported model');
  await showStage(page, 'regression');
  await expect.poll(() => head.innerText()).toBe(quality);
  expectClean();
});

test('a network from an ONNX file predicts in every panel, and is saved unchanged', async ({
  page,
}) => {
  const { expectClean } = watch(page);
  await open(page);
  const stage = await exportStage(page);
  await stage.getByText(/^ONNX: /).click();
  const file = Buffer.from(networkFor(8));
  const picker = stage.locator('input[type=file]');
  const give = (name: string, buffer: Buffer) =>
    picker.setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  await give('narrow.onnx', Buffer.from(networkFor(5)));
  await expect(stage.getByRole('alert')).toContainText('it takes 5 weights', { timeout: 60_000 });
  await give('network.onnx', file);
  await expect(stage.getByText(/run by onnxruntime, now in every panel/)).toBeVisible({
    timeout: 60_000,
  });
  const optimum = page.locator('#optimum');
  await expect(optimum).toContainText('By Imported model');
  // Its loss rises with the weight of Spanish, the target: it ranks the runs the wrong way round.
  await expect(page.getByRole('heading', { level: 1 })).toContainText(
    'Not enough runs to say: the runs differ, but the fit does not rank unseen mixtures',
    { timeout: 60_000 },
  );
  await expect(optimum).toContainText('No advice');
  const challenge = await openLeaderboard(page);
  await expect(challenge.locator('.own-score dd strong')).toHaveText(/^\d\.\d{3}$/, {
    timeout: 60_000,
  });
  await expect(challenge.getByRole('table').first()).toContainText(/[2-4]\.\d\d/);
  await showStage(page, 'export');
  expect(
    await save(page, stage.getByRole('button', { name: 'The imported model, as ONNX' })),
  ).toEqual(file);
  expectClean();
});

/** A linear layer and its softplus, which grows with the second weight: 2 + ln(1 + exp(3 w)). */
function networkFor(domains: number): Uint8Array {
  const W = Array.from({ length: domains }, (_, place) => (place === 1 ? 3 : 0));
  return buildOnnx({
    operations: [
      plain('MatMul', ['X', 'W'], 'layer'),
      plain('Softplus', ['layer'], 'active'),
      plain('Add', ['active', 'two'], 'variable'),
    ],
    constants: {
      W: { floats: W, shape: [domains, 1] },
      two: { floats: [2], shape: [1] },
    },
    inputs: domains,
  });
}

test.describe('of the small study', () => {
  test.use({ storageState: smallStudyState });

  test('weights in every format sum to 1, and a YAML parser agrees', async ({ page }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    const stage = await exportStage(page);
    const format = stage.getByRole('combobox', { name: 'Format' });
    const regmix = parse(
      (await save(page, stage.getByRole('button', { name: /^Save / }))).toString(),
    );
    const weights = Object.values<number>(regmix.train);
    expect(weights.reduce((sum, weight) => sum + Math.round(weight * 1e6), 0)).toBe(1_000_000);
    expect(Object.keys(regmix.valid)).toHaveLength(weights.length);
    await format.selectOption('olmix');
    const olmix = parse(
      (await save(page, stage.getByRole('button', { name: /^Save / }))).toString(),
    );
    const mixed = Object.values<{ weight: number }>(olmix.mix);
    expect(mixed.reduce((sum, { weight }) => sum + Math.round(weight * 1e6), 0)).toBe(1_000_000);
    expectClean();
  });

  test('onnxruntime is served once, and only requested for ONNX', async ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await openSmall(page);
    await exportStage(page);
    expect(asked.filter((url) => /\/ort[.-]/.test(url))).toEqual([]);
    const runtime = await readFile(
      join(
        dirname(createRequire(import.meta.url).resolve('onnxruntime-web/wasm')),
        'ort-wasm-simd-threaded.mjs',
      ),
      'utf8',
    );
    const served = await page.request.get('/wasm/ort-wasm-simd-threaded.mjs');
    expect(await served.text()).toBe(runtime);
  });

  test('a sweep of proposed proxies is a zip of YAMLs with a SLURM script', async ({ page }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    const next = await showStage(page, 'next');
    const count = next.getByRole('textbox', { name: /^Mixtures to propose/ });
    await count.fill('3');
    await count.press('Enter');
    await next.getByRole('button', { name: 'Propose 3 mixtures' }).click();
    const zip = next.getByRole('button', { name: 'Zip for a cluster' });
    await expect(zip).toBeVisible();
    const files = unzipSync(await save(page, zip));
    const yamls = Object.keys(files).filter((name) => /^regmix\/\d+\.yaml$/.test(name));
    expect(yamls).toHaveLength(3);
    for (const name of yamls) {
      const { train } = parse(strFromU8(files[name]));
      const sum = Object.values<number>(train).reduce(
        (total, weight) => total + Math.round(weight * 1e6),
        0,
      );
      expect(sum).toBe(1_000_000);
    }
    expect(strFromU8(files['train.slurm'])).toContain('--array=1-3');
    expectClean();
  });

  test('the licences of all that the site holds are one press away', async ({ page }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    const link = page.getByRole('contentinfo').getByRole('link', { name: 'Licences' });
    // Not pressed: a browser asks for an icon beside plain text, which is not there.
    const response = await page.request.get((await link.getAttribute('href')) ?? '');
    expect(response.ok()).toBe(true);
    const bytes = await response.body();
    // What it is encoded in stands in the text, since nothing else says it on every host.
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const text = bytes.toString('utf8');
    for (const part of ['MIT License', 'onnxruntime-web@', 'typescript@']) {
      expect(text).toContain(part);
    }
    expectClean();
  });

  test('the report is one A4 page', async ({ page }) => {
    const { expectClean } = watch(page);
    await page.addInitScript(() => {
      window.print = () => {
        document.documentElement.dataset.printed = 'true';
      };
    });
    await openSmall(page);
    const stage = await exportStage(page);
    await stage.getByRole('button', { name: /^Report/ }).click();
    await expect(page.locator('html')).toHaveAttribute('data-printed', 'true');
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    expectClean();
  });
});

test('a pair of Parquet and UTF-16 is read in the page', async ({ page }) => {
  const { expectClean } = watch(page);
  await open(page);
  const runs = Array.from({ length: 12 }, (_, run) => run / 11);
  const ids = runs.map((_, run) => `run${run}`);
  const parquet = parquetWriteBuffer({
    columnData: [
      { name: 'run', data: ids, type: 'STRING' },
      { name: 'train_web', data: runs, type: 'DOUBLE' },
      { name: 'train_code', data: runs.map((share) => 1 - share), type: 'DOUBLE' },
    ],
  });
  const losses = ids.map((id, run) => `${id}\t${3 - runs[run]}`).join('\n');
  const dialog = await openRunsDialog(page);
  await dialog.locator('input[type=file]').setInputFiles([
    { name: 'mix.parquet', mimeType: '', buffer: Buffer.from(parquet) },
    {
      name: 'losses.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from(`\ufeffrun\tweb_loss\n${losses}\n`, 'utf16le'),
    },
  ]);
  await expect(dialog).toContainText('12 runs');
  await expect(dialog).toContainText('train_code');
  await expectClean();
});
