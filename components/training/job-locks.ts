import type { TrainingLocks } from '../../lib/training/state';

/**
 * Locks of the browser, which end with the tab that holds them. Where a browser has none, or allows none,
 * every tab trains what it likes, as if it were the only one.
 */
export const jobLocks: TrainingLocks = {
  hold: (job) =>
    new Promise((resolve) => {
      const none = () => resolve(() => {});
      if (!navigator.locks) return none();
      navigator.locks
        .request(nameOf(job), { ifAvailable: true }, (lock) => {
          if (!lock) return resolve(null);
          return new Promise<void>((release) => resolve(release));
        })
        .catch(none);
    }),
  async isHeld(job) {
    const state = await navigator.locks?.query().catch(() => null);
    return state?.held?.some(({ name }) => name === nameOf(job)) ?? false;
  },
};

function nameOf(job: string): string {
  return `regmix-training ${job}`;
}
