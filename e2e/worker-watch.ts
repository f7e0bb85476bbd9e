import { expect, type Page } from '@playwright/test';

/** Time within which a dead worker must have been replaced: its successor is ready and has been called. */
const replacedWithin = 15_000;

/** A worker created by the page. */
interface WatchedWorker {
  readonly worker: Worker;
  /** Methods that were called. */
  readonly asked: Set<string>;
  /** Methods that it answered. */
  readonly answered: Set<string>;
  isKilled: boolean;
}

declare global {
  interface Window {
    watchedWorkers: WatchedWorker[];
    /** The method whose next call is the last that its worker gets. */
    fatalMethod?: string;
  }
}

/**
 * Makes the page record its workers, with their calls and responses. Call it before the page is
 * opened.
 */
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
        if (message.kind === 'call' && message.method === window.fatalMethod) {
          window.fatalMethod = undefined;
          about.isKilled = true;
          worker.terminate();
        }
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

/**
 * Terminates the workers that handle a method, as a browser that is out of memory does: without
 * notifying the page.
 */
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

/**
 * Terminates the worker that is first called with a method on a page opened after this, at that very call: it is
 * in flight, however fast the machine is. Call it after {@link watchWorkers}.
 */
export async function killAtFirst(page: Page, method: string): Promise<void> {
  await page.addInitScript((fatal) => {
    window.fatalMethod = fatal;
  }, method);
}

/** Expects a worker to have been terminated by {@link killAtFirst}. */
export async function expectKilled(page: Page, method: string): Promise<void> {
  await page.waitForFunction(
    (called) => window.watchedWorkers.some((each) => each.isKilled && each.asked.has(called)),
    method,
  );
}

/** Expects a live worker to be ready for a method in time, and to answer it; work takes as long as it takes. */
export async function expectAnswered(page: Page, method: string): Promise<void> {
  await page.waitForFunction(
    (called) => window.watchedWorkers.some((each) => !each.isKilled && each.asked.has(called)),
    method,
    { timeout: replacedWithin },
  );
  await page.waitForFunction(
    (called) => window.watchedWorkers.some((each) => !each.isKilled && each.answered.has(called)),
    method,
    { timeout: 120_000 },
  );
}
