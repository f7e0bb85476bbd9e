/** What a text is by its look: a link of this page, or a whole study. */
/** What the hash of a link's address begins with. */
export const linkPrefix = '#s=';

/** Whether the hash of an address, `#` included, is that of a link rather than of a stage. */
export function isLink(hash: string): boolean {
  return hash.startsWith(linkPrefix);
}

/** How the name of a file that holds a whole study ends. */
export const sessionFileEnding = '.regmix.json';

/** Whether a text or a file name looks like a whole study rather than a table. */
export function looksLikeSession({ name, text }: { name: string; text?: unknown }): boolean {
  if (typeof text === 'string') return text.trimStart().startsWith('{');
  return /\.json$/i.test(name);
}
