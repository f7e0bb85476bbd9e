/** The token before every document. */
export const beginOfDocument = 256;

/** The text of tokens, for people: bytes that are no UTF-8 come out as replacement characters. */
export function textOf(tokens: Uint16Array): string {
  const bytes = Uint8Array.from(tokens, (token) => (token === beginOfDocument ? 10 : token));
  return new TextDecoder().decode(bytes).trimStart();
}
