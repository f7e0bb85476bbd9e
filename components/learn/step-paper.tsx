'use client';

import { useState } from 'react';
import { StageError } from '../../lib/errors';
import { RemoteError } from '../../lib/rpc/client';
import { openRuns } from '../../lib/study/from-runs';
import { publishedRuns, publishedStudy } from '../../lib/study/published';
import type { Study } from '../../lib/study/types';
import { useStores } from '../explorer/stores';
import { fetchPublished } from '../runs/fetch-published';
import { useRunsClient } from '../runs/use-runs-client';
import { Act, Arxiv, Source } from './act';
import type { StepProps } from './lesson';
import { PaperExample } from './paper-example';
import { fitPaper, type PaperFit } from './paper-fit';

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'loading'; readonly done: number }
  | { readonly kind: 'done'; readonly study: Study; readonly fit: PaperFit }
  | { readonly kind: 'failed'; readonly message: string };

/** The example of the method's authors, on their runs when the reader has asked for them. */
export function PaperStep({ onDone }: StepProps) {
  const { explore } = useStores();
  const runsClient = useRunsClient();
  const [state, setState] = useState<State>({ kind: 'idle' });

  async function load(): Promise<void> {
    setState({ kind: 'loading', done: 0 });
    try {
      const runs = await fetchPublished(publishedRuns, runsClient(), {
        onProgress: (done) => setState({ kind: 'loading', done }),
      });
      const { study } = openRuns(runs, { id: 'published', ...publishedStudy });
      setState({ kind: 'done', study, fit: await fitPaper(study, explore) });
    } catch (error) {
      setState({ kind: 'failed', message: inWords(error) });
    }
  }

  return (
    <>
      <p className="prose">
        The authors introduce RegMix with three domains of the Pile: Hacker News, GitHub and
        PhilPapers. The goal is a low loss on StackExchange, of which the model is to read nothing
        itself. Programmers’ talk, programmers’ code, or philosophy: which helps with questions and
        answers?
      </p>
      <Act task="Load the paper’s runs and find the best of these three, or say what you expect: more code, or more talk?">
        {state.kind === 'done' ? (
          <PaperExample study={state.study} fit={state.fit} onMove={onDone} />
        ) : (
          <div className="controls">
            <p className="prose">
              With the 512 published proxies of 1M parameters the page fits the law to their
              StackExchange loss, and shows how it answers to each of the three weights.
            </p>
            <div className="button-row">
              <button
                type="button"
                className="button primary"
                disabled={state.kind === 'loading'}
                onClick={() => void load()}
              >
                Load the paper’s runs
              </button>
              <button type="button" className="button" onClick={onDone}>
                I have my answer, without loading
              </button>
            </div>
            {state.kind === 'loading' && (
              <label className="small">
                <progress value={state.done} max={publishedRuns.length} /> {state.done} of{' '}
                {publishedRuns.length} files
              </label>
            )}
            {state.kind === 'failed' && (
              <p className="refused" role="alert">
                The published runs could not be loaded: {state.message}
              </p>
            )}
            <p className="quiet small">
              Fetched from raw.githubusercontent.com when you press the button, and only then.
            </p>
          </div>
        )}
      </Act>
      <h2>Go on in the explorer</h2>
      <ul className="prose learn-links">
        <li>
          <a href="/#limits">Set limits of your own</a> on the Languages study
        </li>
        <li>
          <a href="/#regression">Compare eleven regressors</a> on the same runs
        </li>
        <li>
          <a href="/#runs">Open runs of your own</a>: two CSVs are enough
        </li>
        <li>
          <a href="/#proxies">Train proxies</a> on text of your own
        </li>
        <li>
          <a href="/guide">Read the guide</a>: from corpora to a mixture, and the paper’s claims one
          by one
        </li>
      </ul>
      <Source>
        Liu et al. 2024, <Arxiv id="2407.01492">RegMix, arXiv 2407.01492</Arxiv>; Muennighoff et al.
        2023, <Arxiv id="2305.16264">Scaling Data-Constrained Language Models</Arxiv>; Ye et al.
        2024, <Arxiv id="2403.16952">Data Mixing Laws</Arxiv>.
      </Source>
    </>
  );
}

function inWords(error: unknown): string {
  if (error instanceof StageError || error instanceof RemoteError) {
    return `${error.message} ${error.advice}`.trim();
  }
  return error instanceof Error ? error.message : String(error);
}
