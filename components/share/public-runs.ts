import type { Client } from '../../lib/rpc/client';
import type { RunsMethods } from '../../lib/rpc/methods';
import { cleanLabel } from '../../lib/runs/labels';
import { LinkError } from '../../lib/share/errors';
import { studyPrint } from '../../lib/share/study-print';
import { type OpenedStudy, openRuns } from '../../lib/study/from-runs';
import type { PublicFile } from '../../lib/study/types';

/**
 * The study of CSVs at public addresses, which it remembers with the hash of each file.
 *
 * @param expected the files as they have to be; absent = as they are now
 * @throws StageError or RemoteError when they cannot be had or read; LinkError when one is not as expected
 */
export async function fetchPublicRuns(
  urls: readonly string[],
  client: Client<RunsMethods>,
  { signal, expected }: { signal?: AbortSignal; expected?: readonly PublicFile[] } = {},
): Promise<OpenedStudy> {
  const texts: { name: string; text: string }[] = [];
  const files: PublicFile[] = [];
  for (const [place, url] of urls.entries()) {
    const { text, sha256 } = await client.call('fetch', { url }, { signal });
    if (sha256 === '') {
      throw new LinkError(
        'This page did not come by https, so it cannot check files of a link.',
        'Open the page by https.',
      );
    }
    if (expected && expected[place].sha256 !== sha256) {
      throw new LinkError(
        `${url} holds another file than when this link was made.`,
        'Ask for a new link, or open the file from the dialog “Open runs” if you trust it.',
      );
    }
    files.push({ url, sha256 });
    texts.push({ name: fileName(url), text });
  }
  const recognition = await client.call('read', texts);
  const runs = await client.call('build', { recognition, options: { acceptUnpaired: false } });
  const hosts = [...new Set(urls.map((url) => new URL(url).host))].join(', ');
  const detail = `Read from ${texts.map(({ name }) => name).join(', ')} at ${hosts}.`;
  const name = `Runs from ${hosts}`;
  const source = { kind: 'files', detail, addresses: files } as const;
  const { study, settings } = openRuns(runs, { id: '', name, source });
  return { study: { ...study, id: `fetched-${studyPrint(study).toString(16)}` }, settings };
}

/** The last part of an address's path: what tells mixtures from losses. */
function fileName(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  return cleanLabel(decoded(last)) || 'runs.csv';
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
