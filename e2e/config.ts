import type { PlaywrightTestConfig } from '@playwright/test';
import { browserFlags, requireBrowser } from '../scripts/find-browser';
import { freePort } from '../scripts/free-port';

// Playwright reads its configuration again in every worker, which inherits the port through the
// environment.
process.env.E2E_PORT ??= String(freePort());
const port = Number(process.env.E2E_PORT);

export const executablePath = requireBrowser();

/**
 * Settings of both configurations: the built site in Chromium, with flags that stop background
 * connections.
 */
export const shared = {
  // Timeouts only catch hangs: no test depends on the machine's speed.
  timeout: 1_200_000,
  expect: { timeout: 120_000 },
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    // A service worker would respond before the routes by which tests replace the network.
    serviceWorkers: 'block',
    trace: 'retain-on-failure',
    launchOptions: { executablePath, args: browserFlags },
  },
  webServer: {
    command: `npx sirv out --port ${port} --host 127.0.0.1 --quiet`,
    port,
    // A server left from another build would serve that build.
    reuseExistingServer: false,
  },
} satisfies PlaywrightTestConfig;

/** Opens the small study and saves it, before the tests that start from it. */
export const smallStudyProject = { name: 'small study', testMatch: '*.setup.ts' };
