import { expect, test, type Worker } from '@playwright/test';
import { watch } from '../console';
import { expectFitted, openTraining, stepsDone, typeOption, unfoldDetails } from '../training';

// Chromium's software adapter: it shows that WebGPU trains, and says nothing about its speed.
test.use({
  launchOptions: async ({ launchOptions }, use) => {
    const args = (launchOptions.args ?? []).filter((flag) => flag !== '--disable-gpu');
    await use({
      ...launchOptions,
      args: [
        ...args,
        '--enable-unsafe-webgpu',
        '--enable-features=Vulkan',
        '--use-webgpu-adapter=swiftshader',
        '--use-vulkan=swiftshader',
      ],
    });
  },
});

/** Two windows of validation text per domain: evaluation dominates so short a training. */
const texts = Object.entries({
  cats: 'The cat purrs on the mat. ',
  dogs: 'A dog barks at 5 o’clock! ',
  birds: 'tweet, chirp; tweet-tweet: ',
}).flatMap(([domain, line]) => [
  file(`train-${domain}-1.txt`, line.repeat(40)),
  file(`valid-${domain}-1.txt`, line.repeat(3)),
]);

function file(name: string, text: string) {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
}

test('a training by WebGPU continues when its device is destroyed, and ends in a fit', async ({
  page,
}) => {
  const { expectClean } = watch(page);
  const trainers: Worker[] = [];
  page.on('worker', (worker) => {
    trainers.push(worker);
    worker.evaluate(keepDevice).catch(() => {
      // Terminated workers hold no device.
    });
  });
  const stage = await openTraining(page);
  await stage.getByText('Your text', { exact: true }).click();
  await stage.locator('input[type=file]').first().setInputFiles(texts);
  await expect(stage.getByRole('checkbox', { name: 'birds' })).toBeChecked();
  await typeOption(stage, /^Proxies/, '8');
  await stage.getByLabel('Parameters').selectOption('7k');
  await typeOption(stage, /^Tokens per proxy/, '4K');
  await unfoldDetails(stage);
  await stage.getByLabel('Train by').selectOption('webgpu');
  await stage.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(stage.getByText('WebGPU because you chose it.')).toBeVisible();
  await expect(stage.getByText('a software adapter')).toBeVisible();
  await expect.poll(() => stepsDone(stage)).toBeGreaterThan(0);
  // Other workers are started meanwhile: it is destroyed in whichever has one.
  const destroyed = await Promise.all(
    trainers.map((worker) =>
      worker
        .evaluate((name) => {
          const device: unknown = Reflect.get(globalThis, name);
          if (!(device instanceof GPUDevice)) return false;
          device.destroy();
          return true;
        }, 'keptDevice')
        .catch(() => false),
    ),
  );
  expect(destroyed).toContain(true);
  // The reported error is whichever comes first: the lost device, or the buffer that was being
  // read.
  await expect(stage.getByText(/A trainer was replaced \(.*GPU/)).toBeVisible();
  await expectFitted(page, stage, 8);
  expectClean();
});

/** Runs in a worker before it requests a device, which is then reachable for the test. */
function keepDevice(): void {
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...options) {
    const device = await requestDevice.apply(this, options);
    Reflect.set(globalThis, 'keptDevice', device);
    return device;
  };
}
