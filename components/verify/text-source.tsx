'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { openSavedTrainings } from '../../lib/browser/saved-trainings';
import type { LoadedCorpora } from '../../lib/corpora/types';
import { inWords } from '../../lib/errors';
import { listInWords } from '../../lib/format';
import type { Client } from '../../lib/rpc/client';
import type { CorporaMethods } from '../../lib/rpc/methods';
import { isUnderWay } from '../../lib/training/state';
import { withoutText } from '../../lib/verify/text';
import { useSession } from '../explorer/stores';
import { OwnText } from '../training/own-text';
import { useTraining, useTrainingControl } from '../training/session';

const builtIn = ['languages', 'software'] as const;

/**
 * Finds the text of the study's domains: a built-in set that has all of them, or the text that the study was
 * trained on in this tab. Where there is none it says what would do instead of its children.
 */
export function TextSource({
  client,
  load,
  children,
}: {
  client: Client<CorporaMethods>;
  load: (id: string) => Promise<LoadedCorpora>;
  children: ReactNode;
}) {
  const { study } = useSession();
  const control = useTrainingControl();
  const corpora = useTraining((state) => state.corpora);
  const underWay = useTraining((state) => isUnderWay(state.status));
  const [isSearched, setSearched] = useState(false);
  const [problem, setProblem] = useState('');

  const loaded = corpora.status === 'ready' ? corpora.loaded : null;
  const missing = loaded ? withoutText(study, loaded) : study.domains.map(({ name }) => name);
  const isNeeded = missing.length > 0 && !underWay;
  useEffect(() => {
    let isCurrent = true;
    if (!isNeeded) return;
    setSearched(false);
    setProblem('');
    void findText().then((found) => {
      if (!isCurrent) return;
      if (found) control.openOwn(found);
      setSearched(true);
    });
    async function findText(): Promise<LoadedCorpora | null> {
      const { training } = study.source;
      const kept = training
        ? await openSavedTrainings()
            .corpora(training)
            .catch(() => null)
        : null;
      if (kept && withoutText(study, kept).length === 0) return kept;
      for (const id of builtIn) {
        const loaded = await load(id).catch((error: unknown) => {
          if (isCurrent) setProblem(inWords(error));
          return null;
        });
        if (loaded && withoutText(study, loaded).length === 0) return loaded;
      }
      return null;
    }
    return () => {
      isCurrent = false;
    };
  }, [study, isNeeded, control, load]);

  if (loaded && missing.length === 0) {
    return (
      <>
        <p className="quiet small measure">
          Text: {loaded.name}. {loaded.description} Losses are measured on its validation text, in
          bits per byte.
        </p>
        {children}
      </>
    );
  }
  if (!isSearched) return <p className="quiet">Looking for the text of the study’s domains…</p>;
  return (
    <div className="notice">
      <p>
        This study cannot be verified here yet: there is no text of{' '}
        {listInWords(missing.slice(0, 4))}
        {missing.length > 4 ? ` and ${missing.length - 4} other domains` : ''}. A model can only be
        trained on text. Add files named after the study’s domains, such as{' '}
        <code>{study.domains[0].id}-1.jsonl</code>, or open the Languages study, whose text comes
        with this page.
      </p>
      {problem !== '' && (
        <p role="alert" className="refused">
          The text that comes with this page could not be read: {problem}
        </p>
      )}
      <OwnText client={client} />
    </div>
  );
}
