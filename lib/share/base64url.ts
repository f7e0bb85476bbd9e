import { damaged } from './errors';

/** Bytes as base64url without padding (RFC 4648, section 5). */
export function toBase64url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @throws LinkError when the text is not what {@link toBase64url} writes */
export function fromBase64url(text: string): Uint8Array {
  const stray = text.match(/[^\w-]/u)?.[0];
  if (stray !== undefined) throw damaged(`“${stray}” stands in it, which no link has`);
  if (text.length % 4 === 1) throw damaged('its end is missing');
  const decoded = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(decoded, (character) => character.charCodeAt(0));
  if (toBase64url(bytes) !== text) throw damaged('its last character is another one');
  return bytes;
}
