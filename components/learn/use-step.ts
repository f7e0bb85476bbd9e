'use client';

import { useSyncExternalStore } from 'react';

/** The part of the address after `#`, and a way to change it that the Back button undoes. */
export function useFragment(): readonly [string, (fragment: string) => void] {
  const fragment = useSyncExternalStore(subscribe, inBrowser, onServer);
  return [fragment, go];
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

const inBrowser = () => window.location.hash.slice(1);
const onServer = () => '';

function go(fragment: string): void {
  window.location.hash = fragment;
}
