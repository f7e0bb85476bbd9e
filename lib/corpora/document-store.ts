import { hashText } from './hash';
import { beginOfDocument } from './tokens';
import type { DomainText, TextDocument } from './types';

/** The documents of a domain while they come in: bytes in one block, so that many short ones take little. */
export interface DocumentStore {
  readonly add: (document: TextDocument) => void;
  readonly count: () => number;
  /** Every document: 256, then its bytes. */
  readonly tokens: () => Uint16Array;
  /**
   * Splits documents by a hash of their ids: the same documents go the same way whatever else there is,
   * and documents with one id (translations of each other, say) never part. Of few documents none may fall
   * to validation: then the one nearest to it does, if another remains.
   *
   * @param share of documents that become validation text, 0..1
   */
  readonly split: (share: number) => DomainText;
  /**
   * Splits by the same hash so that validation has its share of the documents, and one at least: where
   * they are few, a {@link split} may give it none or half of them. Which go where depends on all of them.
   *
   * @param share of documents that become validation text, 0..1
   */
  readonly keepBack: (share: number) => DomainText;
}

export function createDocumentStore(): DocumentStore {
  const encoder = new TextEncoder();
  let bytes = new Uint8Array(1 << 12);
  let used = 0;
  const ends: number[] = [];
  /** Where each document falls, 0..1: the least validate. */
  const places: number[] = [];

  function gather(isWanted: (place: number) => boolean): Uint16Array {
    let length = 0;
    places.forEach((place, at) => {
      if (isWanted(place)) length += ends[at] - (ends[at - 1] ?? 0) + 1;
    });
    const out = new Uint16Array(length);
    let end = 0;
    places.forEach((place, at) => {
      if (!isWanted(place)) return;
      out[end] = beginOfDocument;
      const document = bytes.subarray(ends[at - 1] ?? 0, ends[at]);
      out.set(document, end + 1);
      end += document.length + 1;
    });
    return out;
  }

  /** Documents that fall below an end validate. */
  const cutAt = (end: number): DomainText => ({
    training: gather((place) => place >= end),
    validation: gather((place) => place < end),
  });

  return {
    add({ id, text }) {
      // UTF-8 takes three bytes for a UTF-16 unit at most.
      const needed = used + 3 * text.length;
      if (needed > bytes.length) {
        const grown = new Uint8Array(Math.max(needed, Math.ceil(bytes.length * 1.5)));
        grown.set(bytes.subarray(0, used));
        bytes = grown;
      }
      used += encoder.encodeInto(text, bytes.subarray(used)).written;
      ends.push(used);
      places.push(hashText(id, 0x5b117) / 2 ** 32);
    },
    count: () => ends.length,
    tokens: () => gather(() => true),
    split(share) {
      const nearest = places.reduce((least, place) => Math.min(least, place), 1);
      const end = places.some((place) => place !== nearest)
        ? Math.max(share, nearest + 2 ** -32)
        : share;
      return cutAt(end);
    },
    keepBack(share) {
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
