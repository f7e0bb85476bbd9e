'use client';

import { useState } from 'react';
import { longestInline, referenceOf } from '../../lib/share/link-for';
import { useSession, useStores } from '../explorer/stores';
import { Dialog } from '../ui/dialog';
import { Switch } from '../ui/switch';
import { ImportedNote } from './imported-note';
import { LinkOrWhyNot } from './made-link';
import { PublicAddresses } from './public-addresses';
import { useMadeLink } from './use-made-link';

/** A link to the page as it stands, what it carries, and what can be done where its runs are nowhere else. */
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
        Whoever opens it sees this page as it is now: study, target and objective, regressor,
        limits, mixtures, seed and view, to the last digit. Nothing is kept on a server: all of it
        stands in the address.
      </p>
      {isOwn && (
        <>
          <p className="prose">
            The runs of this study came from your files and are in this tab only, so a link cannot
            name them. Say how they shall get to the reader:
          </p>
          <Switch
            label="Put the runs into the link"
            hint={`For small studies: up to ${longestInline.toLocaleString('en')} characters. Whoever has the link has the runs.`}
            checked={isInline}
            onChange={setInline}
          />
          <PublicAddresses />
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
          ? 'Not in it: your files as such, trainings, and what stands in the history. '
          : 'Not in it: the runs themselves, files of yours, trainings, and what stands in the history. '}
        Opening it starts no training and replaces nothing of the reader’s.
      </p>
    </Dialog>
  );
}
