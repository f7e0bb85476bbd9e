import { quoted, RunsError } from './errors';

/**
 * A value of a JSON text. Scalars are cells: strings as they are, numbers as written, `true`, `false`, and nothing
 * for `null`.
 */
export type Json = string | readonly Json[] | JsonObject;
export type JsonObject = ReadonlyMap<string, Json>;

const deepest = 32;
/** Values of one object or list that is held as a whole. */
const mostValues = 4_000_000;
const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordToken = /-?[A-Za-z]+/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
const forbidden = /[\u0000-\u001f]/;
/** Words that stand for values; Python's own words for numbers that are none are kept as cells. */
const words: ReadonlyMap<string, string> = new Map([
  ['null', ''],
  ['true', 'true'],
  ['false', 'false'],
  ['NaN', 'NaN'],
  ['Infinity', 'Infinity'],
  ['-Infinity', '-Infinity'],
]);
const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/**
 * Reads JSON values one after the other from a text, strictly, but for the literals `NaN` and `Infinity` that
 * Python writes. Unlike `JSON.parse` it refuses an object that has a key twice, keeps numbers as they are written,
 * and can be bounded.
 */
export class JsonScanner {
  /** Place of the next character. */
  at = 0;
  private values = 0;

  constructor(
    private readonly file: string,
    private readonly text: string,
  ) {}

  /** The next character that is no blank, `''` at the end. */
  peek(): string {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return text.charAt(this.at);
      this.at++;
    }
  }

  /** Takes a character if it is the next one. */
  take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at++;
    return true;
  }

  /** @throws RunsError when another character is next */
  expect(character: string): void {
    if (!this.take(character)) this.refuse(`expected ${character}`);
  }

  /**
   * The next value.
   * @throws RunsError with line and column when it is no JSON, has a key twice, or is too deep or too large
   */
  value(): Json {
    this.values = 0;
    return this.next(0);
  }

  private next(depth: number): Json {
    if (depth > deepest) this.refuse(`objects and lists nested more than ${deepest} deep`);
    if (++this.values > mostValues) {
      this.refuse(`more than ${mostValues.toLocaleString('en')} values in one object or list`);
    }
    switch (this.peek()) {
      case '{':
        return this.object(depth);
      case '[':
        return this.list(depth);
      case '"':
        return this.string();
      default:
        return this.scalar();
    }
  }

  private object(depth: number): JsonObject {
    const members = new Map<string, Json>();
    this.expect('{');
    if (this.take('}')) return members;
    do {
      if (this.peek() !== '"') this.refuse('expected a name in quotes');
      const start = this.at;
      const key = this.string();
      if (members.has(key))
        this.refuse(`the name ${quoted(key)} occurs twice in one object`, start);
      this.expect(':');
      members.set(key, this.next(depth + 1));
    } while (this.take(','));
    this.expect('}');
    return members;
  }

  private list(depth: number): Json[] {
    const items: Json[] = [];
    this.expect('[');
    if (this.take(']')) return items;
    do items.push(this.next(depth + 1));
    while (this.take(','));
    this.expect(']');
    return items;
  }

  private string(): string {
    const { text } = this;
    const start = this.at;
    let end = text.indexOf('"', start + 1);
    while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
    if (end < 0) this.refuse('a quote is never closed');
    this.at = end + 1;
    const content = text.slice(start + 1, end);
    if (forbidden.test(content)) this.refuse('a line break or control character in quotes', start);
    return content.includes('\\') ? this.unescaped(content, start) : content;
  }

  private unescaped(content: string, start: number): string {
    return content.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]?))/g, (_, code, letter = '') => {
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return escapes.get(letter) ?? this.refuse('an unknown escape sequence in quotes', start);
    });
  }

  private scalar(): string {
    const { text } = this;
    const start = this.at;
    for (const token of [numberToken, wordToken]) {
      token.lastIndex = start;
      const [found] = token.exec(text) ?? [];
      if (found === undefined) continue;
      const cell = token === numberToken ? found : words.get(found);
      if (cell === undefined) continue;
      this.at += found.length;
      return cell;
    }
    return this.refuse('expected a value');
  }

  /** @param at place in the text, else that of the next character */
  refuse(problem: string, at = this.at): never {
    const above = this.text.slice(0, at).split(/\r\n?|\n/);
    const line = above.length;
    const column = above[line - 1].length + 1;
    const found = this.text.slice(at, at + 20);
    throw new RunsError(
      {
        file: this.file,
        problem: `line ${line}, character ${column}: ${problem}`,
        found: found === '' ? 'the end of the file' : quoted(found),
      },
      'Export the file again as JSON, such as with Python’s json.dump.',
    );
  }
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes++;
  return slashes % 2 === 1;
}
