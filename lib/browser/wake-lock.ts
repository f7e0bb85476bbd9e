/** Keeps the screen on while it is asked to, where the browser can and lets us. */
export function createWakeLock(): (isOn: boolean) => void {
  let isWanted = false;
  let lock: WakeLockSentinel | null = null;

  async function take(): Promise<void> {
    if (!isWanted || lock || document.visibilityState !== 'visible') return;
    try {
      const taken = await navigator.wakeLock?.request('screen');
      if (!taken) return;
      if (!isWanted) {
        await taken.release();
        return;
      }
      lock = taken;
      taken.addEventListener('release', () => {
        lock = null;
      });
    } catch {
      // Refused on low battery, say: training goes on without it.
    }
  }

  return (isOn) => {
    if (isOn === isWanted) return;
    isWanted = isOn;
    if (isOn) {
      // The browser lets go of it whenever the tab is hidden.
      document.addEventListener('visibilitychange', take);
      void take();
    } else {
      document.removeEventListener('visibilitychange', take);
      void lock?.release().catch(() => {});
    }
  };
}
