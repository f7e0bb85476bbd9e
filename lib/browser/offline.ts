/**
 * Installs the service worker once the page is loaded and has nothing else to do; not while it is
 * developed, where files change under it.
 *
 * @param onNewVersion told when a newer build waits; calling what it is given loads the page from it
 * @returns gives up what has not begun
 */
export function installOffline(onNewVersion: (takeOver: () => void) => void): () => void {
  if (process.env.NODE_ENV !== 'production' || !('serviceWorker' in navigator)) return () => {};
  let isOver = false;

  async function install(): Promise<void> {
    if (isOver) return;
    const registration = await navigator.serviceWorker.register('/sw.js');
    navigator.serviceWorker.controller?.postMessage('page ready');
    const notify = () => {
      // Without one in charge this is the first visit: there is nothing newer than what is on view.
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
    // Where storage is blocked, or files are served over plain http, the page works as before.
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
  // Another tab was faster, and this one is of an older build already.
  if (!waiting) {
    location.reload();
    return;
  }
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {
    once: true,
  });
  waiting.postMessage('take over');
}

/** Safari has no idle callbacks. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 10_000 });
  else setTimeout(work, 2_000);
}
