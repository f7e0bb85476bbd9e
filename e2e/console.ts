import { type ConsoleMessage, expect, type Page, type Request } from '@playwright/test';

/** Collects everything a clean page must not have: console messages, page errors, foreign requests. */
export function watch(page: Page, allowedHosts: readonly string[] = []) {
  const problems: string[] = [];
  page.on('console', (message: ConsoleMessage) => {
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
