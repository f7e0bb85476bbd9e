'use client';

import { Suspense, useCallback, useEffect, useState } from 'react';
import { unveil } from '../../lib/browser/first-paint';
import { isLink } from '../../lib/model/text-kinds';
import { replaceAddress } from '../shell/navigation';
import { roomAt, roomOf } from '../shell/rooms';
import { ErrorBoundary, lazyPart, MissingPart } from '../ui/lazy-part';

interface LinkProps {
  readonly hash: string;
  readonly onClose: () => void;
}

const OpenedLink = lazyPart<LinkProps>(() => import('./opened-link'), MissingLink);

/**
 * Opens the link in the page's address, on load and whenever it changes. The address is cleared at
 * once: a reload shows the reader's own state, and anchors of stages still work.
 */
export function LinkOpener() {
  const [opened, setOpened] = useState<{ readonly hash: string; readonly count: number } | null>(
    null,
  );
  useEffect(() => {
    const look = () => {
      const { hash } = window.location;
      if (!isLink(hash)) return;
      // A study is read in the room of its answer, unless the link names another.
      if (roomAt(window.location.pathname)?.id === 'start') setAddress('', roomOf('answer').path);
      else setAddress('');
      setOpened((before) => ({ hash, count: (before?.count ?? 0) + 1 }));
    };
    look();
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, []);
  const close = useCallback(() => setOpened(null), []);
  return (
    opened && (
      <ErrorBoundary
        key={opened.count}
        show={(problem) => <BrokenLink problem={problem} onClose={close} />}
      >
        <Suspense>
          <OpenedLink hash={opened.hash} onClose={close} />
        </Suspense>
      </ErrorBoundary>
    )
  );
}

/** Reloading opens the link: it is in the address while this is shown. */
function MissingLink({ hash, onClose, retry }: LinkProps & { retry: () => void }) {
  useEffect(() => {
    unveil();
    setAddress(hash);
    return () => {
      if (window.location.hash === hash) setAddress('');
    };
  }, [hash]);
  return (
    <MissingPart retry={retry}>
      <button type="button" className="button" onClick={onClose}>
        Go on without the link
      </button>
    </MissingPart>
  );
}

function BrokenLink({ problem, onClose }: { problem: string; onClose: () => void }) {
  useEffect(unveil, []);
  return (
    <div className="notice notice-danger link-notice" role="alert">
      <p className="prose">The link could not be opened: {problem}</p>
      <button type="button" className="link" onClick={onClose}>
        Close
      </button>
    </div>
  );
}

/** Changes the fragment of the address, or the room, without a history entry. */
function setAddress(hash: string, path = window.location.pathname): void {
  const address = path + window.location.search + hash;
  // Next follows a change of the path only in an entry of its own.
  if (path === window.location.pathname) history.replaceState(history.state, '', address);
  else replaceAddress(address);
}
