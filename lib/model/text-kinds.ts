/** Recognises links of this page, files of whole studies, and JSON. */
/** Prefix of the hash of a link's address. */
export const linkPrefix = '#s=';

/** Whether the hash of an address, `#` included, is that of a link rather than of a stage. */
export function isLink(hash: string): boolean {
  return hash.startsWith(linkPrefix);
}

/** File name ending of a whole study. */
export const sessionFileEnding = '.regmix.json';

/** Whether a text or a file name looks like a whole study rather than a table. */
export function looksLikeSession({ name, text }: { name: string; text?: unknown }): boolean {
  if (typeof text === 'string') return text.trimStart().startsWith('{');
  return /\.json$/i.test(name);
}

/** Whether a text is JSON, or means to be. */
export function isJson(text: string): boolean {
  return /^\s*(?:\{|\[\s*(?:[[{\]"\d-]|$))/.test(text.slice(0, 1000));
}
