/** Recognises links of this page and files of whole studies. */
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

/** Characters at the beginning of a study's file that name its format. */
const headCharacters = 1_000;
const format = /^\s*\{[^{}]*"format"\s*:\s*"regmix-study"/;

/** Whether a text is a whole study rather than runs, which may be JSON too: by its beginning. */
export function isSessionText(text: string): boolean {
  return format.test(text.slice(0, headCharacters));
}

/** {@link isSessionText} of a file, or its name says so. */
export async function isSession(
  file: { readonly name: string; readonly text: string } | File,
): Promise<boolean> {
  if (file.name.toLowerCase().endsWith(sessionFileEnding)) return true;
  return isSessionText('slice' in file ? await file.slice(0, headCharacters).text() : file.text);
}
