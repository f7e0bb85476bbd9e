import { log } from '../model/elementary';
import { beginOfDocument } from './tokens';

/** Bytes, and the begin-of-document token. */
const symbols = beginOfDocument + 1;

/** How often every token occurs in a text: 257 shares that sum to 1; all 0 for no text. */
export function tokenShares(tokens: Uint16Array): Float64Array {
  const out = new Float64Array(symbols);
  for (const token of tokens) out[token]++;
  const total = Math.max(1, tokens.length);
  return out.map((count) => count / total);
}

/**
 * The loss per token of a mixture for a model that knows only token frequencies: the entropy of the mixed
 * distribution. A proxy whose training loss is below it has learnt more than frequencies.
 *
 * @param shares D distributions over tokens, from {@link tokenShares}
 * @param mixture D weights >= 0 that sum to 1
 * @returns nats per token
 */
export function unigramEntropy(
  shares: readonly Float64Array[],
  mixture: ArrayLike<number>,
): number {
  let entropy = 0;
  for (let token = 0; token < symbols; token++) {
    let share = 0;
    for (let domain = 0; domain < shares.length; domain++) {
      share += mixture[domain] * shares[domain][token];
    }
    if (share > 0) entropy -= share * log(share);
  }
  return entropy;
}
