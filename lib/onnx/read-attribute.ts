import { brokenFile, onnxLimits, onnxRefusal } from './errors';
import { type Cursor, readFields, readVarint, textOf, type WireField } from './wire-reader';

/** An attribute's values, by how the file has them; lists that it has not are empty. */
export interface Attribute {
  readonly ints: readonly number[];
  readonly floats: readonly number[];
  readonly texts: readonly string[];
  /** Whether it holds a tensor or a graph, which we do not read. */
  readonly isOther: boolean;
}

/**
 * Reads attributes of one file (AttributeProto of onnx.proto), single values as lists of one. All of
 * them together may hold no more than {@link onnxLimits} allow.
 */
export function createAttributeReader() {
  let entries = 0;
  /** The same few texts stand at every node of every tree. */
  const known = new Map<string, string>();

  function count(): void {
    entries++;
    if (entries > onnxLimits.entries) throw onnxRefusal('it holds too many numbers');
  }

  function text(field: WireField): string {
    count();
    const read = textOf(field);
    const same = known.get(read);
    if (same !== undefined) return same;
    if (known.size < onnxLimits.parts) known.set(read, read);
    return read;
  }

  function addInts(field: WireField, ints: number[]): void {
    if (field.wire === 'varint') {
      count();
      ints.push(field.value);
      return;
    }
    if (field.wire !== 'bytes') throw brokenFile('a whole number is none');
    const cursor: Cursor = { bytes: field.bytes, at: 0 };
    while (cursor.at < field.bytes.length) {
      count();
      ints.push(readVarint(cursor));
    }
  }

  function addFloats({ wire, bytes }: WireField, floats: number[]): void {
    if ((wire !== 'fixed32' && wire !== 'bytes') || bytes.length % 4 !== 0) {
      throw brokenFile('a number is no float32');
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at < bytes.length; at += 4) {
      count();
      floats.push(view.getFloat32(at, true));
    }
  }

  return (bytes: Uint8Array): Attribute & { readonly name: string } => {
    let name = '';
    let isOther = false;
    const ints: number[] = [];
    const floats: number[] = [];
    const texts: string[] = [];
    for (const field of readFields(bytes)) {
      if (field.field === 1) name = textOf(field);
      else if (field.field === 2 || field.field === 7) addFloats(field, floats);
      else if (field.field === 3 || field.field === 8) addInts(field, ints);
      else if (field.field === 4 || field.field === 9) texts.push(text(field));
      else if ([5, 6, 10, 11].includes(field.field)) isOther = true;
    }
    return { name, ints, floats, texts, isOther };
  };
}
