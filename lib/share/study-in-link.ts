/** Small studies inside a link, and the fingerprint by which a link recognises a study. */
import { StageError } from '../model/errors';
import type { Matrix } from '../model/matrix';
import type { RunTable, Study } from '../model/study';
import { allRuns, wholeStudy } from '../runs/left-out';
import { parseSession, sessionToJson } from '../study/session-file';
import { linkBase } from './changes';
import { damaged } from './errors';
import { crc32 } from './link';

/** Source of an inline study; names of the sender's files are not shared. */
const source = { kind: 'files', detail: 'Its runs came in the link itself.' } as const;

/**
 * The study as a deflated `.regmix.json` (docs/study-format.md), for a link that carries its runs, all of
 * them: those left out are named in the link. Without imported models, which are too large for links.
 */
export function deflateStudy(shown: Study): Promise<Uint8Array> {
  const { imported: _, ...study } = wholeStudy(shown);
  const { settings } = linkBase(study, 'inline');
  return deflateText(sessionToJson({ study: { ...study, id: 'linked', source }, settings }));
}

/**
 * @returns the study, with an id made from its runs
 * @throws LinkError when it is invalid or too large
 */
export async function inflateStudy(deflated: Uint8Array): Promise<Study> {
  const text = await inflateText(deflated);
  try {
    const {
      study: { imported: _, ...study },
    } = parseSession(text);
    return { ...study, id: `linked-${studyFingerprint(study).toString(16)}`, source };
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    throw damaged(`the study in it cannot be read (${error.message.replace(/\.$/, '')})`);
  }
}

/** Studies are immutable, so hashes of their tables are cached. */
const known = new WeakMap<
  RunTable,
  { readonly testSets: Study['testSets']; readonly print: number }
>();

/**
 * A checksum of all that fits are made from: ids of domains, targets and runs, mixtures, losses and rounds of
 * every set, runs that are left out among them. Equal runs have equal fingerprints; prior, human mixture and
 * names do not count.
 *
 * @returns 0 to 2^32 - 1
 */
export function studyFingerprint(study: Study): number {
  const { domains, targets, testSets } = study;
  const training = allRuns(study);
  const before = known.get(training);
  if (before?.testSets === testSets) return before.print;
  const columns = [
    ...domains.map(({ id }) => id),
    ...targets.map(({ id, direction }) => `${id} ${direction}`),
  ];
  let print = hashText(columns, 0);
  for (const table of [training, ...testSets]) print = hashTable(table, print);
  known.set(training, { testSets, print });
  return print;
}

function hashTable(
  { name, ids, mixtures, recorded, losses, rounds }: RunTable,
  before: number,
): number {
  let print = hashText([name, ...ids], before);
  for (const matrix of [mixtures, recorded ?? mixtures, losses]) print = hashValues(matrix, print);
  for (const round of rounds ?? []) print = crc32(Uint8Array.of(round & 255, round >>> 8), print);
  return print;
}

function hashText(texts: readonly string[], before: number): number {
  return crc32(new TextEncoder().encode(texts.map((text) => `${text}\n`).join('')), before);
}

/** Float64, little-endian; all NaNs count alike, and so do both zeros. */
function hashValues({ values }: Matrix, before: number): number {
  let print = before;
  const row = new DataView(new ArrayBuffer(8));
  const bytes = new Uint8Array(row.buffer);
  for (const value of values) {
    row.setFloat64(0, Number.isNaN(value) ? Number.NaN : value + 0, true);
    print = crc32(bytes, print);
  }
  return print;
}

/** Maximum characters of an inflated link. */
const ceiling = 4_000_000;

/** A text as UTF-8, deflated (RFC 1951). */
export async function deflateText(text: string): Promise<Uint8Array> {
  const deflated = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(deflated).arrayBuffer());
}

/**
 * Inflates a text in chunks and stops at the maximum, so that a small malicious link cannot fill the memory.
 *
 * @param most bytes of the text
 * @throws LinkError when it is longer, or the data are damaged
 */
export async function inflateText(deflated: Uint8Array, most = ceiling): Promise<string> {
  const bytes = new Blob([deflated.slice()]);
  const reader = bytes.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let length = 0;
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      length += value.length;
      if (length > most) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    throw damaged('the study in it cannot be decompressed');
  }
  // The rest is not needed: a failed cancel does not matter.
  void reader.cancel().catch(() => {});
  throw damaged(`the study in it decompresses to more than ${most.toLocaleString('en')} bytes`);
}
