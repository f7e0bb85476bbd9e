/** Numbers as people write and read them: 1.2B, 34.5%, 0.0123. */
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

const tokenScales = [
  { power: 12, size: 1e12, suffix: 'T' },
  { power: 9, size: 1e9, suffix: 'B' },
  { power: 6, size: 1e6, suffix: 'M' },
  { power: 3, size: 1e3, suffix: 'K' },
] as const;

/** An amount of tokens to three significant digits: `25 B`, `750 M`. */
export function formatTokens(tokens: number): string {
  if (!Number.isFinite(tokens)) return unknown;
  const rounded = Number(tokens.toPrecision(3));
  const scale = tokenScales.find(({ size }) => Math.abs(rounded) >= size);
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
  const scale = tokenScales.find(({ power }) => digits.length > power);
  if (!scale) return digits;
  // Digits are cut as text: dividing by the scale could round the last of them.
  const whole = digits.slice(0, -scale.power);
  const rest = digits.slice(-scale.power).replace(/0+$/, '');
  return `${whole}${rest && `.${rest}`} ${scale.suffix}`;
}

/** A duration in words to about two digits: `40 seconds`, `3.5 minutes`, `2.1 hours`. */
export function formatDuration(seconds: number): string {
  const { value, unit } = durationOf(seconds);
  return value === null ? 'unknown' : plural(value, unit);
}

/** The same for narrow places: `40 s`, `3.5 min`, `2.1 h`. */
export function formatDurationShort(seconds: number): string {
  const { value, unit } = durationOf(seconds);
  return value === null ? unknown : `${value} ${{ second: 's', minute: 'min', hour: 'h' }[unit]}`;
}

function durationOf(seconds: number): {
  /** null = unknown. */
  readonly value: number | null;
  readonly unit: 'second' | 'minute' | 'hour';
} {
  if (!Number.isFinite(seconds)) return { value: null, unit: 'second' };
  if (seconds < 90) return { value: Math.max(1, Math.round(seconds)), unit: 'second' };
  const minutes = seconds / 60;
  if (minutes < 90) return { value: Number(minutes.toPrecision(2)), unit: 'minute' };
  return { value: Number((minutes / 60).toPrecision(2)), unit: 'hour' };
}

/** A count with its noun: `1 run`, `512 runs`. */
export function plural(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString(locale)} ${count === 1 ? singular : plural}`;
}

/** Which way a target is better: `higher is better`. */
export function betterText(direction: 'lower' | 'higher'): string {
  return `${direction} is better`;
}

/** A target in a list to choose from; of a score it says which way is better. */
export function targetLabel({
  name,
  direction,
}: {
  readonly name: string;
  readonly direction: 'lower' | 'higher';
}): string {
  return direction === 'higher' ? `${name} (${betterText(direction)})` : name;
}

/**
 * The unit to write with a value of what is named: empty where the name says it, as `ARC accuracy` does of
 * `accuracy`.
 */
export function unitBeside(name: string, unit: string): string {
  const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const words = wordsOf(unit);
  if (words.length === 0) return unit;
  return ` ${wordsOf(name).join(' ')} `.includes(` ${words.join(' ')} `) ? '' : unit;
}

/** A list as text: `a`, `a and b`, `a, b and c`. */
export function formatList(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

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
