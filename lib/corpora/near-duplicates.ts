import { hashText } from './hash';
import type { TextDocument } from './types';

const hashes = 64;
/** Documents are compared when all hashes of a band agree. */
const bandRows = 4;
/** Share of shingles in common from which a document repeats another. */
const threshold = 0.8;
const shingleWords = 3;

/**
 * Drops documents that repeat an earlier one nearly word for word, by MinHash over shingles of three
 * words (Broder 1997). Case, digits and spacing do not tell documents apart.
 */
export function withoutNearDuplicates<Document extends TextDocument>(
  documents: readonly Document[],
): Document[] {
  const bands = new Map<string, number[]>();
  const signatures: Uint32Array[] = [];
  const kept: Document[] = [];
  for (const document of documents) {
    const signature = signatureOf(document.text);
    const keys = bandKeys(signature);
    const near = new Set(keys.flatMap((key) => bands.get(key) ?? []));
    if ([...near].some((place) => likeness(signatures[place], signature) >= threshold)) continue;
    for (const key of keys) bands.set(key, [...(bands.get(key) ?? []), kept.length]);
    signatures.push(signature);
    kept.push(document);
  }
  return kept;
}

function signatureOf(text: string): Uint32Array {
  const words = text.toLowerCase().replace(/\d+/g, '0').split(/\s+/).filter(Boolean);
  const out = new Uint32Array(hashes).fill(0xffffffff);
  const last = Math.max(1, words.length - shingleWords + 1);
  for (let first = 0; first < last; first++) {
    const shingle = hashText(words.slice(first, first + shingleWords).join(' '));
    for (let place = 0; place < hashes; place++) {
      let hash = Math.imul(shingle ^ Math.imul(place + 1, 0x9e3779b1), 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
      hash = (hash ^ (hash >>> 16)) >>> 0;
      if (hash < out[place]) out[place] = hash;
    }
  }
  return out;
}

function bandKeys(signature: Uint32Array): string[] {
  return Array.from({ length: hashes / bandRows }, (_, band) =>
    [band, ...signature.subarray(band * bandRows, (band + 1) * bandRows)].join(' '),
  );
}

/** Estimated share of shingles in common, 0..1. */
function likeness(a: Uint32Array, b: Uint32Array): number {
  let same = 0;
  for (let place = 0; place < hashes; place++) if (a[place] === b[place]) same++;
  return same / hashes;
}
