import type { Page } from '@playwright/test';

declare global {
  interface Window {
    /** Calls to workers so far, in order. */
    workerCalls: { readonly method: string; readonly request: unknown }[];
    /** Number of calls without a response. */
    openCalls: number;
    /** Methods whose calls are not passed on to their worker. */
    heldMethods: string[];
  }
}

/** Makes the page record its calls to workers, from its next load on. */
export async function recordCalls(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.workerCalls = [];
    window.openCalls = 0;
    window.heldMethods = [];
    const observed = new WeakSet<Worker>();
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, message, ...rest) {
      if (!observed.has(this)) {
        observed.add(this);
        this.addEventListener('message', ({ data }) => {
          if (['result', 'cancelled', 'error'].includes(data?.kind)) window.openCalls--;
        });
      }
      if (message?.kind === 'call') {
        const { method, request } = message;
        window.workerCalls.push({ method, request });
        window.openCalls++;
        if (window.heldMethods.includes(method)) return;
      }
      return Reflect.apply(post, this, [message, ...rest]);
    };
  });
}

/** Withholds calls of a method from their worker, as if it never finished. */
export async function holdCalls(page: Page, method: string): Promise<void> {
  await page.evaluate((held) => window.heldMethods.push(held), method);
}

/** The requested fits in order: target and regressor. */
export function requestedFits(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    window.workerCalls.flatMap(({ method, request }) => {
      const { target, regressor } = request as { target: string; regressor: string };
      return method === 'assess' ? [`${target} ${regressor}`] : [];
    }),
  );
}
