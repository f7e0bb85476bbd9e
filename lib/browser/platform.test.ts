import { afterEach, expect, it, vi } from 'vitest';
import { browserPlatform } from './platform';

afterEach(() => vi.unstubAllGlobals());

it('makes ids on a page that came by plain http, too', () => {
  vi.stubGlobal('document', { baseURI: 'http://192.168.0.2:3000/' });
  vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
  // `randomUUID` is for secure pages only.
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
  const platform = browserPlatform(() => {
    throw new Error('no text is asked for');
  }, {} as never);
  expect(platform.newId()).toMatch(/^[\da-f]{32}$/);
  expect(platform.newId()).not.toBe(platform.newId());
});
