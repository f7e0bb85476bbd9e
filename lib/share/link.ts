import { fromBase64url, toBase64url } from './base64url';
import { BitReader, BitWriter } from './bits';
import { crc32 } from './checksum';
import type { LinkContent } from './content';
import { damaged, LinkError } from './errors';
import { body, bounds, head } from './forms';
import { linkPrefix } from './prefix';

const version = 1;
const checksumBytes = 4;
/** An inline study of the most bytes, with what else can be said. */
const longestHash = 2 * bounds.inlineBytes + 16_384;

/**
 * The content as the hash of an address: one byte of version, the content bit by bit, and a CRC-32 of
 * all before it, in base64url. The form is described in docs/link-format.md.
 *
 * @throws LinkError when the content holds what no link can
 */
export function encodeLink(content: LinkContent): string {
  const bits = new BitWriter();
  bits.bits(version, 8);
  head.write(bits, content);
  body(content.domains, content.targets).write(bits, content);
  const bytes = bits.toBytes();
  const whole = new Uint8Array(bytes.length + checksumBytes);
  whole.set(bytes);
  new DataView(whole.buffer).setUint32(bytes.length, crc32(bytes));
  const hash = linkPrefix + toBase64url(whole);
  if (hash.length <= longestHash) return hash;
  throw new LinkError(
    `This link would have ${hash.length.toLocaleString('en')} characters.`,
    'Send the study as a file instead.',
  );
}

/**
 * What a link says. All of it is checked but whether it fits the study that it names.
 *
 * @param hash of an address, `#` included, for which {@link isLink} holds
 * @throws LinkError when it cannot be read
 */
export function decodeLink(hash: string): LinkContent {
  if (hash.length > longestHash) {
    throw damaged(`it is longer than ${longestHash.toLocaleString('en')} characters`);
  }
  const whole = fromBase64url(hash.slice(linkPrefix.length));
  if (whole.length <= checksumBytes) throw damaged('hardly anything is left of it');
  // The version comes first: another one may end in another way.
  if (whole[0] !== version) {
    throw new LinkError(
      `This link is of version ${whole[0]}; this page reads version ${version}.`,
      'Reload the page: a newer version may read it. Else the link is damaged: copy it again.',
    );
  }
  const bytes = whole.subarray(0, -checksumBytes);
  const view = new DataView(whole.buffer, whole.byteOffset);
  if (view.getUint32(bytes.length) !== crc32(bytes))
    throw damaged('a part of it is missing or changed');
  const bits = new BitReader(bytes);
  bits.bits(8);
  const { study, domains, targets } = head.read(bits);
  const rest = body(domains, targets).read(bits);
  bits.end();
  return { study, domains, targets, ...rest };
}
