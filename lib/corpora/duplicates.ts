/** Documents that are nearly the same, within a domain and between domains. */

import type { Job } from '../model/job';
import { hashText } from './tokens';
import type { DomainText, TextDocument } from './types';

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
    if ([...near].some((place) => similarity(signatures[place], signature) >= threshold)) continue;
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
function similarity(a: Uint32Array, b: Uint32Array): number {
  let same = 0;
  for (let place = 0; place < hashes; place++) if (a[place] === b[place]) same++;
  return same / hashes;
}

/** Number of consecutive tokens that must match. */
const span = 64;
/** Maximum number of evenly spaced spans of validation text to look for. */
const maxSpans = 2_000;
const base = 0x01000193;
const chunk = 1 << 20;

/**
 * The share of validation text that training text holds word for word: spans of 64 tokens, found by a rolling
 * hash. Text that a proxy has trained on makes its validation loss too good.
 *
 * @returns 0..1; 0 where there are not so many tokens
 */
export function* measureOverlap({ training, validation }: DomainText): Job<number> {
  const room = validation.length - span + 1;
  if (room < 1 || training.length < span) return 0;
  const count = Math.min(maxSpans, room);
  const wanted = new Map<number, number>();
  for (let place = 0; place < count; place++) {
    const start = Math.floor((place * (room - 1)) / Math.max(1, count - 1));
    let hash = 0;
    for (let at = start; at < start + span; at++) hash = roll(hash, validation[at]);
    wanted.set(hash, (wanted.get(hash) ?? 0) + 1);
  }
  let power = 1;
  for (let at = 0; at < span; at++) power = Math.imul(power, base);
  const found = new Set<number>();
  let hash = 0;
  for (let at = 0; at < training.length; at++) {
    if (at % chunk === 0) yield { done: at, total: training.length, unit: 'tokens' };
    hash = roll(hash, training[at]);
    if (at >= span) hash = (hash - Math.imul(power, training[at - span] + 1)) | 0;
    if (at >= span - 1 && wanted.has(hash)) found.add(hash);
  }
  let shared = 0;
  for (const each of found) shared += wanted.get(each) ?? 0;
  return shared / count;
}

function roll(hash: number, token: number): number {
  return (Math.imul(hash, base) + token + 1) | 0;
}
