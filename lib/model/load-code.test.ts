import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadCode, MissingCodeError } from './load-code';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An import that fails so many times first. */
function failing(times: number) {
  return vi.fn(async () => {
    if (load.mock.calls.length <= times) throw new Error('Failed to load chunk 1.js');
    return 'code';
  });
}
let load: ReturnType<typeof failing>;

describe('code that is loaded when it is needed', () => {
  it('is requested once where it loads', async () => {
    load = failing(0);
    await expect(loadCode(load)).resolves.toBe('code');
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('is requested a second time where it does not load', async () => {
    load = failing(1);
    const code = loadCode(load);
    await vi.runAllTimersAsync();
    await expect(code).resolves.toBe('code');
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('is reported missing after that, and may be requested again', async () => {
    load = failing(2);
    const refused = loadCode(load).catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    expect(await refused).toBeInstanceOf(MissingCodeError);
    expect(await refused).toMatchObject({
      message:
        'A part of the page could not be loaded. Check the connection, then reload the page.',
      cause: new Error('Failed to load chunk 1.js'),
    });
    await expect(loadCode(load)).resolves.toBe('code');
  });
});
