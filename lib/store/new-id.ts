/** An id that nothing else has, in this tab or another: 32 hexadecimal digits, without meaning. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
