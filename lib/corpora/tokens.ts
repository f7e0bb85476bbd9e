import { hashText } from './hash';
import type { DomainText, TextDocument } from './types';

/** The token before every document. */
export const beginOfDocument = 256;

/** Documents as tokens: 256, then the bytes of the text's UTF-8, one document after the other. */
export function tokensOf(documents: readonly TextDocument[]): Uint16Array {
  const encoder = new TextEncoder();
  const texts = documents.map(({ text }) => encoder.encode(text));
  const out = new Uint16Array(texts.reduce((sum, { length }) => sum + length + 1, 0));
  let at = 0;
  for (const bytes of texts) {
    out[at] = beginOfDocument;
    out.set(bytes, at + 1);
    at += bytes.length + 1;
  }
  return out;
}

/** The text of tokens, for people: bytes that are no UTF-8 come out as replacement characters. */
export function textOf(tokens: Uint16Array): string {
  const bytes = Uint8Array.from(tokens, (token) => (token === beginOfDocument ? 10 : token));
  return new TextDecoder().decode(bytes).trimStart();
}

/**
 * Splits documents by a hash of their ids: the same documents go the same way whatever else there is,
 * and documents with one id (translations of each other, say) never part. Of few documents none may fall
 * to validation: then the one nearest to it does, if another remains.
 *
 * @param share of documents that become validation text, 0..1
 */
export function splitDocuments(documents: readonly TextDocument[], share: number): DomainText {
  const places = documents.map(({ id }) => hashText(id, 0x5b117) / 2 ** 32);
  const nearest = places.reduce((least, place) => Math.min(least, place), 1);
  const end = places.some((place) => place !== nearest)
    ? Math.max(share, nearest + 2 ** -32)
    : share;
  return {
    training: tokensOf(documents.filter((_, at) => places[at] >= end)),
    validation: tokensOf(documents.filter((_, at) => places[at] < end)),
  };
}
