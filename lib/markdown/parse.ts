import { type Inline, parseInline, plainText } from './inline';

/** A block of a document. */
export type Block =
  | {
      readonly kind: 'heading';
      readonly level: number;
      /** Unique in the document, for links to it. */
      readonly id: string;
      readonly children: readonly Inline[];
    }
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | {
      readonly kind: 'list';
      readonly isOrdered: boolean;
      readonly items: readonly (readonly Inline[])[];
    }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | {
      readonly kind: 'table';
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    };

const heading = /^(#{1,6}) (.+)$/;
const fence = /^```(\w*)$/;
const item = /^(?:[-*]|(\d+)\.) (.+)$/;
const rule = /^\|(?: *:?-+:? *\|)+$/;

/**
 * Reads the part of Markdown that this repository's documents are written in: headings, paragraphs, flat
 * lists, fenced code and tables.
 *
 * @throws SyntaxError at what it does not know (HTML, nested lists, quotes), so that no document is shown
 * as it was not meant
 */
export function parseMarkdown(text: string): Block[] {
  const lines = text.split(/\r?\n/);
  const blocks: Block[] = [];
  const ids = new Set<string>();
  let at = 0;

  /** The lines from here on that a test accepts. */
  function take(accepts: (line: string) => boolean): string[] {
    const from = at;
    while (at < lines.length && accepts(lines[at])) at++;
    return lines.slice(from, at);
  }

  while (at < lines.length) {
    const line = lines[at];
    if (line.trim() === '') {
      at++;
    } else if (heading.test(line)) {
      const [, marks, title] = heading.exec(line) ?? [];
      const children = parseInline(title);
      blocks.push({ kind: 'heading', level: marks.length, id: idOf(children, ids), children });
      at++;
    } else if (fence.test(line)) {
      const [, language] = fence.exec(line) ?? [];
      at++;
      const code = take((each) => each !== '```');
      if (at === lines.length) throw new SyntaxError(`line ${at}: a code block does not end`);
      at++;
      blocks.push({ kind: 'code', language, text: code.join('\n') });
    } else if (line.startsWith('|')) {
      blocks.push(tableOf(take((each) => each.startsWith('|'))));
    } else if (item.test(line)) {
      const isOrdered = item.exec(line)?.[1] !== undefined;
      const items = take((each) => item.test(each)).map((each) => item.exec(each)?.[2] ?? '');
      blocks.push({ kind: 'list', isOrdered, items: items.map(parseInline) });
    } else {
      if (/^[<>\s]/.test(line)) {
        throw new SyntaxError(`line ${at + 1}: expected plain Markdown, found “${line}”`);
      }
      const words = take((each) => each.trim() !== '' && !item.test(each) && !fence.test(each));
      blocks.push({ kind: 'paragraph', children: parseInline(words.join(' ')) });
    }
  }
  return blocks;
}

function tableOf(lines: readonly string[]): Block {
  const [head, separator, ...rows] = lines;
  if (separator === undefined || !rule.test(separator)) {
    throw new SyntaxError(`expected a line of dashes below “${head}”`);
  }
  const cellsOf = (line: string) =>
    line
      .replace(/^\||\|\s*$/g, '')
      .split('|')
      .map((cell) => parseInline(cell.trim()));
  const columns = cellsOf(head);
  const body = rows.map(cellsOf);
  const uneven = body.findIndex((row) => row.length !== columns.length);
  if (uneven >= 0) throw new SyntaxError(`expected ${columns.length} cells in “${rows[uneven]}”`);
  return { kind: 'table', head: columns, rows: body };
}

/** Words of the heading joined by dashes, numbered when it was there before. */
function idOf(children: readonly Inline[], ids: Set<string>): string {
  const plain = plainText(children)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  let id = plain;
  for (let count = 2; ids.has(id); count++) id = `${plain}-${count}`;
  ids.add(id);
  return id;
}
