/** How the name of a file that holds a whole study ends. */
export const sessionFileEnding = '.regmix.json';

/** Whether a text or a file name looks like a whole study rather than a table. */
export function looksLikeSession({ name, text }: { name: string; text?: unknown }): boolean {
  if (typeof text === 'string') return text.trimStart().startsWith('{');
  return /\.json$/i.test(name);
}
