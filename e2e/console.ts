import { type ConsoleMessage, expect, type Page, type Request } from '@playwright/test';

/** Tests block service workers (see playwright.config.ts), and the browser says so. */
const blocked = 'Service Worker registration blocked by Playwright';

/**
 * Collects everything a clean page must not have: console messages, page errors, foreign requests.
 *
 * @param expected messages that the browser says by itself
 */
export function watch(
  page: Page,
  allowedHosts: readonly string[] = [],
  expected: readonly string[] = [],
) {
  const problems: string[] = [];
  page.on('console', (message: ConsoleMessage) => {
    if ([blocked, ...expected].includes(message.text())) return;
    problems.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('request', (request: Request) => {
    const url = new URL(request.url());
    if (['data:', 'blob:'].includes(url.protocol)) return;
    if (url.hostname !== '127.0.0.1' && !allowedHosts.includes(url.hostname)) {
      problems.push(`request to ${url.href}`);
    }
  });
  return { expectClean: () => expect(problems).toEqual([]) };
}
