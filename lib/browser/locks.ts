/** Web Locks for training jobs, and the screen wake lock. */

import type { TrainingLocks } from '../training/state';

/**
 * Web Locks, which are released when the tab that holds them closes. Where the browser has or allows none,
 * every tab acts as if it were the only one.
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

/** Keeps the screen on while requested, where the browser supports and allows it. */
export function createWakeLock(): (isOn: boolean) => void {
  let shouldHold = false;
  let isRequested = false;
  let lock: WakeLockSentinel | null = null;

  async function take(): Promise<void> {
    // One request at a time: of two locks granted, the first would never be released.
    if (!shouldHold || isRequested || lock || document.visibilityState !== 'visible') return;
    isRequested = true;
    try {
      const taken = await navigator.wakeLock?.request('screen');
      if (!taken) return;
      if (!shouldHold) {
        release(taken);
        return;
      }
      lock = taken;
      taken.addEventListener('release', () => {
        // Another lock may have been taken before the browser reports this one's release.
        if (lock === taken) lock = null;
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
      if (lock) release(lock);
      lock = null;
    }
  };
}

/** Nobody waits for a release: the lock counts as gone, so that a new one can be requested at once. */
function release(lock: WakeLockSentinel): void {
  lock.release().catch(() => {});
}
