/** Numbers as tables write them: how a cell can be read, what a column's cells say, and what is decided from it. */

const decimalPoint = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

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

const nothing = /^(?:[+-]?nan|[+-]?inf(?:inity)?|na|n\/a|#n\/a|<na>|nil|null|none|-+|–|—|−)$/i;

/** Whether a cell says that there is no value: `NaN`, `NA`, `N/A`, `null`, `None`, `-`, `inf` and the like. */
export function isNotMeasured(text: string): boolean {
  return text.length < 12 && nothing.test(text.trim());
}

type Mark = '.' | ',';

/** How a column writes its numbers. The mark that is not for decimals parts thousands. */
export interface NumberFormat {
  readonly decimal: Mark;
  /** Whether `%` stands after its numbers, but perhaps after zeros. */
  readonly isPercent: boolean;
  /** Whether its numbers may end with K, M, B (or G) or T for thousands up to trillions. */
  readonly hasSuffixes: boolean;
}

export const plainFormat: NumberFormat = { decimal: '.', isPercent: false, hasSuffixes: false };

/** A cell taken apart. */
interface Form {
  readonly sign: string;
  /** Digits and marks between them. */
  readonly mantissa: string;
  readonly exponent: string;
  /** `%`, a suffix in lower case, or nothing. */
  readonly tail: string;
  /** The mark that must be the decimal one. */
  readonly decimal: Mark | null;
  /** The mark that must part thousands; blanks and apostrophes can do nothing else. */
  readonly group: Mark | null;
  /** The mark that could be either: `1,500`. */
  readonly either: Mark | null;
}

const longestNumber = 60;
const parts =
  /^([+-]?)(\d[\d.,'’ \u00a0\u2009\u202f]*|[.,]\d+)(e[+-]?\d+)?[ \u00a0\u2009\u202f]*([%kmbgt]?)$/i;
const spaced = /^\d{1,3}(?:([ '’\u00a0\u2009\u202f])\d{3})(?:\1\d{3})*(?:[.,]\d*)?$/;
const oneMark = /^\d*[.,]\d*$/;
const thousandOrFraction = /^[1-9]\d{0,2}[.,]\d{3}$/;
const grouped = /^\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d*)?$/;
const powers: ReadonlyMap<string, number> = new Map([
  ['k', 3],
  ['m', 6],
  ['b', 9],
  ['g', 9],
  ['t', 12],
]);

function markIn(text: string): Mark | null {
  const point = text.lastIndexOf('.');
  const comma = text.lastIndexOf(',');
  if (point === comma) return null;
  return point > comma ? '.' : ',';
}

/** What a cell is as a number in one of the ways that people write them; null when it is none. */
function formOf(cell: string): Form | null {
  if (cell.length > longestNumber) return null;
  const found = parts.exec(cell.trim().replace(/^[−–﹣－]/, '-'));
  if (found === null) return null;
  const [, sign, digits, exponent = '', tail] = found;
  const mantissa = digits.trim();
  const form = { sign, mantissa, exponent, tail: tail.toLowerCase() };
  if (/^\d+$/.test(mantissa)) return { ...form, decimal: null, group: null, either: null };
  if (spaced.test(mantissa)) {
    return { ...form, decimal: markIn(mantissa), group: null, either: null };
  }
  const mark = markIn(mantissa);
  if (mark === null) return null;
  if (oneMark.test(mantissa)) {
    return exponent === '' && thousandOrFraction.test(mantissa)
      ? { ...form, decimal: null, group: null, either: mark }
      : { ...form, decimal: mark, group: null, either: null };
  }
  const first = grouped.exec(mantissa)?.[1];
  if (first === undefined) return null;
  const group = first === '.' ? '.' : ',';
  return { ...form, decimal: mark === group ? null : mark, group, either: null };
}

function numberOf({ sign, mantissa, exponent, tail }: Form, decimal: Mark): number {
  const digits = mantissa.replace(decimal === '.' ? /[^\d.]/g : /[^\d,]/g, '').replace(',', '.');
  // Read as one decimal literal: multiplying 2.3 by 1e9 would round twice.
  const power = Number(exponent.slice(1)) + (powers.get(tail) ?? 0);
  const value = Number(`${sign}${digits}e${power}`);
  return Number.isFinite(value) ? value + 0 : Number.NaN;
}

/** Whether a cell that {@link parseNumber} does not take may be a number in another format. */
export function isUnusual(cell: string): boolean {
  return formOf(cell) !== null;
}

/** A cell whose only mark is a comma, as a number with a decimal comma; NaN when it is none. */
function withDecimalComma(cell: string): number {
  const at = cell.indexOf(',');
  if (at < 0 || cell.includes('.') || cell.includes(',', at + 1)) return Number.NaN;
  return parseNumber(cell.replace(',', '.'));
}

/** A cell of a column of this format as a number, `18.6%` as 18.6; NaN when it is none. */
export function parseAs(cell: string, format: NumberFormat): number {
  // What almost all cells are; the rest takes twenty times as long.
  const value =
    format.decimal === '.' || !cell.includes(',') ? parseNumber(cell) : withDecimalComma(cell);
  if (!Number.isNaN(value) && (format.decimal === '.' || !cell.includes('.'))) return value;
  const form = formOf(cell);
  if (form === null) return Number.NaN;
  const { decimal, group, tail } = form;
  if (tail === '%' ? !format.isPercent : tail !== '' && !format.hasSuffixes) return Number.NaN;
  if ((decimal !== null && decimal !== format.decimal) || group === format.decimal) {
    return Number.NaN;
  }
  return numberOf(form, format.decimal);
}

/** A cell that can be read in two ways. */
export interface EitherCell {
  /** Index of the row. */
  readonly row: number;
  readonly text: string;
  /** The mark that is for decimals or for thousands. */
  readonly mark: Mark;
}

/** What the cells of one column say about its format. */
export class FormatEvidence {
  /** Cells in which only this mark can be the decimal one. */
  private points = 0;
  private commas = 0;
  private signs = 0;
  private unsigned = 0;
  private suffixes = 0;
  private numbers = 0;
  private readonly first: Record<Mark, EitherCell | null> = { '.': null, ',': null };
  /** Cells that are no number in any format. */
  texts = 0;

  add(cell: string, row: number): void {
    const comma = cell.indexOf(',');
    const value = comma < 0 ? parseNumber(cell) : withDecimalComma(cell);
    if (!Number.isNaN(value)) {
      const at = comma < 0 ? cell.indexOf('.') : comma;
      if (at < 0 || !thousandOrFraction.test(cell.trim().replace(/^[+-]/, ''))) {
        this.numbers++;
        if (value !== 0) this.unsigned++;
        if (at >= 0) comma < 0 ? this.points++ : this.commas++;
        return;
      }
    }
    const form = formOf(cell);
    if (form === null) {
      if (cell.trim() !== '' && !isNotMeasured(cell)) this.texts++;
      return;
    }
    this.numbers++;
    const { decimal, group, either, tail, mantissa } = form;
    if (tail === '%') this.signs++;
    else if (/[1-9]/.test(mantissa)) this.unsigned++;
    if (tail !== '%' && tail !== '') this.suffixes++;
    if (decimal === '.' || group === ',') this.points++;
    else if (decimal === ',' || group === '.') this.commas++;
    else if (either !== null) this.first[either] ??= { row, text: cell.trim(), mark: either };
  }

  /** The decimal mark that most of its cells prove; null where none proves one, or as many the other. */
  get decimal(): Mark | null {
    if (this.points === this.commas) return null;
    return this.points > this.commas ? '.' : ',';
  }

  /** The first cell that could be read in two ways, one with a comma before one with a point. */
  get either(): EitherCell | null {
    return this.first[','] ?? this.first['.'];
  }

  /**
   * The format of the column, or the cell that nothing decides.
   * @param elsewhere decimal marks that the columns of the file prove
   * @param prior the decimal mark that the file's delimiter makes likely, for a file that proves none
   */
  decide(elsewhere: ReadonlySet<Mark>, prior: Mark | null): NumberFormat | EitherCell {
    const isPercent = this.signs > 0 && this.unsigned === 0;
    const hasSuffixes = this.suffixes * 2 >= this.numbers && this.suffixes > 0;
    const format = (decimal: Mark): NumberFormat => ({ decimal, isPercent, hasSuffixes });
    const [only = null] = elsewhere;
    const proven = this.decimal;
    if (proven !== null) return format(proven);
    if (elsewhere.size === 1 && only !== null) return format(only);
    const { first } = this;
    if (first[','] === null) return format('.');
    if (elsewhere.size === 0 && first['.'] === null && prior !== null) return format(prior);
    return first[','];
  }
}

/** The two numbers that a cell with one mark can be: `1,500` is 1500 or 1.5. */
export function bothReadings(cell: string): readonly [whole: number, fraction: number] {
  const form = formOf(cell);
  if (form === null) return [Number.NaN, Number.NaN];
  const mark = form.either ?? '.';
  return [numberOf(form, mark === '.' ? ',' : '.'), numberOf(form, mark)];
}
