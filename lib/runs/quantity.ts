/** Powers of ten behind the suffixes. */
const scales: ReadonlyMap<string, number> = new Map([
  ['k', 3],
  ['m', 6],
  ['b', 9],
  ['g', 9],
  ['t', 12],
]);

const pattern =
  /^\+?(\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:[ _\u00a0\u2009\u202f']\d{3})+(?:\.\d+)?|\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*([kmbgt]?)(?:\s*tokens?)?$/i;

/**
 * A quantity as people write it: `1.2B`, `500 M`, `2e9`, `12 000 000`, `1,500,000`, or a share such
 * as `3%` (0.03). Suffixes K, M, B (or G), T are thousands, millions, billions, trillions in either
 * case. A thousands separator counts only where nothing else fits: `1,500` could be 1.5 and is
 * refused.
 * @returns a number >= 0, or null when the text is no quantity
 */
export function parseQuantity(text: string): number | null {
  const trimmed = text.trim();
  const isShare = trimmed.endsWith('%');
  const found = pattern.exec(isShare ? trimmed.slice(0, -1).trim() : trimmed);
  if (found === null) return null;
  const [, digits, exponent = '', suffix] = found;
  if (isShare && suffix !== '') return null;
  const power = isShare ? -2 : (scales.get(suffix.toLowerCase()) ?? 0);
  const mantissa = digits.replace(/[, _'\u00a0\u2009\u202f]/g, '');
  // Read as one decimal literal: multiplying 2.3 by 1e9 would round twice.
  const value = Number(`${mantissa}e${Number(exponent.slice(1)) + power}`);
  return Number.isFinite(value) ? value : null;
}
