'use client';

import { useId, useState } from 'react';
import { StageError } from '../../lib/errors';
import { RemoteError } from '../../lib/rpc/client';
import { checkedAddress } from '../../lib/share/address';
import { bounds } from '../../lib/share/forms';
import { studyPrint } from '../../lib/share/study-print';
import { revisionOf } from '../../lib/study/revision';
import { useSession, useStores } from '../explorer/stores';
import { useRunsClient } from '../runs/use-runs-client';
import { Disclosure } from '../ui/disclosure';
import { fetchPublicStudy } from './fetch-public';

/**
 * Takes addresses at which the reader has put the CSVs of the study, or the one of its `.regmix.json`, and
 * makes sure that they hold the same runs.
 */
export function PublicAddresses() {
  const { study } = useSession();
  const { study: store } = useStores();
  const runs = useRunsClient();
  const [text, setText] = useState('');
  const [isChecking, setChecking] = useState(false);
  const [problem, setProblem] = useState('');
  const id = useId();

  async function check(): Promise<void> {
    setChecking(true);
    setProblem('');
    try {
      const urls = text
        .split(/\s+/)
        .filter((part) => part !== '')
        .map(checkedAddress);
      if (urls.length > bounds.addresses) {
        throw new StageError('share', `These are more than ${bounds.addresses} addresses.`);
      }
      const found = await fetchPublicStudy(urls, runs());
      if (studyPrint(found) !== studyPrint(study)) {
        throw new StageError(
          'share',
          'What is there makes another study than the one on the page.',
          'Open it here first, or put the files there from which this study was read, or the study saved under Export.',
        );
      }
      const { addresses, file } = found.source;
      const where = file ? { file } : { addresses };
      store.follow((session) =>
        session.study.id === study.id && revisionOf(session.study) === revisionOf(study)
          ? {
              ...session,
              study: { ...session.study, source: { ...session.study.source, ...where } },
            }
          : session,
      );
    } catch (error) {
      const advice =
        error instanceof StageError || error instanceof RemoteError ? error.advice : '';
      setProblem(`${error instanceof Error ? error.message : String(error)} ${advice}`.trim());
    } finally {
      setChecking(false);
    }
  }

  return (
    <Disclosure label="Name public addresses of its CSVs or its .regmix.json instead">
      <div className="address-form">
        <label htmlFor={id} className="small">
          Addresses that begin with https:// and let other pages read them (files of a public GitHub
          repository under raw.githubusercontent.com do), one a line: those of all CSVs, or the one
          of the whole study as saved under Export
        </label>
        <textarea
          id={id}
          className="code"
          rows={3}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button
          type="button"
          className="button"
          disabled={isChecking || text.trim() === ''}
          onClick={() => void check()}
        >
          {isChecking ? 'Fetching…' : 'Fetch and check'}
        </button>
        {problem && (
          <p className="refused" role="alert">
            {problem}
          </p>
        )}
      </div>
    </Disclosure>
  );
}
