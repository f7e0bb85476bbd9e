import { StageError } from '../errors';
import type { Job } from '../job';
import type { CorporaMethods } from '../rpc/methods';
import type { Handlers } from '../rpc/serve';
import { parseManifest } from './manifest';
import { measureOverlap } from './overlap';
import { unpackText } from './pack';
import { domainsOfFiles } from './text-files';
import { beginOfDocument, textOf } from './tokens';
import type { DomainText, LoadedCorpora, LoadedDomain } from './types';

/** Bytes of text at most, all files together. */
const mostBytes = 200e6;
const sampleTokens = 240;

/** Answers for `workers/corpora.worker.ts`. */
export function createCorporaHandlers(get: typeof fetch = fetch): Handlers<CorporaMethods> {
  return {
    builtIn: async ({ manifest: url }) => {
      const about = parseManifest(await (await reach(get, url)).json(), url);
      const texts: DomainText[] = [];
      for (const { file } of about.domains) {
        const response = await reach(get, new URL(file, url).href);
        texts.push(unpackText(new Uint8Array(await response.arrayBuffer()), file));
      }
      const { id, name, description, domains } = about;
      return withOverlap(
        { id, name, description },
        domains.map(({ file: _file, ...domain }, place) => ({ about: domain, ...texts[place] })),
      );
    },
    files: async ({ files }) => {
      const total = files.reduce((sum, { file }) => sum + file.size, 0);
      if (total > mostBytes) throw tooLarge(`These files have ${megabytes(total)}`);
      const texts: { path: string; text: string }[] = [];
      for (const { path, file } of files) texts.push({ path, text: await file.text() });
      return own(texts, `${files.length} files of yours`);
    },
    addresses: async ({ urls }) => {
      const texts: { path: string; text: string }[] = [];
      let room = mostBytes;
      for (const url of urls) {
        const text = await readBounded(await reach(get, url), url, room);
        room -= text.length;
        texts.push({ path: new URL(url).pathname.replace(/^\//, ''), text });
      }
      return own(texts, urls.join(', ').slice(0, 400));
    },
  };
}

async function reach(get: typeof fetch, url: string): Promise<Response> {
  let response: Response;
  try {
    response = await get(url, { credentials: 'omit', referrerPolicy: 'no-referrer' });
  } catch {
    throw new StageError(
      'corpora',
      `${url} could not be reached.`,
      'Its server has to allow other pages to read it (CORS).',
    );
  }
  if (!response.ok) throw new StageError('corpora', `${url} answered ${response.status}.`);
  return response;
}

/** The text of an answer, given up as soon as it is too long. */
async function readBounded(response: Response, url: string, room: number): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > room) {
      await reader.cancel();
      throw tooLarge(`${url} goes beyond ${megabytes(room)}`);
    }
    text += decoder.decode(value, { stream: true });
  }
}

function* own(
  files: readonly { readonly path: string; readonly text: string }[],
  source: string,
): Job<LoadedCorpora> {
  yield { done: 0, total: files.length, unit: 'files' };
  const domains = domainsOfFiles(files);
  return yield* withOverlap(
    { id: null, name: 'Your text', description: `Read in this tab from ${source}.` },
    domains.map(({ id, training, validation }) => ({
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

/** Documents: each begins with a token of its own. */
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
    `${found} of text; ${megabytes(mostBytes)} is the most that a tab can hold.`,
    'A proxy reads far less: take a sample of each domain.',
  );
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
