import { parseQuantity } from '../../lib/model/format';
import { maxTokens } from '../../lib/model/settings';

/** Range of the requested tokens. */
const requestedRange = { least: 1e6, most: 1e15 };

/**
 * Tokens at a position of the logarithmic slider: three significant digits, the precision of a
 * drag.
 */
export function tokensAtExponent(exponent: number): number {
  return Number((10 ** exponent).toPrecision(3));
}

/**
 * Tokens at a position of a slider in points of the requested tokens; null at its end = no limit.
 * Five significant digits are finer than a step of the slider and drop the rounding digits of a
 * product.
 *
 * @param points 0..100
 */
export function tokensAtPoints(points: number, requested: number): number | null {
  return points >= 100 ? null : Number(((points / 100) * requested).toPrecision(5));
}

/**
 * Requested tokens exactly as typed, 1 M to 1000 T; null when the text is no number in this range.
 */
export function parseRequested(text: string): number | null {
  const tokens = parseQuantity(text);
  const { least, most } = requestedRange;
  return tokens === null || tokens < least || tokens > most ? null : tokens;
}

/**
 * Available tokens exactly as typed (`0.75B`), as a share of the requested ones (`3%`, in whole
 * tokens), or Infinity for `no limit`; null when the text is none of these.
 */
export function parseTokensAtHand(text: string, requested: number): number | null {
  if (/^(no limit|none|all)$/i.test(text.trim())) return Number.POSITIVE_INFINITY;
  if (/%\s*$/.test(text)) {
    const share = parseShare(text);
    return share === null ? null : Math.round(share * requested);
  }
  const tokens = parseQuantity(text);
  return tokens === null || tokens > maxTokens ? null : tokens;
}

/** Epochs as `4` or `4×`, above 0 and up to 1000; null when the text is none. */
export function parseEpochs(text: string): number | null {
  const epochs = parseQuantity(text.replace(/[×x]\s*$/i, ''));
  return epochs === null || epochs <= 0 || epochs > 1000 ? null : epochs;
}

/** A share as a field shows it: `12.5%`. */
export function shareText(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}

/** A share as `12%`, `12` (percent, as the field shows it) or `0.12%`; null when outside of 0..100%. */
export function parseShare(text: string): number | null {
  const percent = parseQuantity(text.replace(/%\s*$/, ''));
  return percent === null || percent > 100 ? null : percent / 100;
}
