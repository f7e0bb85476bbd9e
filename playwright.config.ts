import { defineConfig } from '@playwright/test';
import { browserFlags, requireBrowser } from './scripts/find-browser';

const port = Number(process.env.E2E_PORT ?? 4173);

/** WebGPU in software: it needs no GPU, and gives the same on every machine. */
const softwareGpu = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-webgpu-adapter=swiftshader',
  '--use-vulkan=swiftshader',
];
/** Run by `npm run test:long`, by a configuration of their own. */
const longSpecs = '**/e2e/long/**';
const executablePath = requireBrowser();

/** The built site in Chromium. Fixed flags keep the browser from calling home on a closed network. */
export default defineConfig({
  testDir: 'e2e',
  timeout: 300_000,
  expect: { timeout: 60_000 },
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    // A service worker would answer before the routes that tests put in the network's place.
    serviceWorkers: 'block',
    trace: 'retain-on-failure',
  },
  projects: [
    {
      name: 'page',
      testIgnore: ['**/webgpu*.spec.ts', longSpecs],
      use: { launchOptions: { executablePath, args: browserFlags } },
    },
    {
      name: 'webgpu',
      testMatch: '**/webgpu*.spec.ts',
      testIgnore: longSpecs,
      use: {
        launchOptions: {
          executablePath,
          args: [...browserFlags.filter((flag) => flag !== '--disable-gpu'), ...softwareGpu],
        },
      },
    },
  ],
  webServer: {
    command: `npx sirv out --port ${port} --host 127.0.0.1 --quiet`,
    port,
    // A server left over from another build would serve that build.
    reuseExistingServer: false,
  },
});
