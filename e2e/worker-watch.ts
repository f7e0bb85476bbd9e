import { expect, type Page } from '@playwright/test';

/** How soon a worker that died must have been replaced, and have answered. */
const replacedWithin = 15_000;

/** A worker as the page made it. */
interface WatchedWorker {
  readonly worker: Worker;
  /** Methods that were asked of it. */
  readonly asked: Set<string>;
  /** Methods that it answered. */
  readonly answered: Set<string>;
  isKilled: boolean;
}

declare global {
  interface Window {
    watchedWorkers: WatchedWorker[];
  }
}

/** Has the page remember its workers, with what they are asked and what they answer. Before it is opened. */
export async function watchWorkers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.watchedWorkers = [];
    const watched = (worker: Worker): Worker => {
      const about = {
        worker,
        asked: new Set<string>(),
        answered: new Set<string>(),
        isKilled: false,
      };
      window.watchedWorkers.push(about);
      const methods = new Map<number, string>();
      const post = worker.postMessage.bind(worker);
      worker.postMessage = (message: { kind: string; id: number; method: string }) => {
        if (message.kind === 'call') {
          methods.set(message.id, message.method);
          about.asked.add(message.method);
        }
        post(message);
      };
      worker.addEventListener('message', ({ data }) => {
        const method = methods.get(data.id);
        if (data.kind === 'result' && method) about.answered.add(method);
      });
      return worker;
    };
    window.Worker = new Proxy(Worker, {
      construct: (target, [url, options]) => watched(new target(url, options)),
    });
  });
}

/** Ends the workers that answer a method, as a browser does that needs their memory: without a word to the page. */
export async function killWorkers(page: Page, method: string): Promise<void> {
  const killed = await page.evaluate((asked) => {
    const found = window.watchedWorkers.filter((each) => !each.isKilled && each.asked.has(asked));
    for (const each of found) {
      each.isKilled = true;
      each.worker.terminate();
    }
    return found.length;
  }, method);
  expect(killed).toBeGreaterThan(0);
}

/** A worker that lives has answered a method. */
export async function expectAnswered(page: Page, method: string): Promise<void> {
  await page.waitForFunction(
    (asked) => window.watchedWorkers.some((each) => !each.isKilled && each.answered.has(asked)),
    method,
    { timeout: replacedWithin },
  );
}
