/** Text as tokens: bytes of UTF-8 with a mark before every document, packed for storage. */

import { StageError } from '../model/errors';
import type { DomainText, TextDocument } from './types';

/**
 * The documents of a domain while they are read: bytes in one block, so that many short ones take little
 * memory.
 */
export interface DocumentStore {
  readonly add: (document: TextDocument) => void;
  readonly count: () => number;
  /** All documents, each as 256 followed by its bytes. */
  readonly tokens: () => Uint16Array;
  /**
   * Splits documents by a hash of their ids: a document always goes the same way whatever the others are, and
   * documents with one id (e.g. translations of each other) stay together. When none falls to validation, the
   * nearest one does, if another remains.
   *
   * @param share of documents that become validation text, 0..1
   */
  readonly split: (share: number) => DomainText;
  /**
   * Splits by the same hash so that validation gets its exact share of the documents, at least one; with few
   * documents, {@link split} may be far off. Where a document goes depends on all of them.
   *
   * @param share of documents that become validation text, 0..1
   */
  readonly holdOut: (share: number) => DomainText;
}

export function createDocumentStore(): DocumentStore {
  const encoder = new TextEncoder();
  let bytes = new Uint8Array(1 << 12);
  let used = 0;
  const ends: number[] = [];
  /** Hash position of each document, 0..1: the lowest become validation text. */
  const places: number[] = [];

  function gather(isIncluded: (place: number) => boolean): Uint16Array {
    let length = 0;
    places.forEach((place, at) => {
      if (isIncluded(place)) length += ends[at] - (ends[at - 1] ?? 0) + 1;
    });
    const out = new Uint16Array(length);
    let end = 0;
    places.forEach((place, at) => {
      if (!isIncluded(place)) return;
      out[end] = beginOfDocument;
      const document = bytes.subarray(ends[at - 1] ?? 0, ends[at]);
      out.set(document, end + 1);
      end += document.length + 1;
    });
    return out;
  }

  /** Documents below `end` become validation text. */
  const cutAt = (end: number): DomainText => ({
    training: gather((place) => place >= end),
    validation: gather((place) => place < end),
  });

  return {
    add({ id, text }) {
      // UTF-8 takes at most three bytes per UTF-16 unit.
      const needed = used + 3 * text.length;
      if (needed > bytes.length) {
        const grown = new Uint8Array(Math.max(needed, Math.ceil(bytes.length * 1.5)));
        grown.set(bytes.subarray(0, used));
        bytes = grown;
      }
      used += encoder.encodeInto(text, bytes.subarray(used)).written;
      ends.push(used);
      places.push(hashText(id, 0x5b117) / 4294967296);
    },
    count: () => ends.length,
    tokens: () => gather(() => true),
    split(share) {
      const nearest = places.reduce((least, place) => Math.min(least, place), 1);
      const end = places.some((place) => place !== nearest)
        ? Math.max(share, nearest + 1 / 4294967296)
        : share;
      return cutAt(end);
    },
    holdOut(share) {
      const kept = Math.max(1, Math.round(share * places.length));
      const sorted = Float64Array.from(places).sort();
      return cutAt(sorted.length > kept ? sorted[kept] : 0);
    },
  };
}

/** A store with these documents in it. */
export function storeOf(documents: readonly TextDocument[]): DocumentStore {
  const store = createDocumentStore();
  for (const document of documents) store.add(document);
  return store;
}

/** Never a byte of UTF-8, so it can mark the begin of a document. */
const beginByte = 0xff;
const header = 8;
/** Maximum bytes of one domain. */
const maxBytes = 200e6;

/** A domain's text as bytes: two little-endian counts, then training and validation tokens, a byte each. */
export function packText({ training, validation }: DomainText): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(header + training.length + validation.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, training.length, true);
  view.setUint32(4, validation.length, true);
  [training, validation].reduce((at, tokens) => {
    tokens.forEach((token, place) => {
      out[at + place] = token === beginOfDocument ? beginByte : token;
    });
    return at + tokens.length;
  }, header);
  return out;
}

/** @throws StageError when the bytes are not such a text */
export function unpackText(bytes: Uint8Array, name: string): DomainText {
  const refuse = (found: string) =>
    new StageError('corpora', `${name} is not packed text: ${found}.`, 'Build the corpora again.');
  if (bytes.length < header) throw refuse(`it has ${bytes.length} bytes`);
  if (bytes.length > maxBytes) throw refuse('it has more than 200 MB');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [training, validation] = [view.getUint32(0, true), view.getUint32(4, true)];
  if (header + training + validation !== bytes.length) {
    throw refuse(`it states ${training} + ${validation} tokens but has ${bytes.length - header}`);
  }
  const tokens = Uint16Array.from(bytes.subarray(header), (byte) =>
    byte === beginByte ? beginOfDocument : byte,
  );
  return { training: tokens.slice(0, training), validation: tokens.slice(training) };
}

/** The token before every document. */
export const beginOfDocument = 256;

/** The text of tokens, for display: invalid UTF-8 becomes replacement characters. */
export function textOf(tokens: Uint16Array): string {
  const bytes = Uint8Array.from(tokens, (token) => (token === beginOfDocument ? 10 : token));
  return new TextDecoder().decode(bytes).trimStart();
}

/**
 * A 32-bit hash of a text (FNV-1a over UTF-16 units, finished by MurmurHash3's mixing, so that every
 * bit of the text reaches every bit of the hash).
 */
export function hashText(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
