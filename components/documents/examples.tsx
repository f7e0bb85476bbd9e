'use client';

import { useState } from 'react';
import { StageError } from '../../lib/errors';
import { builtInStudies } from '../../lib/study/built-in';
import { examples } from '../../lib/study/examples';
import { useStores } from '../explorer/stores';
import { forgetPicked } from '../runs/apply-runs';
import { PaperRuns } from '../runs/paper-runs';
import { loadBuiltIn } from './load-built-in';

/** Studies to open with one click: each becomes a document of its own beside those that are saved. */
export function Examples({ onOpened }: { onOpened: () => void }) {
  const { study: store, view } = useStores();
  const [opening, setOpening] = useState('');
  const [problem, setProblem] = useState('');

  async function open({ id, study, set }: (typeof examples)[number]): Promise<void> {
    const found = builtInStudies.find((each) => each.id === study);
    if (!found) return;
    setProblem('');
    setOpening(id);
    try {
      const opened = set(await loadBuiltIn(found));
      store.open(opened);
      forgetPicked(view);
      onOpened();
    } catch (error) {
      const advice = error instanceof StageError ? ` ${error.advice}` : '';
      setProblem(`${error instanceof Error ? error.message : String(error)}${advice}`);
      setOpening('');
    }
  }

  return (
    <section className="examples" aria-labelledby="examples-title">
      <h3 id="examples-title">Examples</h3>
      <p className="quiet">
        Each opens as a study of its own; what is on view stays saved as it is.
      </p>
      {problem !== '' && (
        <p className="refused" role="alert">
          {problem}
        </p>
      )}
      <ul className="documents" aria-label="Examples">
        {examples.map((example) => (
          <li key={example.id}>
            <span className="document-name">{example.name}</span>
            <span className="quiet small">{example.look}</span>
            <span className="button-row">
              <button
                type="button"
                className="link"
                aria-label={`Open the example ${example.name}`}
                disabled={opening !== ''}
                onClick={() => void open(example)}
              >
                {opening === example.id ? 'Opening…' : 'Open'}
              </button>
            </span>
          </li>
        ))}
        <li>
          <span className="document-name">The paper’s runs</span>
          <span className="quiet small">
            RegMix’s own 512 proxies of 1M parameters on the Pile’s 17 domains. See rho 0.99 for
            Pile-CC loss, which domains drive it, and the optimum beside the paper’s human mixture;
            then add its 60M and 1B test runs.
          </span>
          <PaperRuns />
        </li>
      </ul>
    </section>
  );
}
