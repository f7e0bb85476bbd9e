/** Values to bits and back, with bounds: what links are made of. */
import { damaged, LinkError } from './errors';

/**
 * How one kind of value is encoded in a link. Writing and reading refuse the same values, so that no link is
 * made that cannot be opened. The format is described in docs/link-format.md.
 */
export interface Codec<Value> {
  /** @throws LinkError when a link cannot hold the value */
  write(to: BitWriter, value: Value): void;
  /** @throws LinkError when the bits are not a valid value */
  read(from: BitReader): Value;
}

/** One bit. */
export const flag: Codec<boolean> = {
  write: (to, value) => to.bits(value ? 1 : 0, 1),
  read: (from) => from.bits(1) === 1,
};

/** Payload bits of one group of a whole number; one more bit says whether a group follows. */
const groupBits = 4;

/** A whole number from `least` to `most` (below 2^32), in groups of 4 bits, the lowest first. */
export function whole(most: number, least = 0): Codec<number> {
  return {
    write(to, value) {
      if (!(Number.isInteger(value) && value >= least && value <= most)) {
        throw tooMuch(value, least, most);
      }
      let rest = value;
      do {
        const group = rest % 2 ** groupBits;
        rest = Math.floor(rest / 2 ** groupBits);
        to.bits(rest > 0 ? 1 : 0, 1);
        to.bits(group, groupBits);
      } while (rest > 0);
    },
    read(from) {
      let value = 0;
      let follows = true;
      for (let place = 0; follows; place += groupBits) {
        follows = from.bits(1) === 1;
        value += from.bits(groupBits) * 2 ** place;
        if (value > most) throw damaged(`a number in it is above ${most}`);
        if (place > 32) throw damaged('a number in it is too long');
      }
      if (value < least) throw damaged(`a number in it is below ${least}`);
      return value;
    },
  };
}

/** One of a list that is only ever appended to, by its index. */
export function choice<Value extends string | number>(
  values: readonly Value[],
  what: string,
): Codec<Value> {
  const place = whole(255);
  return {
    write(to, value) {
      const found = values.indexOf(value);
      if (found < 0) {
        throw new LinkError(
          `A link cannot name the ${what} “${value}”.`,
          'Choose another one, or send the study as a file.',
        );
      }
      place.write(to, found);
    },
    read(from) {
      const found = place.read(from);
      if (found < values.length) return values[found];
      throw new LinkError(
        `This link has a ${what} that this version of the page does not know (number ${found}).`,
        'Reload the page: a newer version may know it.',
      );
    },
  };
}

/** UTF-8, prefixed by its number of bytes. */
export function text(mostBytes: number): Codec<string> {
  const bytes = rawBytes(mostBytes);
  return {
    write: (to, value) => bytes.write(to, new TextEncoder().encode(value)),
    read(from) {
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes.read(from));
      } catch (error) {
        if (error instanceof LinkError) throw error;
        throw damaged('a text in it is not UTF-8');
      }
    },
  };
}

/** Bytes, prefixed by their number. */
export function rawBytes(most: number): Codec<Uint8Array> {
  const length = whole(most);
  return {
    write(to, value) {
      length.write(to, value.length);
      for (const byte of value) to.bits(byte, 8);
    },
    read(from) {
      // Grown byte by byte: the length is untrusted and may exceed the bytes that follow.
      const bytes: number[] = [];
      for (let left = length.read(from); left > 0; left--) bytes.push(from.bits(8));
      return Uint8Array.from(bytes);
    },
  };
}

/** A value that may be missing: one bit before it. */
export function optional<Value>(codec: Codec<Value>): Codec<Value | undefined> {
  return {
    write(to, value) {
      flag.write(to, value !== undefined);
      if (value !== undefined) codec.write(to, value);
    },
    read: (from) => (flag.read(from) ? codec.read(from) : undefined),
  };
}

/** Like {@link optional} for null, which differs from a missing value. */
export function nullable<Value>(codec: Codec<Value>): Codec<Value | null> {
  return {
    write(to, value) {
      flag.write(to, value !== null);
      if (value !== null) codec.write(to, value);
    },
    read: (from) => (flag.read(from) ? codec.read(from) : null),
  };
}

/** Values, prefixed by their number. */
export function list<Value>(codec: Codec<Value>, most: number): Codec<readonly Value[]> {
  const length = whole(most);
  return {
    write(to, values) {
      length.write(to, values.length);
      for (const value of values) codec.write(to, value);
    },
    read(from) {
      const values: Value[] = [];
      for (let left = length.read(from); left > 0; left--) values.push(codec.read(from));
      return values;
    },
  };
}

/** Fields in the order in which they are listed. */
export function record<Fields extends object>(
  codecs: {
    readonly [Name in keyof Fields]-?: Codec<Fields[Name]>;
  },
): Codec<Fields> {
  const names = Object.keys(codecs) as (keyof Fields)[];
  return {
    write(to, value) {
      for (const name of names) codecs[name].write(to, value[name]);
    },
    read(from) {
      const value: Partial<Fields> = {};
      for (const name of names) {
        const field = codecs[name].read(from);
        // A missing field stays absent, so that the result can be spread over the base.
        if (field !== undefined) value[name] = field;
      }
      return value as Fields;
    },
  };
}

function tooMuch(value: unknown, least: number, most: number): LinkError {
  return new LinkError(
    `${value} does not fit into a link, which holds numbers from ${least} to ${most} here.`,
    'Change it, or send the study as a file.',
  );
}

/** Collects bits, the most significant of each value first. */
export class BitWriter {
  private readonly bytes: number[] = [];
  /** Bits of the last byte that are taken, 1 to 8. */
  private taken = 8;

  /** @param width 0 to 32; `value` lies below 2^width */
  bits(value: number, width: number): void {
    for (let bit = width - 1; bit >= 0; bit--) {
      if (this.taken === 8) {
        this.bytes.push(0);
        this.taken = 0;
      }
      const one = (value >>> bit) & 1;
      this.bytes[this.bytes.length - 1] |= one << (7 - this.taken);
      this.taken++;
    }
  }

  /** What was written, its last byte filled up with zeros. */
  toBytes(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

/** Reads the bits of bytes in order. */
export class BitReader {
  /** Number of bits read. */
  private at = 0;

  constructor(private readonly source: Uint8Array) {}

  /**
   * @param width 0 to 32
   * @throws LinkError when fewer bits are left
   */
  bits(width: number): number {
    if (this.at + width > 8 * this.source.length) throw damaged('it ends too early');
    let value = 0;
    for (let bit = 0; bit < width; bit++) {
      const byte = this.source[this.at >>> 3];
      value = value * 2 + ((byte >>> (7 - (this.at & 7))) & 1);
      this.at++;
    }
    return value;
  }

  /** @throws LinkError unless everything was read except the zeros that pad the last byte */
  end(): void {
    const left = 8 * this.source.length - this.at;
    if (left >= 8 || this.bits(left) !== 0) throw damaged('something follows its end');
  }
}

/** A number as m x 10^e with the smallest whole m. */
interface Decimal {
  readonly mantissa: number;
  readonly exponent: number;
}

/** Exponents that a decimal may have. */
const exponents = { least: -16, width: 5 } as const;
/** Bits that say how many bits a mantissa has. */
const lengthBits = 6;
/** Longer mantissas take as many bits as the number itself. */
const longestMantissa = 45;

/** Encoding of one entry of a list of numbers: a prefix of two bits. */
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

/** One entry per domain: a number from `least` to `most`, null where allowed, or undefined for unchanged. */
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

/** The shortest decimal that parses to the number; null when it is too long, or the number negative. */
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
  // Parsed as text: only then is the product rounded as in the original number.
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
  // Also refuses NaN.
  if (value >= least && value <= most) return value;
  throw damaged(`a number in it is not from ${least} to ${most}`);
}
