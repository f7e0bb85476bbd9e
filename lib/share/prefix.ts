/** What the hash of a link's address begins with. */
export const linkPrefix = '#s=';

/** Whether the hash of an address, `#` included, is that of a link rather than of a stage. */
export function isLink(hash: string): boolean {
  return hash.startsWith(linkPrefix);
}
