import { defineConfig } from '@playwright/test';
import { requireBrowser } from './scripts/find-browser';

const port = 4173;

/** The built site in Chromium. Fixed flags keep the browser from calling home on a closed network. */
export default defineConfig({
  testDir: 'e2e',
  timeout: 120_000,
  expect: { timeout: 30_000 },
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: requireBrowser(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
    trace: 'retain-on-failure',
  },
  webServer: {
    command: `npx sirv out --port ${port} --host 127.0.0.1 --quiet`,
    port,
    // A server left over from another build would serve that build.
    reuseExistingServer: false,
  },
});
