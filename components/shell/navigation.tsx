'use client';

/**
 * Going between rooms: a link to one changes the address and what is shown, and nothing is loaded or
 * fitted again.
 */
import { usePathname } from 'next/navigation';
import { useCallback, useEffect } from 'react';
import { isLink } from '../../lib/model/text-kinds';
import type { ViewStore } from '../../lib/session/view-store';
import { type Room, roomAt, roomOf, roomOfStage } from './rooms';
import { isStage, type StageId } from './stage';
import { useStores } from './stores';

/** The room at the page's address. */
export function useRoom(): Room {
  return roomAt(usePathname()) ?? roomOf('start');
}

/**
 * Replaces the page's address by that of a room. Next has the room follow it, but only once the effects of the
 * first render, of which the caller may be one, have run.
 */
export function replaceAddress(address: string): void {
  queueMicrotask(() => window.history.replaceState(null, '', address));
}

/** Goes to an address of a room; its stage, if it names one, is brought into view. */
function go(view: ViewStore, path: string, hash: string, how: 'push' | 'replace' = 'push'): void {
  const isThere = window.location.pathname === path && window.location.hash === hash;
  // Next follows both calls.
  if (how === 'replace') replaceAddress(path + hash);
  else if (!isThere) window.history.pushState(null, '', path + hash);
  const stage = hash.slice(1);
  const isHidden = view.getState().lesson.hiddenStages.includes(stage);
  if (isStage(stage) && !isHidden) view.setState({ arriving: stage });
  else window.scrollTo(0, 0);
}

/** A function that brings a stage into view, in its room. */
export function useGoTo(): (stage: StageId) => void {
  const { view } = useStores();
  return useCallback((stage) => go(view, roomOfStage(stage).path, `#${stage}`), [view]);
}

/** A function that goes to the room at a path. */
export function useRoomPath(): (path: string, how?: 'push' | 'replace') => void {
  const { view } = useStores();
  return useCallback((path, how) => go(view, path, '', how), [view]);
}

/**
 * Follows links to rooms within the page, and addresses of stages from when all of them were on one
 * page.
 */
export function useRoomLinks(view: ViewStore): void {
  useEffect(() => {
    const onClick = (event: MouseEvent) => {
      const { target, button } = event;
      const isPlain =
        button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
      if (event.defaultPrevented || !isPlain || !(target instanceof Element)) return;
      const link = target.closest<HTMLAnchorElement>('a[href]');
      if (link?.target !== '' || link.hasAttribute('download')) return;
      const url = new URL(link.href);
      const room = roomAt(url.pathname);
      if (url.origin !== window.location.origin || !room || isLink(url.hash)) return;
      event.preventDefault();
      go(view, url.pathname, url.hash);
    };
    const follow = () => {
      const stage = window.location.hash.slice(1);
      if (!isStage(stage)) return;
      const { path } = roomOfStage(stage);
      const isThere = roomAt(window.location.pathname)?.path === path;
      go(view, isThere ? window.location.pathname : path, `#${stage}`, 'replace');
    };
    follow();
    document.addEventListener('click', onClick);
    window.addEventListener('hashchange', follow);
    return () => {
      document.removeEventListener('click', onClick);
      window.removeEventListener('hashchange', follow);
    };
  }, [view]);
}
