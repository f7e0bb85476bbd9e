import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { type CDPSession, chromium, type Page } from '@playwright/test';
import { rooms } from '../components/shell/rooms';
import { recordCalls, requestedFits } from '../e2e/calls';
import { browserFlags, requireBrowser } from '../scripts/find-browser';
import type { Benchmark } from './benchmark';

const sampleMs = 500;
/** Number of consecutive idle samples after which a page counts as still. */
const stillSamples = 4;
/** Share of a core that an idle page uses. */
const idleShare = 0.05;
const longestMs = 300_000;

/**
 * Processor time of all processes of the browser, from opening a room of the built site until it is still: no
 * worker has a call to answer, and nothing is computed. Without the service worker, whose first
 * visit copies files.
 */
async function opening(path: string): Promise<number> {
  if (!existsSync('out/index.html'))
    throw new Error('Run npm run build first: this measures out/.');
  const port = await freePort();
  const server = spawn(
    'node_modules/.bin/sirv',
    ['out', '--port', String(port), '--host', '127.0.0.1', '--quiet'],
    { stdio: 'ignore' },
  );
  const browser = await chromium.launch({ executablePath: requireBrowser(), args: browserFlags });
  try {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      serviceWorkers: 'block',
    });
    const page = await context.newPage();
    await recordCalls(page);
    const session = await browser.newBrowserCDPSession();
    const address = `http://127.0.0.1:${port}${path}`;
    await answer(address);
    const before = await processorMs(session);
    await page.goto(address);
    await page.locator('html[data-live=true]').waitFor();
    await stillness(page, session);
    const used = (await processorMs(session)) - before;
    const fits = (await requestedFits(page)).join(', ');
    console.log(`  ${path} ${Math.round(used)} ms; fits: ${fits}`);
    return used;
  } finally {
    await browser.close();
    server.kill();
  }
}

async function stillness(page: Page, session: CDPSession): Promise<void> {
  let still = 0;
  let before = await processorMs(session);
  for (let waited = 0; still < stillSamples; waited += sampleMs) {
    if (waited > longestMs) throw new Error('The page does not become idle.');
    await page.waitForTimeout(sampleMs);
    const now = await processorMs(session);
    const calls = await page.evaluate(() => window.openCalls);
    still = calls === 0 && now - before <= idleShare * sampleMs ? still + 1 : 0;
    before = now;
  }
}

async function processorMs(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return 1_000 * processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Waits until an address responds. */
async function answer(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const response = await fetch(url).catch(() => null);
    if (response) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${url} does not answer`);
}

export const benchmarks: Benchmark[] = rooms.map(({ path }) => ({
  name: `page: processor time from opening ${path} to a still page`,
  unit: 'ms',
  runs: 3,
  run: () => opening(path),
}));
