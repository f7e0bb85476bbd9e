import type { Client } from '../../lib/rpc/client';
import type { RunsMethods } from '../../lib/rpc/methods';
import { cleanLabel } from '../../lib/runs/labels';
import type { StudyReference } from '../../lib/share/content';
import { LinkError } from '../../lib/share/errors';
import { inflateStudy } from '../../lib/share/inline-study';
import { builtInStudies } from '../../lib/study/built-in';
import { openRuns, withScales } from '../../lib/study/from-runs';
import { publishedRuns, publishedScales, publishedStudy } from '../../lib/study/published';
import type { PublicFile, Study } from '../../lib/study/types';
import { loadBuiltIn } from '../documents/load-built-in';
import { fetchPublished } from '../runs/fetch-published';
import { fetchPublicStudy } from './fetch-public';

/** Hosts that finding a study asks; none for what comes with the page or stands in the link. */
export function hostsOf(reference: StudyReference): readonly string[] {
  return [...new Set(addressesOf(reference).map((url) => new URL(url).host))];
}

function addressesOf(reference: StudyReference): readonly string[] {
  if (reference.kind === 'addresses') return reference.files.map(({ url }) => url);
  if (reference.kind === 'file') return [reference.file.url];
  if (reference.kind === 'inline') return [];
  if (reference.id === 'published') return publishedRuns.map(({ url }) => url);
  if (reference.id !== 'published-scales') return [];
  return [...publishedRuns, ...publishedScales].map(({ url }) => url);
}

/**
 * The study that a link names. It asks the hosts of {@link hostsOf}: only after the reader has agreed.
 *
 * @throws StageError or RemoteError when it cannot be had
 */
export async function findStudy(
  reference: StudyReference,
  runs: () => Client<RunsMethods>,
  signal: AbortSignal,
): Promise<Study> {
  switch (reference.kind) {
    case 'inline':
      return inflateStudy(reference.deflated);
    case 'addresses':
      return fromAddresses(reference.name, reference.files, runs, signal);
    case 'file':
      return fromAddresses(reference.name, [reference.file], runs, signal);
    case 'built-in':
      return reference.id === 'published' || reference.id === 'published-scales'
        ? fromPaper(reference.id, runs(), signal)
        : fromPage(reference.id, signal);
  }
}

async function fromAddresses(
  name: string,
  addresses: readonly PublicFile[],
  runs: () => Client<RunsMethods>,
  signal: AbortSignal,
): Promise<Study> {
  const urls = addresses.map(({ url }) => url);
  const study = await fetchPublicStudy(urls, runs(), { signal, expected: addresses });
  return { ...study, name: cleanLabel(name) || study.name };
}

async function fromPaper(
  id: 'published' | 'published-scales',
  client: Client<RunsMethods>,
  signal: AbortSignal,
): Promise<Study> {
  const runs = await fetchPublished(publishedRuns, client, { signal });
  const opened = openRuns(runs, { id: 'published', ...publishedStudy });
  if (id === 'published') return opened.study;
  const base = { domains: opened.study.domains, targets: opened.study.targets };
  const scales = await fetchPublished(publishedScales, client, { base, signal });
  return withScales(opened, scales).study;
}

async function fromPage(id: string, signal: AbortSignal): Promise<Study> {
  const found = builtInStudies.find((study) => study.id === id);
  if (!found) {
    throw new LinkError(
      `This link names a study, “${id}”, that this version of the page does not have.`,
      'Reload the page: a newer version may have it.',
    );
  }
  return (await loadBuiltIn(found, signal)).study;
}
