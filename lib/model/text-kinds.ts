/** Recognises links of this page, files of whole studies, and JSON. */
/** Prefix of the hash of a link's address. */
export const linkPrefix = '#s=';

/** Whether the hash of an address, `#` included, is that of a link rather than of a stage. */
export function isLink(hash: string): boolean {
  return hash.startsWith(linkPrefix);
}

/** File name ending of a whole study. */
export const sessionFileEnding = '.regmix.json';

/**
 * Most bytes of a whole study's file. What is read from JSON may take 20 times as much memory, so that twice as
 * much could end the tab. A study of 30,000 runs of 200 domains fits.
 */
export const maxStudyBytes = 128_000_000;

/** How much of a file says what it is; a whole study begins with its format. */
const beginning = 4_000;
const sessionStart = /^\s*\{[\s\S]*"format"\s*:\s*"regmix-study"/;

/** Whether a text looks like a whole study rather than a table or JSON of runs. */
export function looksLikeSession({ name, text }: { name: string; text: string }): boolean {
  return (
    name.toLowerCase().endsWith(sessionFileEnding) || sessionStart.test(text.slice(0, beginning))
  );
}

/** Like {@link looksLikeSession}, of a file by its name and its beginning. */
export async function holdsSession(
  source: { readonly name: string; readonly text: string } | File,
): Promise<boolean> {
  if (!('slice' in source)) return looksLikeSession(source);
  const text = await source.slice(0, beginning).text();
  return looksLikeSession({ name: source.name, text });
}

/** Whether a text is JSON, or means to be. */
export function isJson(text: string): boolean {
  return /^\s*(?:\{|\[\s*(?:[[{\]"\d-]|$))/.test(text.slice(0, 1000));
}
