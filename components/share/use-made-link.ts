'use client';

import { useEffect, useState } from 'react';
import { StageError } from '../../lib/model/errors';
import type { SharedView } from '../../lib/share/content';
import { linkFor, longestInline } from '../../lib/share/link-for';
import type { OpenedStudy } from '../../lib/study/from-runs';

export type Made =
  | { readonly kind: 'making' }
  | { readonly kind: 'made'; readonly url: string }
  | { readonly kind: 'refused'; readonly message: string; readonly advice: string };

/**
 * The link to a session and view, made again when one of them changes.
 *
 * @param isInline whether runs that are not public may be put into it
 * @param path of the room that it opens; the one on view by default
 */
export function useMadeLink(
  session: OpenedStudy,
  view: SharedView,
  isInline: boolean,
  path?: string,
): Made {
  const [made, setMade] = useState<Made>({ kind: 'making' });
  useEffect(() => {
    let isCurrent = true;
    const { href } = window.location;
    linkFor(session, view, path === undefined ? href : new URL(path, href).href, {
      inline: isInline,
    })
      .then((url) => checkLength(url))
      .then((url): Made => ({ kind: 'made', url }))
      .catch(refusal)
      .then((result) => isCurrent && setMade(result));
    return () => {
      isCurrent = false;
    };
  }, [session, view, isInline, path]);
  return made;
}

/**
 * @throws StageError when the link is so long that programs that pass links on would truncate it
 */
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
