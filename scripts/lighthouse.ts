/**
 * Measures the accessibility and best practices of each page of the built site with Lighthouse.
 * Prints the scores and fails below 95. Performance is omitted: it depends on the machine.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import lighthouse from 'lighthouse';
import { browserFlags, requireBrowser } from './find-browser';
import { freePort } from './free-port';

const least = 95;
const port = Number(process.env.LIGHTHOUSE_PORT ?? freePort());
const debuggingPort = freePort();
const pages = ['index', 'answer', 'evidence', 'explore', 'lab', 'learn', 'guide'].filter((name) =>
  existsSync(join('out', `${name}.html`)),
);

const server = spawn(
  'npx',
  ['sirv', 'out', '--port', String(port), '--host', '127.0.0.1', '--quiet'],
  {
    stdio: 'ignore',
    detached: true,
  },
);
try {
  await answer(`http://127.0.0.1:${port}/`);
  const browser = await chromium.launch({
    executablePath: requireBrowser(),
    args: [...browserFlags, `--remote-debugging-port=${debuggingPort}`],
  });
  try {
    for (const page of pages) {
      const path = page === 'index' ? '' : page;
      const result = await lighthouse(`http://127.0.0.1:${port}/${path}`, {
        port: debuggingPort,
        onlyCategories: ['accessibility', 'best-practices'],
        logLevel: 'error',
      });
      if (!result) throw new Error(`Lighthouse gave nothing for /${path}`);
      const { categories, audits } = result.lhr;
      for (const { title, score, auditRefs } of Object.values(categories)) {
        const points = Math.round(100 * (score ?? 0));
        console.log(`/${path}  ${title}  ${points}`);
        if (points >= least) continue;
        process.exitCode = 1;
        for (const { id } of auditRefs) {
          const audit = audits[id];
          if (audit.score !== null && audit.score < 1) console.log(`    ${id}: ${audit.title}`);
        }
      }
    }
  } finally {
    await browser.close();
  }
} finally {
  // The server is a child of npx: the whole process group is ended.
  if (server.pid) process.kill(-server.pid);
}

/** Waits until an address responds. */
async function answer(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  throw new Error(`${url} does not answer`);
}
