'use client';

/** Where the tokens at hand may come from other than from typing: a table, or the sizes of a known corpus. */
import { Suspense, useState } from 'react';
import { useNear } from '../shell/hooks';
import { FilePicker } from '../ui/controls';
import { ErrorBoundary, lazyPart } from '../ui/lazy-part';
import { TableLine, useDomainTables } from './domain-tables';

const KnownSizes = lazyPart(
  () => import('./known-sizes'),
  // What is typed and read does without them.
  () => null,
);

/** Sets the tokens at hand by a file, a pasted table, or what is known of the study's corpus. */
export function TokenSources() {
  const tables = useDomainTables();
  const [place, isNear] = useNear();
  const [pasted, setPasted] = useState<string | null>(null);

  async function take(text: string): Promise<void> {
    const isTaken = await tables.read(new File([text], 'what was pasted'));
    // What is refused stays, to be corrected.
    if (isTaken) setPasted(null);
  }

  return (
    <div ref={place} className="token-sources">
      <div className="button-row">
        <FilePicker
          label="Read a table"
          accept=".csv,.tsv,.txt,.json,.gz"
          onFiles={([file]) => void tables.read(file)}
        />
        <button
          type="button"
          className="button"
          aria-expanded={pasted !== null}
          onClick={() => setPasted(pasted === null ? '' : null)}
        >
          Paste a table
        </button>
      </div>
      {pasted !== null && (
        <form
          className="token-paste"
          onSubmit={(event) => {
            event.preventDefault();
            void take(pasted);
          }}
        >
          <textarea
            className="field paste"
            aria-label="A table of domains and tokens"
            rows={5}
            spellCheck={false}
            placeholder={'domain,tokens\nweb,600B\ncode,100B'}
            value={pasted}
            onChange={(event) => setPasted(event.target.value)}
          />
          <button type="submit" className="button" disabled={pasted.trim() === ''}>
            Set the tokens at hand
          </button>
        </form>
      )}
      {isNear && (
        <ErrorBoundary show={() => null}>
          <Suspense>
            <KnownSizes onUsed={tables.show} />
          </Suspense>
        </ErrorBoundary>
      )}
      <div role="status">
        <TableLine news={tables.news} />
      </div>
    </div>
  );
}
