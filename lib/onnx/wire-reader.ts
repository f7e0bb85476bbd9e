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
const mostVarintBytes = 10;

/** A place in some bytes, to read varints from. */
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
  for (let place = 0; place < mostVarintBytes; place++) {
    if (cursor.at >= bytes.length) throw brokenFile('a number does not end');
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
 * The fields of a message in the order of the file, one at a time: nothing is copied.
 *
 * @throws StageError when the bytes are no such message
 */
export function* readFields(bytes: Uint8Array): Generator<WireField, void, void> {
  const cursor: Cursor = { bytes, at: 0 };
  while (cursor.at < bytes.length) {
    const tag = readVarint(cursor);
    const wire = wires.get(tag % 8);
    const field = Math.floor(tag / 8);
    if (!wire || field < 1) throw brokenFile('a field is of no known kind');
    if (wire === 'varint') {
      yield { field, wire, value: readVarint(cursor), bytes: none };
      continue;
    }
    const length = wire === 'fixed32' ? 4 : wire === 'fixed64' ? 8 : readVarint(cursor);
    if (length < 0 || length > bytes.length - cursor.at) {
      throw brokenFile('a part goes on after the end of the file');
    }
    const start = cursor.at;
    cursor.at += length;
    yield { field, wire, value: 0, bytes: bytes.subarray(start, cursor.at) };
  }
}

/** @throws StageError when the field is of another kind, too long, or no UTF-8 */
export function textOf({ wire, bytes }: WireField): string {
  if (wire !== 'bytes') throw brokenFile('a name is no text');
  if (bytes.length > onnxLimits.text) throw brokenFile('a name is too long');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw brokenFile('a name is no text');
  }
}

/** @throws StageError when the field is of another kind */
export function messageOf({ wire, bytes }: WireField): Uint8Array {
  if (wire !== 'bytes') throw brokenFile('a part is no message');
  return bytes;
}
