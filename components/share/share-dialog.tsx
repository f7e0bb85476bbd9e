'use client';

import { useEffect, useState } from 'react';
import { StageError } from '../../lib/errors';
import { linkFor, longestInline, referenceOf } from '../../lib/share/link-for';
import { useSession, useStores } from '../explorer/stores';
import { Dialog } from '../ui/dialog';
import { Switch } from '../ui/switch';
import { MadeLink } from './made-link';
import { PublicAddresses } from './public-addresses';

type Made =
  | { readonly kind: 'making' }
  | { readonly kind: 'made'; readonly url: string }
  | { readonly kind: 'refused'; readonly message: string; readonly advice: string };

/** A link to the page as it stands, what it carries, and what can be done where its runs are nowhere else. */
export default function ShareDialog({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const { view } = useStores();
  const [isInline, setInline] = useState(false);
  const [made, setMade] = useState<Made>({ kind: 'making' });
  const reference = referenceOf(session.study);
  const isOwn = reference === null;

  useEffect(() => {
    let isWanted = true;
    const { href } = window.location;
    linkFor(session, view.getState(), href, { inline: isInline })
      .then((url) => checkLength(url))
      .then((url): Made => ({ kind: 'made', url }))
      .catch(refusal)
      .then((result) => isWanted && setMade(result));
    return () => {
      isWanted = false;
    };
  }, [session, view, isInline]);

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
      {made.kind === 'making' && <p role="status">Making the link…</p>}
      {made.kind === 'made' && <MadeLink key={made.url} url={made.url} />}
      {made.kind === 'refused' && (
        <div className="notice" role="status">
          <p>{made.message}</p>
          <p className="quiet">{made.advice}</p>
        </div>
      )}
      <p className="quiet small prose">
        {isOwn && isInline
          ? 'Not in it: your files as such, trainings, and what stands in the history. '
          : 'Not in it: the runs themselves, files of yours, trainings, and what stands in the history. '}
        Opening it starts no training and replaces nothing of the reader’s.
      </p>
    </Dialog>
  );
}

/** @throws StageError when programs that pass links on would cut it */
function checkLength(url: string): string {
  if (url.length <= longestInline) return url;
  throw new StageError(
    'share',
    `With its runs this link would have ${url.length.toLocaleString('en')} characters.`,
    'Put the files at a public address, or send the study as a file.',
  );
}

function refusal(error: unknown): Made {
  if (error instanceof StageError) {
    return { kind: 'refused', message: error.message, advice: error.advice };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'refused', message, advice: 'Reload the page and try again.' };
}
