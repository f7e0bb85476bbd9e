/** What the page holds of the browser for a while: jobs that no other tab may train, and a lit screen. */

import type { TrainingLocks } from '../training/state';

/**
 * Locks of the browser, which end with the tab that holds them. Where a browser has none, or allows none,
 * every tab trains what it likes, as if it were the only one.
 */
export const jobLocks: TrainingLocks = {
  hold: (job) =>
    new Promise((resolve) => {
      const request = async () => {
        if (!navigator.locks) return resolve(() => {});
        await navigator.locks.request(nameOf(job), { ifAvailable: true }, (lock) => {
          if (!lock) return resolve(null);
          return new Promise<void>((release) => resolve(release));
        });
      };
      request().catch(() => resolve(() => {}));
    }),
  async isHeld(job) {
    try {
      const state = await navigator.locks?.query();
      return state?.held?.some(({ name }) => name === nameOf(job)) ?? false;
    } catch {
      return false;
    }
  },
};

function nameOf(job: string): string {
  return `regmix-training ${job}`;
}

/** Keeps the screen on while it is asked to, where the browser can and lets us. */
export function createWakeLock(): (isOn: boolean) => void {
  let shouldHold = false;
  let isRequested = false;
  let lock: WakeLockSentinel | null = null;

  async function take(): Promise<void> {
    // One at a time: of two that come, nobody would release the first.
    if (!shouldHold || isRequested || lock || document.visibilityState !== 'visible') return;
    isRequested = true;
    try {
      const taken = await navigator.wakeLock?.request('screen');
      if (!taken) return;
      if (!shouldHold) {
        await taken.release();
        return;
      }
      lock = taken;
      taken.addEventListener('release', () => {
        lock = null;
      });
    } catch {
      // Refused on low battery, say: training goes on without it.
    } finally {
      isRequested = false;
    }
  }

  return (isOn) => {
    if (isOn === shouldHold) return;
    shouldHold = isOn;
    if (isOn) {
      // The browser releases it whenever the tab is hidden.
      document.addEventListener('visibilitychange', take);
      void take();
    } else {
      document.removeEventListener('visibilitychange', take);
      void lock?.release().catch(() => {});
    }
  };
}
