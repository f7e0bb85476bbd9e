/** Characters made at once: more would be too many arguments. */
const charactersTogether = 8_192;

/** Bytes as base64 (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += charactersTogether) {
    parts.push(String.fromCharCode(...bytes.subarray(start, start + charactersTogether)));
  }
  return btoa(parts.join(''));
}

/** @returns null when the text is not what {@link toBase64} writes */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  if (text === '') return new Uint8Array(0);
  const decoded = atob(text);
  const bytes = new Uint8Array(decoded.length);
  for (let at = 0; at < decoded.length; at++) bytes[at] = decoded.charCodeAt(at);
  // Bits that no byte takes may be anything in a stranger's text: what is opened is written as it was.
  return toBase64(bytes.subarray(3 * (text.length / 4 - 1))) === text.slice(-4) ? bytes : null;
}
