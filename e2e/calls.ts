import type { Page } from '@playwright/test';

declare global {
  interface Window {
    /** Calls to workers so far, in their order. */
    workerCalls: { readonly method: string; readonly request: unknown }[];
    /** Methods whose calls do not reach their worker. */
    heldMethods: string[];
  }
}

/** Has the page write down what it asks its workers, from its next load on. */
export async function recordCalls(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.workerCalls = [];
    window.heldMethods = [];
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, message, ...rest) {
      if (message?.kind === 'call') {
        const { method, request } = message;
        window.workerCalls.push({ method, request });
        if (window.heldMethods.includes(method)) return;
      }
      return Reflect.apply(post, this, [message, ...rest]);
    };
  });
}

/** Keeps calls of a method from their worker: as if it took for ever. */
export async function holdCalls(page: Page, method: string): Promise<void> {
  await page.evaluate((held) => window.heldMethods.push(held), method);
}
