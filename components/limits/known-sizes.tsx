'use client';

import { useMemo } from 'react';
import { knownSizesOf } from '../../lib/corpora/known-sizes';
import { formatTokens } from '../../lib/model/format';
import { applySizes, type ReadMessage } from '../mixture/read-domains';
import { useSession, useStores } from '../shell/stores';

/** The sizes of the well-known corpora that the study's domains are of, with their sources; often none. */
export default function KnownSizes({ onUsed }: { onUsed: (message: ReadMessage) => void }) {
  const { study: store } = useStores();
  const { domains } = useSession().study;
  const known = useMemo(() => knownSizesOf(domains), [domains]);
  return known.map((sizes) => {
    const { id, name, source, total } = sizes.corpus;
    return (
      <div key={id} className="known-sizes">
        <button
          type="button"
          className="button"
          aria-describedby={`sizes-${id}`}
          onClick={() => onUsed(applySizes(store, sizes))}
        >
          Use the sizes of {name} ({formatTokens(total).replace(' ', '')} tokens)
        </button>
        <p id={`sizes-${id}`} className="quiet small">
          {source}
        </p>
      </div>
    );
  });
}
