import type { RunsMethods } from '../../lib/analysis/methods';
import { cleanLabel } from '../../lib/model/labels';
import type { PublicFile, Study } from '../../lib/model/study';
import { looksLikeSession } from '../../lib/model/text-kinds';
import type { Client } from '../../lib/rpc/client';
import type { NamedText } from '../../lib/runs/reader';
import { LinkError } from '../../lib/share/errors';
import { studyFingerprint } from '../../lib/share/study-in-link';
import { openRuns } from '../../lib/study/from-runs';
import { withoutOrigin } from '../../lib/study/identity';

interface FetchOptions {
  readonly signal?: AbortSignal;
  /** The expected files; absent = the current ones are accepted. */
  readonly expected?: readonly PublicFile[];
}

/** A fetched file. */
interface Fetched extends NamedText {
  readonly file: PublicFile;
}

/**
 * Reads the study at public addresses, which it stores with the hash of each file: CSVs, or one
 * `.regmix.json`.
 *
 * @throws StageError or RemoteError when they cannot be fetched or read; LinkError when a file
 * differs from the expected one
 */
export async function fetchPublicStudy(
  urls: readonly string[],
  client: Client<RunsMethods>,
  options: FetchOptions = {},
): Promise<Study> {
  const fetched: Fetched[] = [];
  for (const [place, url] of urls.entries()) {
    fetched.push(await fetchOne(url, client, options, options.expected?.[place]));
  }
  const whole = fetched.find(looksLikeSession);
  if (!whole) return studyOfRuns(fetched, client, options);
  if (fetched.length === 1) return studyOfFile(whole, client, options);
  throw new LinkError(
    `${whole.file.url} is a whole study, which stands for itself.`,
    'Name its address alone, or those of CSVs.',
  );
}

async function fetchOne(
  url: string,
  client: Client<RunsMethods>,
  { signal }: FetchOptions,
  expected?: PublicFile,
): Promise<Fetched> {
  const { text, sha256 } = await client.call('fetch', { url }, { signal });
  if (sha256 === '') {
    throw new LinkError(
      'This page did not come by https, so it cannot check files of a link.',
      'Open the page by https.',
    );
  }
  if (expected && expected.sha256 !== sha256) {
    throw new LinkError(
      `${url} holds another file than when this link was made.`,
      'Ask for a new link, or open the file from the dialog “Open runs” if you trust it.',
    );
  }
  return { name: fileName(url), text, file: { url, sha256 } };
}

async function studyOfRuns(
  fetched: readonly Fetched[],
  client: Client<RunsMethods>,
  { signal }: FetchOptions,
): Promise<Study> {
  const texts = fetched.map(({ name, text }) => ({ name, text }));
  const recognition = await client.call('read', texts, { signal });
  const options = { acceptUnpaired: false };
  const runs = await client.call('build', { recognition, options }, { signal });
  const addresses = fetched.map(({ file }) => file);
  const hosts = [...new Set(addresses.map(({ url }) => new URL(url).host))].join(', ');
  const detail = `Read from ${texts.map(({ name }) => name).join(', ')} at ${hosts}.`;
  const source = { kind: 'files', detail, addresses } as const;
  const { study } = openRuns(runs, { id: '', name: `Runs from ${hosts}`, source });
  return { ...study, id: fetchedId(study) };
}

async function studyOfFile(
  { name, text, file }: Fetched,
  client: Client<RunsMethods>,
  { signal }: FetchOptions,
): Promise<Study> {
  const { study: read } = await client.call('readStudy', { name, text }, { signal });
  const study = withoutOrigin(read);
  // Other sources named in the file were not checked.
  const { addresses: _, ...source } = study.source;
  return {
    ...study,
    id: `${fetchedId(study)}-${file.sha256.slice(0, 16)}`,
    source: { ...source, file },
  };
}

/** A foreign id may belong to other runs here: equal runs get equal ids. */
function fetchedId(study: Study): string {
  return `fetched-${studyFingerprint(study).toString(16)}`;
}

/** The last part of an address's path, which distinguishes mixtures from losses. */
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
