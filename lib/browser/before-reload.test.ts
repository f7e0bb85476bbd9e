import { afterEach, describe, expect, it, vi } from 'vitest';
import { saveAll, saveBeforeReload } from './before-reload';

afterEach(() => {
  vi.useRealTimers();
});

describe('before the page is loaded again', () => {
  it('everything registered is saved, until it is unregistered', async () => {
    const save = vi.fn(async () => {});
    const other = vi.fn(async () => {});
    const ends = [saveBeforeReload(save), saveBeforeReload(other)];
    await saveAll();
    ends[0]();
    await saveAll();
    ends[1]();
    expect([save, other].map(({ mock }) => mock.calls.length)).toEqual([1, 2]);
  });

  it('it is said why something cannot be saved, also where storage never answers', async () => {
    vi.useFakeTimers();
    const end = saveBeforeReload(() => Promise.reject(new Error('storage is full')));
    await expect(saveAll()).rejects.toThrow('storage is full');
    end();
    const endHanging = saveBeforeReload(() => new Promise(() => {}));
    const saved = saveAll().catch((error: unknown) => String(error));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await saved).toContain('storage does not answer');
    endHanging();
  });
});
