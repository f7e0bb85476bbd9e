/**
 * The value of a JSON text. `JSON.parse` keeps the last of equal keys, so that a text could show one thing to
 * its reader and be another: here they are refused.
 *
 * @throws SyntaxError when it is no JSON, or an object in it has a key twice
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const twice = repeatedKey(text);
  if (twice !== null) throw new SyntaxError(`the key ${JSON.stringify(twice)} twice in an object`);
  return value;
}

/** The first key that an object of a valid JSON text has twice; null if there is none. */
function repeatedKey(text: string): string | null {
  /** Keys of the objects that are open; null for lists. */
  const open: (Set<string> | null)[] = [];
  const structure = /["{}[\]]/g;
  const colon = /\s*:/y;
  for (let found = structure.exec(text); found; found = structure.exec(text)) {
    switch (found[0]) {
      case '{':
        open.push(new Set());
        break;
      case '[':
        open.push(null);
        break;
      case '"': {
        const end = endOfString(text, structure.lastIndex);
        const written = text.slice(found.index, end);
        structure.lastIndex = end;
        colon.lastIndex = end;
        const keys = open.at(-1);
        if (!keys || !colon.test(text)) break;
        const key: string = JSON.parse(written);
        if (keys.has(key)) return key;
        keys.add(key);
        break;
      }
      default:
        open.pop();
    }
  }
  return null;
}

/** The place after the quote that ends a string whose first character is at `from`. */
function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}
