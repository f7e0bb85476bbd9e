/** Handlers of the corpora worker: built-in text, the user's own files, and their statistics. */
import { measureOverlap } from '../corpora/duplicates';
import { parseManifest } from '../corpora/manifest';
import { createDomainsReader, type NamedText } from '../corpora/text-files';
import { beginOfDocument, textOf, unpackText } from '../corpora/tokens';
import type { DomainText, LoadedCorpora, LoadedDomain } from '../corpora/types';
import { StageError } from '../model/errors';
import type { AsyncJob, Job } from '../model/job';
import { piecesOf } from '../model/stream';
import type { Handlers } from '../rpc/serve';
import type { CorporaMethods } from './methods';

/** Maximum bytes of text in all files together. */
const maxBytes = 200e6;
const sampleTokens = 240;

/** Handlers of `workers/corpora.worker.ts`. */
export function createCorporaHandlers(get: typeof fetch = fetch): Handlers<CorporaMethods> {
  return {
    builtIn: async ({ manifest: url }, signal) => {
      const about = parseManifest(await (await reach(get, url, signal)).json(), url);
      const texts: DomainText[] = [];
      for (const { file } of about.domains) {
        const response = await reach(get, new URL(file, url).href, signal);
        texts.push(unpackText(new Uint8Array(await response.arrayBuffer()), file));
      }
      const { id, name, description, domains } = about;
      return withOverlap(
        { id, name, description },
        domains.map(({ file: _file, ...domain }, place) => ({ about: domain, ...texts[place] })),
      );
    },
    files: ({ files }, signal) => readFiles(files, signal),
    addresses: ({ urls }, signal) => readAddresses(get, urls, signal),
  };
}

async function* readFiles(
  files: readonly { readonly path: string; readonly file: Blob }[],
  signal: AbortSignal,
): AsyncJob<LoadedCorpora> {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  if (total > maxBytes) throw tooLarge(`These files have ${megabytes(total)}`);
  const reader = createDomainsReader();
  let done = 0;
  for (const { path, file } of files) {
    const lines = reader.open(path);
    for await (const piece of piecesOf(file.stream(), signal)) {
      lines.push(piece);
      done += piece.length;
      yield { done: Math.round(done / 1000), total: Math.round(total / 1000), unit: 'kB' };
    }
    lines.close();
  }
  return yield* own(reader.domains(), `${files.length} files of yours`);
}

async function* readAddresses(
  get: typeof fetch,
  urls: readonly string[],
  signal: AbortSignal,
): AsyncJob<LoadedCorpora> {
  const reader = createDomainsReader();
  let read = 0;
  for (const [place, url] of urls.entries()) {
    yield { done: place, total: urls.length, unit: 'addresses' };
    const { body } = await reach(get, url, signal);
    const lines = reader.open(new URL(url).pathname.replace(/^\//, ''));
    for await (const piece of piecesOf(body, signal)) {
      read += piece.length;
      if (read > maxBytes)
        throw tooLarge(`${url} takes these addresses beyond ${megabytes(maxBytes)}`);
      lines.push(piece);
      yield { done: place, total: urls.length, unit: 'addresses' };
    }
    lines.close();
  }
  return yield* own(reader.domains(), urls.join(', ').slice(0, 400));
}

async function reach(get: typeof fetch, url: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await get(url, { credentials: 'omit', referrerPolicy: 'no-referrer', signal });
  } catch {
    signal.throwIfAborted();
    throw new StageError(
      'corpora',
      `${url} could not be reached.`,
      'Its server must let other sites read it (CORS).',
    );
  }
  if (!response.ok)
    throw new StageError(
      'corpora',
      `${url} answered with HTTP ${response.status}.`,
      'Check the address.',
    );
  return response;
}

function* own(texts: readonly NamedText[], source: string): Job<LoadedCorpora> {
  return yield* withOverlap(
    { id: null, name: 'Your text', description: `Read in this tab from ${source}.` },
    texts.map(({ id, training, validation }) => ({
      about: {
        id,
        name: id,
        source,
        licence: 'yours',
        documents: count(training) + count(validation),
        trainingTokens: training.length,
        validationTokens: validation.length,
        sample: textOf(training.slice(0, sampleTokens)),
      },
      training,
      validation,
    })),
  );
}

/** The number of documents: each begins with a begin-of-document token. */
function count(tokens: Uint16Array): number {
  return tokens.reduce((sum, token) => sum + (token === beginOfDocument ? 1 : 0), 0);
}

function* withOverlap(
  about: Omit<LoadedCorpora, 'domains'>,
  domains: readonly Omit<LoadedDomain, 'overlap'>[],
): Job<LoadedCorpora> {
  const measured: LoadedDomain[] = [];
  for (const domain of domains) {
    measured.push({ ...domain, overlap: yield* measureOverlap(domain) });
  }
  return { ...about, domains: measured };
}

function tooLarge(found: string): StageError {
  return new StageError(
    'corpora',
    `${found} of text; ${megabytes(maxBytes)} is the most that a tab can hold.`,
    'Proxies need far less: use a sample of each domain.',
  );
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
