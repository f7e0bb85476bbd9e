'use client';

import { listInWords } from '../../lib/format';
import type { LinkContent } from '../../lib/share/content';
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
  return (
    <Dialog title="Fetch the study of this link?" onClose={onClose}>
      <p className="prose">
        {study.kind === 'built-in'
          ? 'This link shows the runs published with RegMix (Liu et al. 2024), which are kept at '
          : 'Whoever made this link says that its runs are kept at '}
        <strong>{from}</strong>. The page fetches them from there only if you agree.
      </p>
      {study.kind === 'addresses' && (
        <ul className="addresses">
          {study.files.map(({ url }) => (
            <li key={url}>{url}</li>
          ))}
        </ul>
      )}
      <p className="quiet prose">
        {from} then sees your network address, and nothing of yours is sent there. Files that are
        not those for which the link was made are refused.
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
