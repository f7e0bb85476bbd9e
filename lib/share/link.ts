/** A link's text: content to bits to base64url, with a checksum. */

import { linkPrefix } from '../model/text-kinds';
import { BitReader, BitWriter } from './codec';
import type { LinkContent } from './content';
import { damaged, LinkError } from './errors';
import { body, bounds, head } from './forms';

/** Versions that are read, the newest last. What an older one can say is written in it. */
const versions = [1, 2];
const checksumBytes = 4;
/** The longest inline study plus everything else. */
const longestHash = 2 * bounds.inlineBytes + 16_384;

/**
 * The content as the hash of an address: one byte of version (the lowest that can say it), the content bit by bit, and a CRC-32 of
 * all before it, in base64url. The form is described in docs/link-format.md.
 *
 * @throws LinkError when the content holds what no link can
 */
export function encodeLink(content: LinkContent): string {
  const bits = new BitWriter();
  const isNew = content.leftOut || content.settings.constraints?.beyondTried !== undefined;
  const version = isNew ? 2 : 1;
  bits.bits(version, 8);
  head.write(bits, content);
  body(content.domains, content.targets, version).write(bits, content);
  const bytes = bits.toBytes();
  const whole = new Uint8Array(bytes.length + checksumBytes);
  whole.set(bytes);
  new DataView(whole.buffer).setUint32(bytes.length, crc32(bytes));
  const hash = linkPrefix + toBase64url(whole);
  if (hash.length <= longestHash) return hash;
  throw new LinkError(
    `This link would have ${hash.length.toLocaleString('en')} characters, too many for a link.`,
    'Send the study as a file instead.',
  );
}

/**
 * Decodes a link. Everything is checked except whether it fits the study that it names.
 *
 * @param hash of an address, `#` included, for which {@link isLink} holds
 * @throws LinkError when it cannot be read
 */
export function decodeLink(hash: string): LinkContent {
  if (hash.length > longestHash) {
    throw damaged(`it is longer than ${longestHash.toLocaleString('en')} characters`);
  }
  const whole = fromBase64url(hash.slice(linkPrefix.length));
  if (whole.length <= checksumBytes) throw damaged('most of it is missing');
  // The version is checked first: another one may end differently.
  const [version] = whole;
  if (!versions.includes(version)) {
    throw new LinkError(
      `This link has version ${version}; this page reads versions ${versions.join(' and ')}.`,
      'Reload the page, which may be out of date. If that does not help, copy the link again.',
    );
  }
  const bytes = whole.subarray(0, -checksumBytes);
  const view = new DataView(whole.buffer, whole.byteOffset);
  if (view.getUint32(bytes.length) !== crc32(bytes))
    throw damaged('a part of it is missing or changed');
  const bits = new BitReader(bytes);
  bits.bits(8);
  const { study, domains, targets } = head.read(bits);
  const rest = body(domains, targets, version).read(bits);
  bits.end();
  return { study, domains, targets, ...rest };
}

/** Bytes as base64url without padding (RFC 4648, section 5). */
export function toBase64url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @throws LinkError when the text is not what {@link toBase64url} writes */
export function fromBase64url(text: string): Uint8Array {
  const invalid = text.match(/[^\w-]/u)?.[0];
  if (invalid !== undefined) throw damaged(`it contains “${invalid}”, which no link does`);
  if (text.length % 4 === 1) throw damaged('its end is missing');
  const decoded = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(decoded, (character) => character.charCodeAt(0));
  if (toBase64url(bytes) !== text) throw damaged('its last character is wrong');
  return bytes;
}

/** Remainder for each byte value, for the polynomial of IEEE 802.3. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/**
 * CRC-32 as in zip and PNG.
 *
 * @param before checksum of the preceding bytes, to continue from
 * @returns 0 to 2^32 - 1
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let value = ~before;
  for (const byte of bytes) value = table[(value ^ byte) & 0xff] ^ (value >>> 8);
  return ~value >>> 0;
}
