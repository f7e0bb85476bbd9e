const decimalPoint = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const decimalComma = /^[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?$/;

const digitNine = 57;

/**
 * A finite decimal number with a decimal point, such as `0.25`, `-3` or `1e-4`; blanks around it are
 * ignored. Returns NaN for everything else, also for what `Number` accepts beyond that: an empty
 * text, `Infinity`, hexadecimal.
 */
export function parseNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value)) return Number.NaN;
  // `Number` has vouched for the rest: only a blank start or a radix letter needs a closer look.
  const first = text.charCodeAt(0);
  const second = text.charCodeAt(1);
  const plain = first > 32 && first <= digitNine && !(second > digitNine);
  return plain || decimalPoint.test(text.trim()) ? value + 0 : Number.NaN;
}

/** Whether the text is a number that only a decimal comma explains: `0,25`. */
export function hasDecimalComma(text: string): boolean {
  return decimalComma.test(text.trim());
}

/** Whether the text is a number with a decimal point in it: `0.25`. */
export function hasDecimalPoint(text: string): boolean {
  return text.includes('.') && decimalPoint.test(text.trim());
}

/** How a file separates its cells and writes its fractions. */
export interface Dialect {
  readonly delimiter: string;
  /** null = no fraction has been met yet; the first one decides. */
  decimal: '.' | ',' | null;
}

/** A cell as a number, NaN when it is empty or holds something else; may settle `dialect.decimal`. */
export function parseCell(cell: string, dialect: Dialect): number {
  if (dialect.decimal === '.') return parseNumber(cell);
  if (dialect.decimal === null) {
    if (hasDecimalComma(cell)) dialect.decimal = ',';
    else if (hasDecimalPoint(cell)) dialect.decimal = '.';
  }
  if (dialect.decimal !== ',') return parseNumber(cell);
  return cell.includes('.') ? Number.NaN : parseNumber(cell.replace(',', '.'));
}
