import type { BitReader, BitWriter } from './bits';
import { damaged, LinkError } from './errors';

/**
 * How one kind of value stands in a link. Writing and reading are said side by side and refuse the
 * same values, so that no link is made that cannot be opened. The forms are in docs/link-format.md.
 */
export interface Codec<Value> {
  /** @throws LinkError when the value is none that a link can hold */
  write(to: BitWriter, value: Value): void;
  /** @throws LinkError when what stands there is no such value */
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

/** One of a list that only ever grows at its end: its place. */
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
        `This link names a ${what} that this version of the page does not know (number ${found}).`,
        'Reload the page: a newer version may know it.',
      );
    },
  };
}

/** UTF-8, led by its number of bytes. */
export function text(mostBytes: number): Codec<string> {
  const bytes = rawBytes(mostBytes);
  return {
    write: (to, value) => bytes.write(to, new TextEncoder().encode(value)),
    read(from) {
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes.read(from));
      } catch (error) {
        if (error instanceof LinkError) throw error;
        throw damaged('a text in it is no UTF-8');
      }
    },
  };
}

/** Bytes, led by their number. */
export function rawBytes(most: number): Codec<Uint8Array> {
  const length = whole(most);
  return {
    write(to, value) {
      length.write(to, value.length);
      for (const byte of value) to.bits(byte, 8);
    },
    read(from) {
      // Grown byte by byte: a length is only believed as far as there are bytes.
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

/** The same for null, which says something else than nothing. */
export function nullable<Value>(codec: Codec<Value>): Codec<Value | null> {
  return {
    write(to, value) {
      flag.write(to, value !== null);
      if (value !== null) codec.write(to, value);
    },
    read: (from) => (flag.read(from) ? codec.read(from) : null),
  };
}

/** Values led by their number. */
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
        // A field that is missing stays missing, so that what is read is spread over what it changes.
        if (field !== undefined) value[name] = field;
      }
      return value as Fields;
    },
  };
}

export function tooMuch(value: unknown, least: number, most: number): LinkError {
  return new LinkError(
    `A link holds numbers from ${least} to ${most} here; ${value} is none of them.`,
    'Change it, or send the study as a file.',
  );
}
