import { isJson } from '../model/text-kinds';
import type { NamedText } from './reader';

/**
 * Pasted text as one table, or as several where blank lines separate them, e.g. mixtures first and losses
 * below. Comments belong to the table under them, and JSON is one table.
 *
 * @returns at least one table; numbered when there are several
 */
export function splitTables(text: string): NamedText[] {
  if (isJson(text)) return [{ name: 'pasted text', text }];
  const parts: string[] = [];
  let comments = '';
  for (const part of text.split(/\r?\n(?:[ \t]*\r?\n)+/)) {
    if (part.trim() === '') continue;
    if (part.split('\n').every((line) => line.trimStart().startsWith('#'))) {
      comments += `${part}\n`;
      continue;
    }
    parts.push(comments + part);
    comments = '';
  }
  if (parts.length < 2) return [{ name: 'pasted text', text }];
  return parts.map((part, index) => ({ name: `pasted table ${index + 1}`, text: part }));
}
