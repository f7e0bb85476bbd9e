import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { firstPaintScript, toggleTheme } from './first-paint';
import {
  type Flag,
  lastStudyFlag,
  lessonFlag,
  themeFlag,
  unfinishedTrainingFlag,
  unfinishedVerificationFlag,
} from './flags';
import { openStudyChannel } from './saved-studies';

afterEach(() => vi.unstubAllGlobals());

function createStorage() {
  const words = new Map<string, string>();
  return {
    words,
    getItem: (key: string) => words.get(key) ?? null,
    setItem: (key: string, value: string) => words.set(key, value),
    removeItem: (key: string) => words.delete(key),
  };
}

/** A storage that refuses with every call, as a full or a forbidden one does. */
function refuse(): never {
  throw new DOMException('the quota has been exceeded', 'QuotaExceededError');
}

const flags: [string, Flag, 'localStorage' | 'sessionStorage'][] = [
  // Keys that earlier visits have written.
  ['regmix-theme', themeFlag, 'localStorage'],
  ['regmix-document', lastStudyFlag, 'localStorage'],
  ['regmix-lesson', lessonFlag, 'sessionStorage'],
  ['regmix-training-unfinished', unfinishedTrainingFlag, 'localStorage'],
  ['regmix-verification-unfinished', unfinishedVerificationFlag, 'localStorage'],
];

describe.each(flags)('the flag %s', (key, flag, place) => {
  it(`is set and removed in ${place}`, () => {
    const storage = createStorage();
    vi.stubGlobal(place, storage);
    expect(flag.get()).toBeNull();
    flag.set('a word');
    expect(storage.words.get(key)).toBe('a word');
    expect(flag.get()).toBe('a word');
    flag.set(null);
    expect(storage.words.size).toBe(0);
  });

  it('never throws: where storage refuses, where reaching for it throws, where there is none', () => {
    vi.stubGlobal(place, { getItem: refuse, setItem: refuse, removeItem: refuse });
    expectSilence();
    Object.defineProperty(globalThis, place, { configurable: true, get: refuse });
    expectSilence();
    Reflect.deleteProperty(globalThis, place);
    expectSilence();

    function expectSilence() {
      flag.set('a word');
      flag.set(null);
      expect(flag.get()).toBeNull();
    }
  });
});

describe('before the first paint', () => {
  function paint(place: { local?: unknown; session?: unknown; hash?: string; isDark?: boolean }) {
    const dataset: Record<string, string> = {};
    const globals = {
      document: { documentElement: { dataset } },
      matchMedia: () => ({ matches: place.isDark ?? false, addEventListener() {} }),
      location: { hash: place.hash ?? '' },
    };
    Object.defineProperty(globals, 'localStorage', { get: () => place.local ?? refuse() });
    Object.defineProperty(globals, 'sessionStorage', { get: () => place.session ?? refuse() });
    runInNewContext(firstPaintScript, globals);
    return dataset;
  }

  it('the theme is the one that was chosen, else the system’s', () => {
    const local = createStorage();
    expect(paint({ local, isDark: true }).theme).toBe('dark');
    const root = { dataset: { theme: 'dark' } };
    vi.stubGlobal('localStorage', local);
    vi.stubGlobal('document', { documentElement: root });
    toggleTheme();
    expect(root.dataset.theme).toBe('light');
    expect(paint({ local, isDark: true }).theme).toBe('light');
  });

  it('a page that opens a study is marked, and one that may hide its answer shows nothing', () => {
    const local = createStorage();
    local.setItem(lastStudyFlag.key, 'a');
    const session = createStorage();
    expect(paint({ local, session })).toEqual({ theme: 'light', opening: 'true' });
    session.setItem(lessonFlag.key, '{}');
    expect(paint({ session })).toEqual({ theme: 'light', veiled: 'true' });
    expect(paint({ session: createStorage(), hash: '#s' })).toEqual({ theme: 'light' });
  });

  it('nothing is thrown where storage is blocked', () => {
    expect(paint({})).toEqual({ theme: 'light' });
  });
});

it('tabs of a browser without channels do not notify each other, and still save', () => {
  vi.stubGlobal('BroadcastChannel', undefined);
  const channel = openStudyChannel();
  expect(() => channel.postMessage({ kind: 'saved', id: 'a', revision: 1 })).not.toThrow();
  expect(() => channel.close()).not.toThrow();
});
