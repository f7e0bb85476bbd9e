/** Protocol buffers as ONNX writes them, read and written with bounds. */
import { brokenFile, onnxLimits } from './errors';

/** How a field is written: Protocol Buffers' wire types that are in use. */
type Wire = 'varint' | 'fixed64' | 'bytes' | 'fixed32';

/** One field of a message. */
export interface WireField {
  readonly field: number;
  readonly wire: Wire;
  /** A varint as a signed 64-bit number, exact below 2^53; 0 for others. */
  readonly value: number;
  /** What a field of bytes holds, or a fixed one's own bytes; a view on the file. */
  readonly bytes: Uint8Array;
}

const wires = new Map<number, Wire>([
  [0, 'varint'],
  [1, 'fixed64'],
  [2, 'bytes'],
  [5, 'fixed32'],
]);
const none = new Uint8Array(0);
const maxVarintBytes = 10;

/** A position in bytes, to read varints from. */
interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/**
 * A varint as a signed 64-bit number: negative ones take ten bytes.
 *
 * @throws StageError when it does not end within the bytes
 */
function readVarint(cursor: Cursor): number {
  const { bytes } = cursor;
  let low = 0;
  let high = 0;
  for (let place = 0; place < maxVarintBytes; place++) {
    if (cursor.at >= bytes.length) throw brokenFile('a number is cut off');
    const byte = bytes[cursor.at++];
    const bits = byte & 127;
    if (place < 4) low += bits * 2 ** (7 * place);
    else high += bits * 2 ** (7 * (place - 4));
    if (byte < 128) {
      // 28 bits are low, the rest high: above 2^63 it is a negative number in two's complement.
      const value = low + (high % 2 ** 36) * 2 ** 28;
      return value >= 2 ** 63 ? low - (2 ** 36 - (high % 2 ** 36)) * 2 ** 28 : value;
    }
  }
  throw brokenFile('a number is too long');
}

/**
 * The fields of a message in file order, without copying.
 *
 * @throws StageError when the bytes are not a valid message
 */
export function* readFields(bytes: Uint8Array): Generator<WireField, void, void> {
  const cursor: Cursor = { bytes, at: 0 };
  while (cursor.at < bytes.length) {
    const tag = readVarint(cursor);
    const wire = wires.get(tag % 8);
    const field = Math.floor(tag / 8);
    if (!wire || field < 1) throw brokenFile('a field is of an unknown kind');
    if (wire === 'varint') {
      yield { field, wire, value: readVarint(cursor), bytes: none };
      continue;
    }
    const length = wire === 'fixed32' ? 4 : wire === 'fixed64' ? 8 : readVarint(cursor);
    if (length < 0 || length > bytes.length - cursor.at) {
      throw brokenFile('a part extends beyond the end of the file');
    }
    const start = cursor.at;
    cursor.at += length;
    yield { field, wire, value: 0, bytes: bytes.subarray(start, cursor.at) };
  }
}

/** @throws StageError when the field is of another kind, too long, or invalid UTF-8 */
export function textOf({ wire, bytes }: WireField): string {
  if (wire !== 'bytes') throw brokenFile('a name is not text');
  if (bytes.length > onnxLimits.text) throw brokenFile('a name is too long');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw brokenFile('a name is not text');
  }
}

/** @throws StageError when the field is of another kind */
export function messageOf({ wire, bytes }: WireField): Uint8Array {
  if (wire !== 'bytes') throw brokenFile('a part is not a message');
  return bytes;
}

/**
 * Protocol Buffers' wire format, as much of it as ONNX files of ours need (protobuf.dev, "Encoding"). A
 * library would add a schema compiler and 20 kB for these few lines.
 */
export interface WireWriter {
  /** A whole number >= 0 below 2^53. */
  int(field: number, value: number): void;
  text(field: number, value: string): void;
  message(field: number, value: Uint8Array): void;
  /** Whole numbers >= 0, packed. */
  ints(field: number, values: ArrayLike<number>): void;
  /** Rounded to float32, packed. */
  floats(field: number, values: ArrayLike<number>): void;
  finish(): Uint8Array;
}

const asVarint = 0;
const asBytes = 2;
const longestVarint = 8;

export function createWriter(): WireWriter {
  let bytes = new Uint8Array(256);
  let length = 0;

  function reserve(more: number): void {
    if (length + more <= bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * bytes.length, length + more));
    larger.set(bytes.subarray(0, length));
    bytes = larger;
  }

  function varint(value: number): void {
    reserve(longestVarint);
    let rest = value;
    while (rest >= 128) {
      bytes[length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    bytes[length++] = rest;
  }

  function tag(field: number, wire: number): void {
    varint(field * 8 + wire);
  }

  function message(field: number, value: Uint8Array): void {
    tag(field, asBytes);
    varint(value.length);
    reserve(value.length);
    bytes.set(value, length);
    length += value.length;
  }

  return {
    int(field, value) {
      tag(field, asVarint);
      varint(value);
    },
    text: (field, value) => message(field, new TextEncoder().encode(value)),
    message,
    ints(field, values) {
      let size = 0;
      for (let index = 0; index < values.length; index++) size += varintLength(values[index]);
      tag(field, asBytes);
      varint(size);
      for (let index = 0; index < values.length; index++) varint(values[index]);
    },
    floats(field, values) {
      const packed = new DataView(new ArrayBuffer(4 * values.length));
      for (let index = 0; index < values.length; index++) {
        packed.setFloat32(4 * index, values[index], true);
      }
      message(field, new Uint8Array(packed.buffer));
    },
    finish: () => bytes.slice(0, length),
  };
}

/** Bytes that a whole number takes: seven bits each. */
function varintLength(value: number): number {
  let count = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) count++;
  return count;
}
