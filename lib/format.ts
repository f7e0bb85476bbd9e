const locale = 'en';
const unknown = '–';
/** By number of decimals: making a formatter costs far more than using one. */
const formatters = new Map<number, Intl.NumberFormat>();

function formatterOf(decimals: number): Intl.NumberFormat {
  const known = formatters.get(decimals);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  formatters.set(decimals, made);
  return made;
}

/** A number with a fixed number of decimals and a true minus sign; a dash when it is not finite. */
export function formatNumber(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return unknown;
  const text = formatterOf(decimals).format(value);
  // A negative value that rounds to zero must not read as "−0.00".
  return Number(value.toFixed(decimals)) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

/** A share of 1 as a percentage: 0.125 is `12.5%`. */
export function formatPercent(share: number, decimals: number): string {
  return Number.isFinite(share) ? `${formatNumber(share * 100, decimals)}%` : unknown;
}

const scales = [
  { power: 12, size: 1e12, suffix: 'T' },
  { power: 9, size: 1e9, suffix: 'B' },
  { power: 6, size: 1e6, suffix: 'M' },
  { power: 3, size: 1e3, suffix: 'K' },
] as const;

/** An amount of tokens to three significant digits: `25 B`, `750 M`. */
export function formatTokens(tokens: number): string {
  if (!Number.isFinite(tokens)) return unknown;
  const rounded = Number(tokens.toPrecision(3));
  const scale = scales.find(({ size }) => Math.abs(rounded) >= size);
  if (!scale) return String(Number(rounded.toPrecision(3)));
  return `${Number((rounded / scale.size).toPrecision(3))} ${scale.suffix}`;
}

/**
 * An amount of tokens to the last token, for fields in which amounts are typed: `25.123 B`.
 *
 * @param tokens 0 to 1e20
 * @returns a text that reads as this whole number again; a dash when it is not finite
 */
export function formatTokensExactly(tokens: number): string {
  if (!Number.isFinite(tokens)) return unknown;
  const digits = String(Math.round(tokens));
  const scale = scales.find(({ power }) => digits.length > power);
  if (!scale) return digits;
  // Digits are cut as text: dividing by the scale could round the last of them.
  const whole = digits.slice(0, -scale.power);
  const rest = digits.slice(-scale.power).replace(/0+$/, '');
  return `${whole}${rest && `.${rest}`} ${scale.suffix}`;
}

/** A count with its noun: `1 run`, `512 runs`. */
export function plural(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString(locale)} ${count === 1 ? singular : plural}`;
}

/** A list in words: `a`, `a and b`, `a, b and c`. */
export function listInWords(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}
