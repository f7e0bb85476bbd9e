import type { RunsMethods } from '../../lib/analysis/methods';
import type { Client } from '../../lib/rpc/client';
import type { NamedText } from '../../lib/runs/reader';
import type { StudyColumns, StudyRuns } from '../../lib/runs/recognition';
import type { PublishedFile } from '../../lib/study/published';

/**
 * Fetches some of the runs published with RegMix from their public repository and reads them.
 *
 * @param base the study that they join as test sets; without it they make a new one
 * @throws StageError or RemoteError when they cannot be fetched or read
 */
export async function fetchPublished(
  files: readonly PublishedFile[],
  client: Client<RunsMethods>,
  {
    base,
    signal,
    onProgress,
  }: { base?: StudyColumns; signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<StudyRuns> {
  const texts: NamedText[] = [];
  for (const { name, url } of files) {
    texts.push({ name, text: (await client.call('fetch', { url }, { signal })).text });
    onProgress?.(texts.length);
  }
  const recognition = await client.call('read', texts);
  return client.call('build', { recognition, options: { acceptUnpaired: false, base } });
}
