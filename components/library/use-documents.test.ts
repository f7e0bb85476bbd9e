import { expect, it, vi } from 'vitest';
import { loadCode } from '../../lib/model/load-code';
import { reachProblem } from './reach-problem';
import { createPendingDocuments } from './use-documents';

it('rejects whoever waits for documents that cannot be loaded, and reports nothing unhandled', async () => {
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  try {
    const { ready, fail } = createPendingDocuments();
    fail(new Error('no such file'));
    // Node reports unhandled rejections after the microtasks of a turn.
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).not.toHaveBeenCalled();
    await expect(ready).rejects.toThrow('no such file');
  } finally {
    process.off('unhandledRejection', unhandled);
  }
});

it('words a missing part of the page as other panels do', async () => {
  vi.useFakeTimers();
  try {
    const missing = loadCode(() => Promise.reject(new Error('404'))).catch(reachProblem);
    await vi.runAllTimersAsync();
    expect(await missing).toBe(
      'A part of the page could not be loaded. Check the connection, then reload the page.',
    );
  } finally {
    vi.useRealTimers();
  }
  expect(reachProblem(new Error('storage is closed'))).toBe(
    'The saved studies cannot be reached: storage is closed',
  );
});
