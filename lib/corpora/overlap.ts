import type { Job } from '../job';
import type { DomainText } from './types';

/** Tokens that have to be the same in a row. */
const span = 64;
/** Spans of validation text that are looked for, evenly spaced. */
const mostSpans = 2_000;
const base = 0x01000193;
const chunk = 1 << 20;

/**
 * The share of validation text that training text holds word for word: spans of 64 tokens, looked for by
 * a rolling hash. Text that a proxy has trained on makes its validation loss too good.
 *
 * @returns 0..1; 0 where there are not so many tokens
 */
export function* measureOverlap({ training, validation }: DomainText): Job<number> {
  const room = validation.length - span + 1;
  if (room < 1 || training.length < span) return 0;
  const count = Math.min(mostSpans, room);
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
