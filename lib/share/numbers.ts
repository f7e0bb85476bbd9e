import type { BitReader, BitWriter } from './bits';
import { type Codec, tooMuch } from './codec';
import { damaged } from './errors';

/** A number as m x 10^e with m as whole as it gets. */
interface Decimal {
  readonly mantissa: number;
  readonly exponent: number;
}

/** Exponents that a decimal may have. */
const exponents = { least: -16, width: 5 } as const;
/** Bits that say how many bits a mantissa has. */
const lengthBits = 6;
/** Longer mantissas take as much room as the number itself. */
const longestMantissa = 45;

/** How one entry of a list of numbers stands in a link: two bits before it. */
const kinds = { base: 0, decimal: 1, float: 2, none: 3 } as const;

/**
 * A number from `least` to `most`, exactly: as a short decimal where it is one, else as the 64 bits of
 * its float64.
 */
export function number(least: number, most: number): Codec<number> {
  return {
    write(to, value) {
      if (!(value >= least && value <= most)) throw tooMuch(value, least, most);
      const decimal = decimalOf(value);
      to.bits(decimal ? 0 : 1, 1);
      if (decimal) writeDecimal(to, decimal);
      else writeFloat(to, value);
    },
    read(from) {
      return within(from.bits(1) === 0 ? readDecimal(from) : readFloat(from), least, most);
    },
  };
}

/** Changed entries of a list of numbers: undefined = as in what the list is compared with. */
export type ListChange = readonly (number | null | undefined)[];

/** One entry per domain: a number from `least` to `most`, nothing where that may be, or as before. */
export function numbers(
  count: number,
  { least, most, orNone }: { least: number; most: number; orNone: boolean },
): Codec<ListChange> {
  return {
    write(to, values) {
      for (let place = 0; place < count; place++) {
        const value = values[place];
        if (value === undefined) to.bits(kinds.base, 2);
        else if (value === null) {
          if (!orNone) throw tooMuch(value, least, most);
          to.bits(kinds.none, 2);
        } else {
          if (!(value >= least && value <= most)) throw tooMuch(value, least, most);
          const decimal = decimalOf(value);
          to.bits(decimal ? kinds.decimal : kinds.float, 2);
          if (decimal) writeDecimal(to, decimal);
          else writeFloat(to, value);
        }
      }
    },
    read(from) {
      return Array.from({ length: count }, () => {
        const kind = from.bits(2);
        if (kind === kinds.base) return undefined;
        if (kind === kinds.none) {
          if (!orNone) throw damaged('a number in it is missing');
          return null;
        }
        return within(kind === kinds.decimal ? readDecimal(from) : readFloat(from), least, most);
      });
    },
  };
}

/** The shortest decimal that reads as the number again; null when it is long, or the number negative. */
function decimalOf(value: number): Decimal | null {
  if (value < 0 || Object.is(value, -0)) return null;
  const [digits, power] = value.toExponential().split('e');
  const [whole, fraction = ''] = digits.split('.');
  const mantissa = Number(whole + fraction);
  const exponent = mantissa === 0 ? 0 : Number(power) - fraction.length;
  const fits =
    mantissa < 2 ** longestMantissa &&
    exponent >= exponents.least &&
    exponent < exponents.least + 2 ** exponents.width;
  return fits ? { mantissa, exponent } : null;
}

/** Exponent, number of the mantissa's bits, and those bits but the first, which is 1. */
function writeDecimal(to: BitWriter, { mantissa, exponent }: Decimal): void {
  const upper = Math.floor(mantissa / 2 ** 32);
  const length = upper > 0 ? 64 - Math.clz32(upper) : 32 - Math.clz32(mantissa);
  to.bits(exponent - exponents.least, exponents.width);
  to.bits(length, lengthBits);
  const rest = length === 0 ? 0 : mantissa - 2 ** (length - 1);
  const low = Math.min(32, Math.max(0, length - 1));
  to.bits(Math.floor(rest / 2 ** low), Math.max(0, length - 1) - low);
  to.bits(rest % 2 ** low, low);
}

function readDecimal(from: BitReader): number {
  const exponent = from.bits(exponents.width) + exponents.least;
  const length = from.bits(lengthBits);
  if (length > longestMantissa) throw damaged('a number in it is too long');
  if (length === 0) return 0;
  const low = Math.min(32, length - 1);
  const high = from.bits(length - 1 - low);
  const mantissa = 2 ** (length - 1) + high * 2 ** low + from.bits(low);
  // Read as text: only so is the product rounded as it was when the decimal was taken from the number.
  return Number(`${mantissa}e${exponent}`);
}

function writeFloat(to: BitWriter, value: number): void {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  to.bits(view.getUint32(0), 32);
  to.bits(view.getUint32(4), 32);
}

function readFloat(from: BitReader): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, from.bits(32));
  view.setUint32(4, from.bits(32));
  return view.getFloat64(0);
}

function within(value: number, least: number, most: number): number {
  // Also refuses what is not a number.
  if (value >= least && value <= most) return value;
  throw damaged(`a number in it is not from ${least} to ${most}`);
}
