'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { unveil } from '../../lib/browser/first-paint';
import { StageError } from '../../lib/errors';
import { listInWords } from '../../lib/format';
import { RemoteError } from '../../lib/rpc/client';
import { applyLink } from '../../lib/share/apply';
import type { LinkContent } from '../../lib/share/content';
import { describeChanges } from '../../lib/share/describe';
import { decodeLink } from '../../lib/share/link';
import type { Session } from '../../lib/store/study-store';
import type { ViewState } from '../../lib/store/view-store';
import type { Study } from '../../lib/study/types';
import { type Stores, useHidesAnswer, useStores } from '../explorer/stores';
import { useRunsClient } from '../runs/use-runs-client';
import { AskToFetch } from './ask-to-fetch';
import { findStudy, hostsOf } from './find-study';

type State =
  | { readonly kind: 'asking'; readonly content: LinkContent; readonly hosts: readonly string[] }
  | { readonly kind: 'finding'; readonly content: LinkContent }
  | { readonly kind: 'opened'; readonly text: string; readonly before: Before }
  | { readonly kind: 'refused'; readonly message: string; readonly advice: string };

/** What was on the page before the link. */
interface Before {
  readonly session: Session;
  readonly view: ViewState;
}

/**
 * One link: read, asked about where it needs files of other hosts, opened beside what was there, and told
 * about. What cannot be opened says so and leaves the page as it is.
 */
export default function OpenedLink({ hash, onClose }: { hash: string; onClose: () => void }) {
  const stores = useStores();
  const runs = useRunsClient();
  // What was there before may be the same study with its answer on view.
  const isHidden = useHidesAnswer();
  const [state, setState] = useState<State>(() => begin(hash, stores));

  useEffect(() => {
    if (state.kind !== 'finding') return;
    const { content } = state;
    const abort = new AbortController();
    const open = async () => {
      const known = openStudy(content, stores);
      const study = known ?? (await findStudy(content.study, runs, abort.signal));
      if (abort.signal.aborted) return;
      const { session, view } = applyLink(content, study);
      const before = { session: stores.study.getState().session, view: stores.view.getState() };
      stores.study.open(session);
      stores.view.setState({ ...view, pickedRun: null, hoveredDomain: null });
      setState({ kind: 'opened', text: opened(content, study), before });
    };
    open().catch((error: unknown) => {
      if (!abort.signal.aborted) setState(refused(error));
    });
    return () => abort.abort();
  }, [state, stores, runs]);

  useEffect(() => {
    if (state.kind !== 'finding') unveil();
  }, [state.kind]);

  switch (state.kind) {
    case 'asking':
      return (
        <AskToFetch
          content={state.content}
          hosts={state.hosts}
          onFetch={() => setState({ kind: 'finding', content: state.content })}
          onClose={onClose}
        />
      );
    case 'finding':
      return (
        <LinkNotice onClose={onClose} close="Stop">
          <p>Opening the study of a link…</p>
        </LinkNotice>
      );
    case 'opened':
      return (
        <LinkNotice onClose={onClose}>
          <p>{state.text} What was here before is kept: undo returns to it.</p>
          {!isHidden && (
            <button
              type="button"
              className="button"
              onClick={() => {
                stores.study.open(state.before.session);
                stores.view.setState(state.before.view);
                onClose();
              }}
            >
              Back to what was here
            </button>
          )}
        </LinkNotice>
      );
    case 'refused':
      return (
        <LinkNotice isRefusal onClose={onClose}>
          <p>{state.message}</p>
          <p className="quiet">{state.advice} Nothing on this page has changed.</p>
        </LinkNotice>
      );
  }
}

function LinkNotice({
  isRefusal = false,
  close = 'Close',
  onClose,
  children,
}: {
  isRefusal?: boolean;
  close?: string;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <div
      className={isRefusal ? 'notice notice-danger link-notice' : 'notice link-notice'}
      role={isRefusal ? 'alert' : 'status'}
    >
      <div className="prose">{children}</div>
      <button type="button" className="link" onClick={onClose}>
        {close}
      </button>
    </div>
  );
}

/** The first state of a link: refused, asking, or at once on its way. */
function begin(hash: string, stores: Stores): State {
  try {
    const content = decodeLink(hash);
    const hosts = openStudy(content, stores) ? [] : hostsOf(content.study);
    return hosts.length > 0 ? { kind: 'asking', content, hosts } : { kind: 'finding', content };
  } catch (error) {
    return refused(error);
  }
}

/** The study of the link where it is on the page already, now or a few steps back: its fits are, too. */
function openStudy({ study: reference }: LinkContent, stores: Stores): Study | null {
  if (reference.kind !== 'built-in') return null;
  const { session, past } = stores.study.getState();
  const found = [...past, session].findLast(({ study }) => study.source.builtIn === reference.id);
  return found?.study ?? null;
}

function opened(content: LinkContent, study: Study): string {
  const changes = describeChanges(content);
  const set = changes === '' ? '' : ` The link sets ${changes}.`;
  return `Opened from a link: “${study.name}”, ${whence(content)}.${set}`;
}

function whence({ study }: LinkContent): string {
  const hosts = hostsOf(study);
  const what = study.kind === 'file' ? 'read' : 'its runs';
  if (hosts.length > 0) return `${what} from ${listInWords(hosts)}`;
  return study.kind === 'inline' ? 'its runs from the link itself' : 'which comes with this page';
}

function refused(error: unknown): State {
  const message = error instanceof Error ? error.message : String(error);
  const isOurs = error instanceof StageError || error instanceof RemoteError;
  return {
    kind: 'refused',
    message: isOurs ? message : `This link could not be opened: ${message}`,
    advice: isOurs ? error.advice : 'Reload the page and open it again.',
  };
}
