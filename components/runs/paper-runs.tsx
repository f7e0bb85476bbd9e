'use client';

import { useState } from 'react';
import type { NamedText } from '../../lib/runs/reader';
import { addTestSets, openRuns } from '../../lib/study/from-runs';
import { type PublishedFile, publishedRuns, publishedScales } from '../../lib/study/published';
import { useSession, useStores } from '../explorer/stores';
import { newStudyId } from './study-id';
import { useRunsClient } from './use-runs-client';

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'loading'; readonly done: number; readonly total: number }
  | { readonly kind: 'failed'; readonly message: string };

/** Fetches the runs published with RegMix from their public repository, on request only. */
export function PaperRuns() {
  const { study } = useSession();
  const { study: store, view } = useStores();
  const [state, setState] = useState<State>({ kind: 'idle' });
  const runsClient = useRunsClient();
  const isOpen = study.source.kind === 'published';
  const hasScales = study.testSets.length > 1;

  async function load(files: readonly PublishedFile[]): Promise<void> {
    try {
      setState({ kind: 'loading', done: 0, total: files.length });
      const texts: NamedText[] = [];
      for (const { name, url } of files) {
        texts.push({ name, text: await fetchText(url) });
        setState({ kind: 'loading', done: texts.length, total: files.length });
      }
      const { session } = store.getState();
      const adding = files === publishedScales;
      const base = adding
        ? { domains: session.study.domains, targets: session.study.targets }
        : undefined;
      const recognition = await runsClient().call('read', texts);
      const runs = await runsClient().call('build', {
        recognition,
        options: { acceptUnpaired: false, base },
      });
      store.open(
        adding
          ? addTestSets(session, runs, newStudyId())
          : openRuns(runs, {
              id: newStudyId(),
              name: 'The Pile: 512 proxies of 1M parameters, published with RegMix',
              source: {
                kind: 'published',
                detail:
                  'Runs published with RegMix (Liu et al. 2024, arXiv 2407.01492), MIT licence.',
              },
            }),
      );
      view.setState({ evaluation: null, pickedRun: null, hoveredDomain: null });
      setState({ kind: 'idle' });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const offline = navigator.onLine ? '' : ' This browser is offline.';
      setState({
        kind: 'failed',
        message: `The published runs could not be loaded: ${reason}${offline} Your study is unchanged.`,
      });
    }
  }

  return (
    <div className="controls">
      {!isOpen && (
        <button
          type="button"
          className="button"
          disabled={state.kind === 'loading'}
          onClick={() => void load(publishedRuns)}
        >
          Load the paper’s runs
        </button>
      )}
      {isOpen && !hasScales && (
        <button
          type="button"
          className="button"
          disabled={state.kind === 'loading'}
          onClick={() => void load(publishedScales)}
        >
          Add the 60M and 1B test runs
        </button>
      )}
      {state.kind === 'loading' && (
        <label className="small">
          <progress value={state.done} max={state.total} /> {state.done} of {state.total} files
        </label>
      )}
      {state.kind === 'failed' && (
        <p className="refused" role="alert">
          {state.message}
        </p>
      )}
      <p className="quiet small">
        512 + 256 runs on 17 domains, fetched from raw.githubusercontent.com when you press the
        button: the only request this page makes elsewhere.
      </p>
    </div>
  );
}

async function fetchText(url: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer' });
  } catch {
    throw new Error(`${new URL(url).hostname} could not be reached.`);
  }
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return response.text();
}
