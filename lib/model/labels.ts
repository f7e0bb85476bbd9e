const longest = 200;

/** Characters without width, and those that turn the direction of the text after them. */
const invisible = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * A name from an untrusted file, made safe to show and compare: invisible characters are removed, control
 * characters and line breaks become a blank, blanks are joined, and the text is cut to 200 characters.
 */
export function cleanLabel(text: string): string {
  return cleanLine(text, longest);
}

/** Like {@link cleanLabel}, with another maximum length. */
export function cleanLine(text: string, most: number): string {
  const line = text
    .replace(invisible, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= most ? line : Array.from(line).slice(0, most).join('').trim();
}

/**
 * A run id. Removes a leading apostrophe that protects the cell from being read as a formula (see
 * `writeCsv`), and the `.0` that pandas adds to whole numbers.
 */
export function cleanId(text: string): string {
  return cleanLabel(text.replace(/^'(?='*[=+\-@\t\r])/, '')).replace(/^(-?\d+)\.0+$/, '$1');
}

/** A random unique id: 32 hexadecimal digits. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
