const longest = 200;

/**
 * Characters that show nothing by themselves (Unicode's Default_Ignorable_Code_Point): without width, turning
 * the direction of the text after them, joiners, selectors of variants, tags. Two labels that differ by them
 * alone look alike.
 */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;
const controls = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}]/gu;

/** A text with nothing that {@link cleanLine} takes away or makes a blank. */
export const visible =
  /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]*$/u;

/** The text without {@link invisible} characters. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, '');
}

/**
 * A name from an untrusted file, made safe to show and compare: invisible characters are removed, control
 * characters, noncharacters and line breaks become a blank, blanks are joined, and the text is cut to 200 characters.
 */
export function cleanLabel(text: string): string {
  return cleanLine(text, longest);
}

/** Like {@link cleanLabel}, with another maximum length. */
export function cleanLine(text: string, most: number): string {
  const line = withoutInvisible(text).replace(controls, ' ').replace(/\s+/g, ' ').trim();
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
