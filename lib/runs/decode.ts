/** Bytes of a file to its text: whatever encoding spreadsheets and scripts have written it in. */

import { piecesOf } from '../model/stream';
import { quoted, RunsError } from './errors';
import type { Note } from './recognition';
import { readingNote, tooLarge } from './records';
import { limits } from './table';

/** A file as text. */
export interface DecodedText {
  readonly text: string;
  /** What the user should check. */
  readonly notes: readonly Note[];
}

/** UTF-16 takes two bytes a character; UTF-8 of a table hardly more than one. */
const maxBytes = 2 * limits.characters;
const csvAdvice = 'Export the table as CSV (UTF-8) and choose that file.';

/** Beginnings of files that are no tables of text, with what they are. */
const signatures: readonly (readonly [number[], string])[] = [
  [[0x50, 0x4b, 3, 4], 'an Excel workbook or a ZIP archive'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel workbook'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF'],
  [[0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], 'an Arrow or Feather file'],
  [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], 'a NumPy array'],
  [[0x89, 0x48, 0x44, 0x46], 'an HDF5 file'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'a Zstandard archive'],
  [[0x42, 0x5a, 0x68], 'a bzip2 archive'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'an xz archive'],
  [[0xff, 0xfe, 0, 0], 'UTF-32'],
  [[0, 0, 0xfe, 0xff], 'UTF-32'],
];

/**
 * The text of a file: UTF-8 or UTF-16 of either order, with or without a byte order mark; Windows-1252 where it is
 * not UTF-8, with a note that shows a word of it.
 * @param file name for messages
 * @throws RunsError when it is too large, no text, or damaged
 */
export function decodeText(file: string, bytes: Uint8Array): DecodedText {
  refuseLarge(file, bytes.length);
  const known = signatures.find(([start]) => startsWith(bytes, start));
  if (known !== undefined) {
    throw new RunsError({ file, problem: `this is ${known[1]}, not a text file` }, csvAdvice);
  }
  const utf16 = utf16Of(bytes);
  const text = utf16 === null ? decoded(bytes, 'utf-8') : decoded(bytes, utf16);
  if (text === null && utf16 !== null) {
    throw new RunsError(
      { file, problem: 'the UTF-16 text is damaged or cut off' },
      'Save it again, or export it as CSV (UTF-8).',
    );
  }
  const read = text === null ? fromWindows1252(file, bytes) : { text, notes: [] };
  const nul = read.text.indexOf('\u0000');
  if (nul >= 0) {
    const row = lineAt(read.text, nul);
    throw new RunsError(
      { file, row, problem: 'this is not a text file: it contains NUL characters' },
      csvAdvice,
    );
  }
  return read;
}

/** @throws RunsError when a file of so many bytes cannot be a table within the limits */
export function refuseLarge(file: string, bytes: number): void {
  if (bytes > maxBytes) throw tooLarge(file, `${bytes.toLocaleString('en')} bytes`);
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, place) => bytes[place] === byte);
}

/** The text, without a byte order mark; null when the bytes are not of this encoding. */
function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const sampleBytes = 20_000;

/** The order of UTF-16, by its mark, or by the NULs beside the letters and digits of a table. */
function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(bytes, [0xfe, 0xff])) return 'utf-16be';
  const length = Math.min(bytes.length, sampleBytes) & ~1;
  if (length < 4) return null;
  let [even, odd] = [0, 0];
  for (let at = 0; at < length; at += 2) {
    if (bytes[at] === 0) even++;
    if (bytes[at + 1] === 0) odd++;
  }
  const most = length / 2;
  if (odd > most * 0.5 && even < most * 0.02) return 'utf-16le';
  if (even > most * 0.5 && odd < most * 0.02) return 'utf-16be';
  return null;
}

/** Bytes that Windows-1252 gives no character. */
const undefinedBytes = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** Windows-1252 from 0x80 to 0x9f, with blanks for {@link undefinedBytes}. */
const windows = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

/** @throws RunsError when the bytes are rather something else */
function fromWindows1252(file: string, bytes: Uint8Array): DecodedText {
  let row = 1;
  let [sequences, strays, run] = [0, 0, 0];
  let firstStray = 1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte < 0x80) {
      run = 0;
      if (byte === 10 || (byte === 13 && bytes[at + 1] !== 10)) row++;
      const isBinary =
        (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13) || byte === 127;
      if (isBinary) throw unreadable(file, row, byte);
      continue;
    }
    const length = sequenceAt(bytes, at);
    if (length > 0) {
      sequences++;
      at += length - 1;
      continue;
    }
    if (undefinedBytes.has(byte)) throw unreadable(file, row, byte);
    if (strays === 0) firstStray = row;
    strays++;
    // Western words hardly have four accents in a row; Cyrillic and Chinese ones have.
    if (++run > 3) throw unreadable(file, row, byte);
  }
  if (sequences > strays) {
    throw new RunsError(
      {
        file,
        row: firstStray,
        problem: 'some bytes here are not UTF-8, unlike the rest: the file is damaged',
      },
      'Save it again as UTF-8.',
    );
  }
  // Node's decoder leaves the characters from 0x80 to 0x9f as they are.
  const text = new TextDecoder('windows-1252')
    .decode(bytes)
    .replace(/[\u0080-\u009f]/g, (character) => windows[character.charCodeAt(0) - 0x80]);
  const at = text.search(/[\u0080-\uffff]/);
  const start = Math.max(0, at - 40);
  const before = text.slice(start, at).split(/[,;\t|"\r\n]/);
  const after = text.slice(at, at + 40).split(/[,;\t|"\r\n]/, 1);
  const word = quoted(`${before[before.length - 1]}${after[0]}`);
  const line = lineAt(text, at);
  const note = `${file} is not UTF-8 and was read as Windows-1252, such as ${word} in row ${line}. If that is wrong, save the file as UTF-8.`;
  return { text, notes: [readingNote(file, strays, note)] };
}

/** Bytes of the well-formed UTF-8 sequence of two to four bytes at a place; 0 when there is none. */
function sequenceAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at];
  const length =
    lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (lead < 0xc2 || length === 0) return 0;
  for (let place = 1; place < length; place++) {
    const byte = bytes[at + place] ?? 0;
    if ((byte & 0xc0) !== 0x80) return 0;
  }
  return length;
}

function unreadable(file: string, row: number, byte: number): RunsError {
  return new RunsError(
    {
      file,
      row,
      found: `the byte 0x${byte.toString(16).padStart(2, '0')}`,
      expected: 'text as UTF-8, UTF-16 or Windows-1252',
    },
    'Save the file as UTF-8.',
  );
}

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let place = 0; place < at; place++) {
    const code = text.charCodeAt(place);
    if (code === 10 || (code === 13 && text.charCodeAt(place + 1) !== 10)) line++;
  }
  return line;
}

/**
 * The bytes of a file, unpacked where they are packed by gzip.
 * @throws RunsError when they are damaged or unpack to more than a file may have
 */
export async function unpacked(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!startsWith(bytes, [0x1f, 0x8b])) return bytes;
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    for await (const piece of piecesOf(stream, new AbortController().signal)) {
      length += piece.length;
      if (length > maxBytes) break;
      pieces.push(piece);
    }
  } catch {
    throw new RunsError(
      { file, problem: 'the gzip file is damaged or cut off' },
      'Decompress it and open the result.',
    );
  }
  refuseLarge(file, length);
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
