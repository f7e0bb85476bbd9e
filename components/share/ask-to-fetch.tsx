'use client';

import { listInWords } from '../../lib/format';
import type { LinkContent, StudyReference } from '../../lib/share/content';
import type { PublicFile } from '../../lib/study/types';
import { Dialog } from '../ui/dialog';

/** Asks before a link makes the page fetch anything from elsewhere. */
export function AskToFetch({
  content: { study },
  hosts,
  onFetch,
  onClose,
}: {
  content: LinkContent;
  hosts: readonly string[];
  onFetch: () => void;
  onClose: () => void;
}) {
  const from = listInWords(hosts);
  const files = filesOf(study);
  return (
    <Dialog title="Fetch the study of this link?" onClose={onClose}>
      <p className="prose">
        {study.kind === 'built-in'
          ? 'This link shows the runs published with RegMix (Liu et al. 2024), which are kept at '
          : `Whoever made this link says that its ${study.kind === 'file' ? 'study is' : 'runs are'} kept at `}
        <strong>{from}</strong>. The page fetches {study.kind === 'file' ? 'it' : 'them'} from there
        only if you agree.
      </p>
      {files.length > 0 && (
        <ul className="addresses">
          {files.map(({ url }) => (
            <li key={url}>{url}</li>
          ))}
        </ul>
      )}
      <p className="quiet prose">
        {from} then sees your network address, and nothing of yours is sent there. What is not as it
        was when the link was made is refused.
      </p>
      <div className="button-row">
        <button type="button" className="button primary" onClick={onFetch}>
          Fetch from {from}
        </button>
        <button type="button" className="button" onClick={onClose}>
          Do not open the link
        </button>
      </div>
    </Dialog>
  );
}

/** The files that are named one by one; those of the paper are known. */
function filesOf(study: StudyReference): readonly PublicFile[] {
  if (study.kind === 'addresses') return study.files;
  return study.kind === 'file' ? [study.file] : [];
}
