/**
 * Protocol Buffers' wire format, as much of it as ONNX files of ours need
 * (protobuf.dev, "Encoding"). A library would bring a compiler for schemas and 20 kB for these few lines.
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
