/**
 * Installs the service worker once the page is loaded and idle; not in development, where files change.
 *
 * @param onNewVersion called when a newer build waits, with a function that reloads the page from it
 * @returns a function that cancels an installation that has not begun
 */
export function installOffline(onNewVersion: (takeOver: () => void) => void): () => void {
  if (process.env.NODE_ENV !== 'production' || !('serviceWorker' in navigator)) return () => {};
  let isOver = false;

  async function install(): Promise<void> {
    if (isOver) return;
    const registration = await navigator.serviceWorker.register('/sw.js');
    navigator.serviceWorker.controller?.postMessage('page ready');
    const notify = () => {
      // Without a controller this is the first visit, and nothing newer exists.
      if (!isOver && registration.waiting && navigator.serviceWorker.controller) {
        onNewVersion(() => takeOver(registration));
      }
    };
    notify();
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', notify);
    });
  }

  const start = () => {
    // Where storage is blocked, or the page is served over plain http, it works without a service worker.
    whenIdle(() => void install().catch(() => {}));
  };
  if (document.readyState === 'complete') start();
  else window.addEventListener('load', start, { once: true });
  return () => {
    isOver = true;
    window.removeEventListener('load', start);
  };
}

function takeOver({ waiting }: ServiceWorkerRegistration): void {
  // Another tab already activated the new build.
  if (!waiting) {
    location.reload();
    return;
  }
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {
    once: true,
  });
  waiting.postMessage('take over');
}

/** Safari has no requestIdleCallback. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 10_000 });
  else setTimeout(work, 2_000);
}
