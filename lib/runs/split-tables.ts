import type { NamedText } from './reader';

/**
 * Pasted text as one table, or as several where blank lines separate them, e.g. mixtures first and losses
 * below.
 *
 * @returns at least one table; numbered when there are several
 */
export function splitTables(text: string): NamedText[] {
  const parts = text.split(/\r?\n(?:[ \t]*\r?\n)+/).filter((part) => part.trim() !== '');
  if (parts.length < 2) return [{ name: 'pasted text', text }];
  return parts.map((part, index) => ({ name: `pasted table ${index + 1}`, text: part }));
}
