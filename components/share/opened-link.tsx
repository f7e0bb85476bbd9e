'use client';

/**
 * A link to a study, from its address to the opened study: confirmation, loading, application to
 * the session, and the notice with undo.
 */
import { type ReactNode, useEffect, useState } from 'react';
import type { RunsMethods } from '../../lib/analysis/methods';
import { unveil } from '../../lib/browser/first-paint';
import { StageError } from '../../lib/model/errors';
import { formatList } from '../../lib/model/format';
import { cleanLabel } from '../../lib/model/labels';
import type { PublicFile, Study } from '../../lib/model/study';
import { type Client, RemoteError } from '../../lib/rpc/client';
import type { Session } from '../../lib/session/study-store';
import type { ViewState } from '../../lib/session/view-store';
import { canonicalAddress, isInOwnNetwork } from '../../lib/share/addresses';
import { applyLink } from '../../lib/share/apply';
import { describeChanges } from '../../lib/share/changes';
import type { LinkContent, StudyReference } from '../../lib/share/content';
import { LinkError } from '../../lib/share/errors';
import { decodeLink } from '../../lib/share/link';
import { inflateStudy } from '../../lib/share/study-in-link';
import { builtInStudies } from '../../lib/study/built-in';
import { openRuns, withScales } from '../../lib/study/from-runs';
import { publishedRuns, publishedScales, publishedStudy } from '../../lib/study/published';
import { loadBuiltIn } from '../library/load-built-in';
import { fetchPublished } from '../runs/fetch-published';
import { useRunsClient } from '../runs/use-runs-client';
import { type Stores, useHidesAnswer, useSession, useStores } from '../shell/stores';
import { Dialog } from '../ui/dialog';
import { fetchPublicStudy } from './fetch-public';

type State =
  | { readonly kind: 'asking'; readonly content: LinkContent; readonly hosts: readonly string[] }
  | { readonly kind: 'finding'; readonly content: LinkContent }
  | {
      readonly kind: 'opened';
      readonly text: string;
      readonly before: Before;
      /** Id of the study that was opened. */
      readonly study: string;
    }
  | { readonly kind: 'refused'; readonly message: string; readonly advice: string };

/** The state of the page before the link. */
interface Before {
  readonly session: Session;
  readonly view: ViewState;
}

/**
 * One link: read, confirmed where it needs files from other hosts, opened beside the current state,
 * and reported. A link that cannot be opened is reported and leaves the page unchanged.
 */
export default function OpenedLink({ hash, onClose }: { hash: string; onClose: () => void }) {
  const stores = useStores();
  const runs = useRunsClient();
  // The state before may be the same study with its answer shown.
  const isHidden = useHidesAnswer();
  const [state, setState] = useState<State>(() => begin(hash, stores));
  const [before] = useState(() => stores.study.getState().session.study.id);

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
      const { id } = stores.study.getState().session.study;
      setState({ kind: 'opened', text: opened(content, study), before, study: id });
    };
    open().catch((error: unknown) => {
      if (!abort.signal.aborted) setState(refused(error));
    });
    return () => abort.abort();
  }, [state, stores, runs]);

  useEffect(() => {
    if (state.kind !== 'finding') unveil();
  }, [state.kind]);

  // What is said of a link is said of its study, and nothing that is undone brings it back.
  const isLeft = useSession().study.id !== (state.kind === 'opened' ? state.study : before);
  const isOver = isLeft && (state.kind === 'opened' || state.kind === 'refused');
  useEffect(() => {
    if (isOver) onClose();
  }, [isOver, onClose]);

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
          <p>{state.text} The former study is kept: undo returns to it.</p>
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

/** The first state of a link: refused, waiting for confirmation, or opening. */
function begin(hash: string, stores: Stores): State {
  try {
    const content = decodeLink(hash);
    const hosts = openStudy(content, stores) ? [] : hostsOf(content.study);
    return hosts.length > 0 ? { kind: 'asking', content, hosts } : { kind: 'finding', content };
  } catch (error) {
    return refused(error);
  }
}

/**
 * The study of the link if it is open already, now or a few undo steps back: its fits are there,
 * too.
 */
function openStudy({ study: reference }: LinkContent, stores: Stores): Study | null {
  if (reference.kind !== 'built-in') return null;
  const { session, past } = stores.study.getState();
  const found = [...past, session].findLast(({ study }) => study.source.builtIn === reference.id);
  return found?.study ?? null;
}

function opened(content: LinkContent, study: Study): string {
  const changes = describeChanges(content);
  const set = changes === '' ? '' : ` The link sets ${changes}.`;
  return `Opened from a link: “${study.name}”, ${describeOrigin(content)}.${set}`;
}

function describeOrigin({ study }: LinkContent): string {
  const hosts = hostsOf(study);
  const what = study.kind === 'file' ? 'read' : 'its runs';
  if (hosts.length > 0) return `${what} from ${formatList(hosts)}`;
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

/** Asks before a link makes the page fetch anything from other hosts. */
function AskToFetch({
  content: { study },
  hosts,
  onFetch,
  onClose,
}: {
  content: LinkContent;
  hosts: readonly string[];
  onFetch: () => void;
  onClose: () => void;
}) {
  const from = formatList(hosts);
  const files = filesOf(study);
  const local = hosts.filter((host) => isInOwnNetwork(`https://${host}`));
  return (
    <Dialog title="Fetch the study of this link?" onClose={onClose}>
      <p className="prose">
        {study.kind === 'built-in'
          ? 'This link shows the runs published with RegMix (Liu et al. 2024), which are kept at '
          : `Whoever made this link says that its ${study.kind === 'file' ? 'study is' : 'runs are'} kept at `}
        <strong>{from}</strong>. The page fetches {study.kind === 'file' ? 'it' : 'them'} from there
        only if you agree.
      </p>
      {files.length > 0 && (
        <ul className="addresses">
          {files.map(({ url }) => (
            <li key={url}>{canonicalAddress(url)}</li>
          ))}
        </ul>
      )}
      {local.length > 0 && (
        <p className="notice prose">
          <strong>{formatList(local)}</strong> {local.length === 1 ? 'is' : 'are'} in your own
          network: on this machine or behind your router. Agree only if you know what answers there.
        </p>
      )}
      <p className="quiet prose">
        {from} then sees your network address; no data of yours is sent there. Files changed since the link was made are refused.
      </p>
      <div className="button-row">
        <button type="button" className="button primary" onClick={onFetch}>
          Fetch from {from}
        </button>
        <button type="button" className="button" onClick={onClose}>
          Do not open the link
        </button>
      </div>
    </Dialog>
  );
}

/** The files named one by one; those of the paper are known. */
function filesOf(study: StudyReference): readonly PublicFile[] {
  if (study.kind === 'addresses') return study.files;
  return study.kind === 'file' ? [study.file] : [];
}

/** The hosts that loading a study contacts; none for built-in studies or those inside the link. */
function hostsOf(reference: StudyReference): readonly string[] {
  return [...new Set(addressesOf(reference).map((url) => new URL(url).host))];
}

function addressesOf(reference: StudyReference): readonly string[] {
  if (reference.kind === 'addresses') return reference.files.map(({ url }) => url);
  if (reference.kind === 'file') return [reference.file.url];
  if (reference.kind === 'inline') return [];
  if (reference.id === 'published') return publishedRuns.map(({ url }) => url);
  if (reference.id !== 'published-scales') return [];
  return [...publishedRuns, ...publishedScales].map(({ url }) => url);
}

/**
 * Loads the study that a link names. It contacts the hosts of {@link hostsOf}: call it only after
 * the reader has agreed.
 *
 * @throws StageError or RemoteError when it cannot be loaded
 */
async function findStudy(
  reference: StudyReference,
  runs: () => Client<RunsMethods>,
  signal: AbortSignal,
): Promise<Study> {
  switch (reference.kind) {
    case 'inline':
      return inflateStudy(reference.deflated);
    case 'addresses':
      return fromAddresses(reference.name, reference.files, runs, signal);
    case 'file':
      return fromAddresses(reference.name, [reference.file], runs, signal);
    case 'built-in':
      return reference.id === 'published' || reference.id === 'published-scales'
        ? fromPaper(reference.id, runs(), signal)
        : fromPage(reference.id, signal);
  }
}

async function fromAddresses(
  name: string,
  addresses: readonly PublicFile[],
  runs: () => Client<RunsMethods>,
  signal: AbortSignal,
): Promise<Study> {
  const urls = addresses.map(({ url }) => url);
  const study = await fetchPublicStudy(urls, runs(), { signal, expected: addresses });
  return { ...study, name: cleanLabel(name) || study.name };
}

async function fromPaper(
  id: 'published' | 'published-scales',
  client: Client<RunsMethods>,
  signal: AbortSignal,
): Promise<Study> {
  const runs = await fetchPublished(publishedRuns, client, { signal });
  const opened = openRuns(runs, { id: 'published', ...publishedStudy });
  if (id === 'published') return opened.study;
  const base = { domains: opened.study.domains, targets: opened.study.targets };
  const scales = await fetchPublished(publishedScales, client, { base, signal });
  return withScales(opened, scales).study;
}

async function fromPage(id: string, signal: AbortSignal): Promise<Study> {
  const found = builtInStudies.find((study) => study.id === id);
  if (!found) {
    throw new LinkError(
      `This link names a study, “${id}”, that this version of the page does not have.`,
      'Reload the page: a newer version may have it.',
    );
  }
  return (await loadBuiltIn(found, signal)).study;
}
