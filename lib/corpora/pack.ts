import { StageError } from '../errors';
import { beginOfDocument } from './tokens';
import type { DomainText } from './types';

/** Never a byte of UTF-8, so it can stand for the begin of a document. */
const beginByte = 0xff;
const header = 8;
/** Bytes of one domain at most. */
const mostBytes = 200e6;

/** A domain's text as bytes: two little-endian counts, then training and validation tokens, a byte each. */
export function packText({ training, validation }: DomainText): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(header + training.length + validation.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, training.length, true);
  view.setUint32(4, validation.length, true);
  [training, validation].reduce((at, tokens) => {
    tokens.forEach((token, place) => {
      out[at + place] = token === beginOfDocument ? beginByte : token;
    });
    return at + tokens.length;
  }, header);
  return out;
}

/** @throws StageError when the bytes are no such text */
export function unpackText(bytes: Uint8Array, name: string): DomainText {
  const refuse = (found: string) =>
    new StageError('corpora', `${name} is no packed text: ${found}.`, 'Build the corpora again.');
  if (bytes.length < header) throw refuse(`it has ${bytes.length} bytes`);
  if (bytes.length > mostBytes) throw refuse('it has more than 200 MB');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [training, validation] = [view.getUint32(0, true), view.getUint32(4, true)];
  if (header + training + validation !== bytes.length) {
    throw refuse(`it says ${training} + ${validation} tokens and has ${bytes.length - header}`);
  }
  const tokens = Uint16Array.from(bytes.subarray(header), (byte) =>
    byte === beginByte ? beginOfDocument : byte,
  );
  return { training: tokens.slice(0, training), validation: tokens.slice(training) };
}
