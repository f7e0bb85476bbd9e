import { afterEach, describe, expect, it, vi } from 'vitest';
import { createWakeLock, jobLocks } from './locks';

afterEach(() => vi.unstubAllGlobals());

describe('the wake lock', () => {
  /** A browser that grants wake locks on command. */
  function createBrowser() {
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    const waiting: (() => void)[] = [];
    const held = new Set<EventTarget>();
    const request = () =>
      new Promise((resolve) => {
        waiting.push(() => {
          const lock = Object.assign(new EventTarget(), {
            release: async () => {
              held.delete(lock);
              // As in a browser: the event comes some time after the call.
              await new Promise((resolve) => setTimeout(resolve));
              lock.dispatchEvent(new Event('release'));
            },
          });
          held.add(lock);
          resolve(lock);
        });
      });
    vi.stubGlobal('document', page);
    vi.stubGlobal('navigator', { wakeLock: { request } });
    return {
      held,
      asked: () => waiting.length,
      show: () => page.dispatchEvent(new Event('visibilitychange')),
      async give() {
        for (const one of waiting.splice(0)) one();
        // Whatever follows from the answer is done within this turn.
        await new Promise((resolve) => setTimeout(resolve));
      },
    };
  }

  it('is taken and released as it is wanted, and taken again when the tab is shown again', async () => {
    const browser = createBrowser();
    const stayAwake = createWakeLock();
    stayAwake(true);
    await browser.give();
    expect(browser.held.size).toBe(1);
    for (const lock of browser.held) lock.dispatchEvent(new Event('release'));
    browser.held.clear();
    browser.show();
    await browser.give();
    expect(browser.held.size).toBe(1);
    stayAwake(false);
    expect(browser.held.size).toBe(0);
    browser.show();
    expect(browser.asked()).toBe(0);
  });

  it('is requested once while a request is pending, so that none is left behind', async () => {
    const browser = createBrowser();
    const stayAwake = createWakeLock();
    stayAwake(true);
    browser.show();
    stayAwake(false);
    stayAwake(true);
    await browser.give();
    expect(browser.held.size).toBe(1);
    stayAwake(false);
    await browser.give();
    expect(browser.held.size).toBe(0);
  });

  it('is held after a pause so short that the release has not been reported yet', async () => {
    const browser = createBrowser();
    const stayAwake = createWakeLock();
    stayAwake(true);
    await browser.give();
    stayAwake(false);
    stayAwake(true);
    await browser.give();
    expect(browser.held.size).toBe(1);
    stayAwake(false);
    await browser.give();
    expect(browser.held.size).toBe(0);
  });

  it('is held when it is wanted again while a lock granted too late is being released', async () => {
    const browser = createBrowser();
    const stayAwake = createWakeLock();
    stayAwake(true);
    stayAwake(false);
    await browser.give();
    stayAwake(true);
    await browser.give();
    expect(browser.held.size).toBe(1);
  });

  it('is released when it is granted after it is no longer needed', async () => {
    const browser = createBrowser();
    const stayAwake = createWakeLock();
    stayAwake(true);
    stayAwake(false);
    await browser.give();
    expect(browser.held.size).toBe(0);
  });

  it('asks nothing of a browser that has none', () => {
    createBrowser();
    vi.stubGlobal('navigator', {});
    const stayAwake = createWakeLock();
    stayAwake(true);
    expect(() => stayAwake(false)).not.toThrow();
  });
});

describe('locks of jobs', () => {
  /** As much of a browser's locks as is used, for one tab. */
  function createLocks() {
    const held = new Set<string>();
    return {
      query: async () => ({ held: Array.from(held, (name) => ({ name })) }),
      async request(name: string, _: object, work: (lock: object | null) => Promise<void>) {
        if (held.has(name)) return work(null);
        held.add(name);
        await work({ name });
        held.delete(name);
      },
    };
  }

  it.each([
    ['has none', {}],
    [
      'refuses them',
      {
        locks: {
          request: () => Promise.reject(new DOMException('no', 'SecurityError')),
          query: () => Promise.reject(new DOMException('no', 'SecurityError')),
        },
      },
    ],
    [
      'refuses them at once',
      {
        locks: {
          request: () => {
            throw new DOMException('no', 'SecurityError');
          },
          query: () => {
            throw new DOMException('no', 'SecurityError');
          },
        },
      },
    ],
  ])('let every tab train where a browser %s', async (_, navigator) => {
    vi.stubGlobal('navigator', navigator);
    expect(await jobLocks.hold('a')).toBeTypeOf('function');
    expect(await jobLocks.isHeld('a')).toBe(false);
  });

  it('are held by one tab until it releases them', async () => {
    vi.stubGlobal('navigator', { locks: createLocks() });
    const release = await jobLocks.hold('a');
    expect(await jobLocks.hold('a')).toBeNull();
    expect(await jobLocks.isHeld('a')).toBe(true);
    expect(await jobLocks.isHeld('b')).toBe(false);
    release?.();
    await vi.waitFor(async () => expect(await jobLocks.isHeld('a')).toBe(false));
  });
});
