import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { installOffline } from './offline';

/** A worker of the browser as far as the page sees it. */
function createWorker() {
  return Object.assign(new EventTarget(), { postMessage: vi.fn() });
}

type Worker = ReturnType<typeof createWorker>;

beforeEach(() => vi.stubEnv('NODE_ENV', 'production'));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

/** A loaded page in a browser with service workers. */
function createPage({ controller, waiting }: { controller?: Worker; waiting?: Worker }) {
  const registration = Object.assign(new EventTarget(), {
    waiting: waiting ?? null,
    installing: null as Worker | null,
  });
  const container = Object.assign(new EventTarget(), {
    controller: controller ?? null,
    register: vi.fn(async () => registration),
  });
  const reload = vi.fn();
  vi.stubGlobal('navigator', { serviceWorker: container });
  vi.stubGlobal('document', { readyState: 'complete' });
  vi.stubGlobal('location', { reload });
  vi.stubGlobal('window', {
    requestIdleCallback: true,
    removeEventListener() {},
  });
  vi.stubGlobal('requestIdleCallback', (work: () => void) => work());
  return { registration, container, reload };
}

it('notifies the active worker that the page is ready, so that it removes older builds', async () => {
  const controller = createWorker();
  const { container } = createPage({ controller });
  installOffline(() => {});
  await vi.waitFor(() => expect(controller.postMessage).toHaveBeenCalledWith('page ready'));
  expect(container.register).toHaveBeenCalledWith('/sw.js');
});

it('says nothing of a new version on the first visit', async () => {
  const { registration } = createPage({});
  const listens = vi.spyOn(registration, 'addEventListener');
  const onNewVersion = vi.fn();
  installOffline(onNewVersion);
  await vi.waitFor(() => expect(listens).toHaveBeenCalledWith('updatefound', expect.anything()));
  const first = createWorker();
  registration.installing = first;
  registration.dispatchEvent(new Event('updatefound'));
  registration.waiting = first;
  first.dispatchEvent(new Event('statechange'));
  expect(onNewVersion).not.toHaveBeenCalled();
});

it('lets the newest that waits take over, even when the one that was offered is gone', async () => {
  const offered = createWorker();
  const newest = createWorker();
  const { registration, container, reload } = createPage({
    controller: createWorker(),
    waiting: offered,
  });
  const onNewVersion = vi.fn();
  installOffline(onNewVersion);
  await vi.waitFor(() => expect(onNewVersion).toHaveBeenCalled());
  registration.waiting = newest;
  onNewVersion.mock.calls[0][0]();
  expect(offered.postMessage).not.toHaveBeenCalled();
  expect(newest.postMessage).toHaveBeenCalledWith('take over');
  expect(reload).not.toHaveBeenCalled();
  container.dispatchEvent(new Event('controllerchange'));
  expect(reload).toHaveBeenCalledOnce();
});

it('loads the page anew when another tab has let the new version in already', async () => {
  const { registration, reload } = createPage({
    controller: createWorker(),
    waiting: createWorker(),
  });
  const onNewVersion = vi.fn();
  installOffline(onNewVersion);
  await vi.waitFor(() => expect(onNewVersion).toHaveBeenCalled());
  registration.waiting = null;
  onNewVersion.mock.calls[0][0]();
  expect(reload).toHaveBeenCalledOnce();
});

it('does nothing where the browser blocks storage', async () => {
  const { container } = createPage({});
  container.register.mockRejectedValue(new DOMException('no', 'SecurityError'));
  const onNewVersion = vi.fn();
  installOffline(onNewVersion);
  await vi.waitFor(() => expect(container.register).toHaveBeenCalled());
  expect(onNewVersion).not.toHaveBeenCalled();
});
