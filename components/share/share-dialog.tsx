'use client';

/**
 * The share dialog: the link, its contents, and public addresses for runs that a link cannot hold.
 */
import { useId, useState } from 'react';
import { StageError } from '../../lib/model/errors';
import { RemoteError } from '../../lib/rpc/client';
import { bounds, checkedAddress } from '../../lib/share/forms';
import { longestInline, referenceOf } from '../../lib/share/link-for';
import { studyFingerprint } from '../../lib/share/study-in-link';
import { revisionOf } from '../../lib/study/identity';
import { SaveStudy } from '../library/save-study';
import { useRunsClient } from '../runs/use-runs-client';
import { useSession, useStores } from '../shell/stores';
import { Switch } from '../ui/controls';
import { Dialog } from '../ui/dialog';
import { Disclosure } from '../ui/layout';
import { fetchPublicStudy } from './fetch-public';
import { ImportedNote } from './imported-note';
import { LinkOrWhyNot } from './made-link';
import { useMadeLink } from './use-made-link';

/** A link to the current state, what it contains, and the options where its runs are not public. */
export default function ShareDialog({
  onTeach,
  onClose,
}: {
  onTeach: () => void;
  onClose: () => void;
}) {
  const session = useSession();
  const { view } = useStores();
  const [isInline, setInline] = useState(false);
  const made = useMadeLink(session, view.getState(), isInline);
  const reference = referenceOf(session.study);
  const isOwn = reference === null;

  return (
    <Dialog title="Share a link" onClose={onClose}>
      <p className="prose">
        The link opens this page as it is now, to the last digit: study, target, objective,
        regressor, limits, mixtures, seed and view. All of it is in the address; nothing is kept on
        a server.
      </p>
      {isOwn && (
        <>
          <p className="prose">
            The runs of this study are in this tab only, so a link cannot name them. Choose how the
            reader gets them:
          </p>
          <Switch
            label="Put the runs into the link"
            hint={`For small studies: up to ${longestInline.toLocaleString('en')} characters. Whoever has the link has the runs.`}
            checked={isInline}
            onChange={setInline}
          />
          <PublicAddresses />
          <div>
            <p className="prose">Or send them the study as a file, which Open runs takes:</p>
            <SaveStudy />
          </div>
        </>
      )}
      {reference?.kind === 'addresses' && (
        <p className="prose">
          It names your runs by their public addresses: the reader is asked before they are fetched.
        </p>
      )}
      {reference?.kind === 'file' && (
        <p className="prose">
          It names your study by its public address: the reader is asked before it is fetched. What
          is set about it here comes from the link, not from that file.
        </p>
      )}
      <ImportedNote session={session} />
      <LinkOrWhyNot made={made} />
      <p className="prose">
        For a class: hide the answer, set a task, leave stages out.{' '}
        <button type="button" className="button" onClick={onTeach}>
          Teach with this study
        </button>
      </p>
      <p className="quiet small prose">
        {isOwn && isInline
          ? 'Not included: your original files, trainings and the history. '
          : 'Not included: the runs themselves, your files, trainings and the history. '}
        Opening it starts no training and replaces nothing of the reader’s.
      </p>
    </Dialog>
  );
}

/**
 * Asks for addresses of the study's published CSVs or `.regmix.json`, and checks that they hold the
 * same runs.
 */
function PublicAddresses() {
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
      if (studyFingerprint(found) !== studyFingerprint(study)) {
        throw new StageError(
          'share',
          'What is there makes another study than the one on the page.',
          'Open it here first, or upload the files that this study was read from, or the study saved in Answer (Export).',
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
