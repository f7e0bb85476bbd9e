'use client';

import { useState } from 'react';
import { StageError } from '../../lib/model/errors';
import { RemoteError } from '../../lib/rpc/client';
import { openRuns, withScales } from '../../lib/study/from-runs';
import {
  type PublishedFile,
  publishedRuns,
  publishedScales,
  publishedStudy,
} from '../../lib/study/published';
import { useSession, useStores } from '../shell/stores';
import { applyRuns } from './apply-runs';
import { fetchPublished } from './fetch-published';
import { useRunsClient } from './use-runs-client';

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'loading'; readonly done: number; readonly total: number }
  | { readonly kind: 'failed'; readonly message: string };

/** Fetches the runs published with RegMix from their public repository, on request only. */
export function PaperRuns() {
  const { study } = useSession();
  const stores = useStores();
  const [state, setState] = useState<State>({ kind: 'idle' });
  const runsClient = useRunsClient();
  const isOpen = study.source.kind === 'published';
  const hasScales = study.testSets.length > 1;

  async function load(files: readonly PublishedFile[]): Promise<void> {
    const { study: open } = stores.study.getState().session;
    try {
      setState({ kind: 'loading', done: 0, total: files.length });
      const adding = files === publishedScales;
      const runs = await fetchPublished(files, runsClient(), {
        base: adding ? { domains: open.domains, targets: open.targets } : undefined,
        onProgress: (done) => setState({ kind: 'loading', done, total: files.length }),
      });
      applyRuns(
        stores,
        open.id,
        (session) => {
          if (!adding) return openRuns(runs, { id: 'published', ...publishedStudy });
          return withScales(session, runs);
        },
        !adding,
      );
      setState({ kind: 'idle' });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const advice =
        (error instanceof StageError || error instanceof RemoteError) && error.advice !== ''
          ? ` ${error.advice}`
          : '';
      setState({
        kind: 'failed',
        message: `The published runs could not be loaded: ${reason}${advice} Your study is unchanged.`,
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
