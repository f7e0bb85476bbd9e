/** Files of text and JSONL to domains of documents, read as they stream in. */

import { StageError } from '../model/errors';
import { plural } from '../model/format';
import { parseJson } from '../model/json';
import { cleanLabel } from '../model/labels';
import { createDocumentStore, type DocumentStore } from './tokens';
import type { DomainText, TextDocument } from './types';

export interface NamedText extends DomainText {
  readonly id: string;
}

/** Reads the user's text files one after the other, chunk by chunk. */
export interface DomainsReader {
  /**
   * Begins a file; the previous one must be closed. Pushing a chunk that cannot be read throws a StageError
   * with file and line: one that is not UTF-8, or holds a NUL, as no text does.
   *
   * @param path within what was opened, with its ending
   */
  readonly open: (path: string) => ByteReader;
  /**
   * The domains of all files, in the order of their names.
   *
   * @throws StageError when there are too many, or one is too small
   */
  readonly domains: () => NamedText[];
}

const maxDomains = 200;
/** Share of documents held out for validation where no file is marked as validation text. */
const validationShare = 0.1;
/** Approximate characters of the documents that a plain text file is cut into. */
const pieceCharacters = 2_000;
/**
 * Maximum characters of such a document: without the end of a paragraph, it ends at a line's end, or else
 * within the line.
 */
const longestPiece = 3_000;

/**
 * Domains out of text files, as RegMix names them: `<domain>-<n>.jsonl` with `text` in every line, `.txt` or
 * `.md`, or `<domain>_<n>`; what is before the number is the domain. Files in a folder `valid`, or whose name
 * begins with `valid`, give validation text; a domain without any holds out a tenth of its documents.
 */
export function createDomainsReader(): DomainsReader {
  const found = new Map<string, { training: DocumentStore; validation: DocumentStore }>();
  return {
    open(path) {
      const { domain, isValidation } = domainOfPath(path);
      const both = found.get(domain) ?? {
        training: createDocumentStore(),
        validation: createDocumentStore(),
      };
      found.set(domain, both);
      if (found.size > maxDomains) {
        throw new StageError(
          'corpora',
          `The files name more than ${maxDomains} domains, the most that a study can have.`,
          'Name files <domain>-<n> or <domain>_<n>, with the same domain for all files of a kind.',
        );
      }
      const { add } = isValidation ? both.validation : both.training;
      const lines = /\.jsonl$/i.test(path) ? readJsonLines(path, add) : readPieces(path, add);
      return decoded(path, lines);
    },
    domains: () =>
      [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, both]) => domainOf(id, both)),
  };
}

/** Takes a file as the bytes of UTF-8 text, chunk by chunk. */
interface ByteReader {
  readonly push: (bytes: Uint8Array) => void;
  /** Must be called at the end of the file. */
  readonly close: () => void;
}

function decoded(path: string, lines: LineReader): ByteReader {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let breaks = 0;

  function refuse(found: string): never {
    throw new StageError(
      'corpora',
      `${path}, line ${breaks + 1}: found ${found}, expected UTF-8 text.`,
      'Save the file as UTF-8, or leave it out.',
    );
  }

  function take(bytes: Uint8Array | null): void {
    let text: string;
    try {
      text = bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      // The line is that of the chunk's start at least: count what can be read of it.
      const start = new TextDecoder().decode(bytes ?? undefined);
      breaks += count(start.slice(0, Math.max(0, start.indexOf('\ufffd'))), '\n');
      refuse('bytes that are not UTF-8');
    }
    const nul = text.indexOf('\0');
    if (nul >= 0) {
      breaks += count(text.slice(0, nul), '\n');
      refuse('a NUL character');
    }
    if (text !== '') lines.push(text);
    breaks += count(text, '\n');
  }

  return {
    push: take,
    close() {
      take(null);
      lines.close();
    },
  };
}

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found++;
  return found;
}

function domainOf(
  id: string,
  { training, validation }: { training: DocumentStore; validation: DocumentStore },
): NamedText {
  const text =
    validation.count() > 0
      ? { training: training.tokens(), validation: validation.tokens() }
      : training.holdOut(validationShare);
  if (text.training.length === 0 || text.validation.length === 0) {
    throw new StageError(
      'corpora',
      `Domain “${id}” has ${plural(training.count(), 'document')} of training and ${validation.count()} of validation text: too few to hold some out.`,
      'Add text to it, or files in a folder named valid. Files named <domain>-<n> or <domain>_<n> belong to one domain.',
    );
  }
  return { id, ...text };
}

function domainOfPath(path: string): { domain: string; isValidation: boolean } {
  const parts = path.split('/');
  const name = (parts.pop() ?? '').replace(/\.(jsonl|txt|md)$/i, '');
  const isValidation = parts.includes('valid') || /^valid[-_]/i.test(name);
  const plain = name.replace(/^(train|valid)[-_]/i, '');
  return { domain: cleanLabel(plain.replace(/[-_]\d+$/, '')) || 'text', isValidation };
}

function readJsonLines(path: string, add: (document: TextDocument) => void): LineReader {
  let place = 0;
  return createLineReader((line) => {
    place++;
    if (line.trim() === '') return;
    const found = textField(line);
    if (found === null) {
      throw new StageError(
        'corpora',
        `${path}, line ${place}: found ${line.slice(0, 60)}, expected a JSON object with a “text” that is a string.`,
        'Write one object per line, as in RegMix’s corpora.',
      );
    }
    if (found !== '') add({ id: `${path} ${place - 1}`, text: found });
  });
}

function textField(line: string): string | null {
  try {
    const value: unknown = parseJson(line);
    const text: unknown = Object(value).text;
    return typeof text === 'string' ? text : null;
  } catch {
    return null;
  }
}

/**
 * Paragraphs joined to pieces, so that a single long file can be split into training and validation, whether
 * it has paragraphs or not.
 */
function readPieces(path: string, add: (document: TextDocument) => void): LineReader {
  let place = 0;
  let paragraphs: string[] = [];
  let lines: string[] = [];
  let characters = 0;

  function endParagraph(): void {
    if (lines.length === 0) return;
    paragraphs.push(lines.join('\n'));
    lines = [];
    if (characters >= pieceCharacters) endPiece();
  }

  function endPiece(): void {
    if (paragraphs.length === 0) return;
    add({ id: `${path} ${place++}`, text: paragraphs.join('\n\n') });
    paragraphs = [];
    characters = 0;
  }

  const reader = createLineReader((line) => {
    if (line.trim() === '') {
      endParagraph();
      return;
    }
    for (const part of partsOf(line)) {
      lines.push(part);
      characters += part.length + 1;
      if (characters >= longestPiece) endParagraph();
    }
  });
  return {
    push: reader.push,
    close() {
      reader.close();
      endParagraph();
      endPiece();
    },
  };
}

/** A line in parts that are not too long, each of whole characters. */
function partsOf(line: string): string[] {
  const parts: string[] = [];
  for (let from = 0; from < line.length; ) {
    const isPair = (line.codePointAt(from + longestPiece - 1) ?? 0) > 0xffff;
    const end = from + longestPiece - (isPair ? 1 : 0);
    parts.push(line.slice(from, end));
    from = end;
  }
  return parts;
}

/** Splits a text that comes in chunks into lines, without the newline. */
interface LineReader {
  readonly push: (text: string) => void;
  /** Emits the text after the last newline, if any. */
  readonly close: () => void;
}

function createLineReader(onLine: (line: string) => void): LineReader {
  // Joined once at the end of a line: a file without newlines would otherwise be copied with every chunk.
  let open: string[] = [];

  function flush(): void {
    const line = open.join('');
    open = [];
    onLine(line);
  }

  return {
    push(text) {
      let from = 0;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
        open.push(text.slice(from, at));
        from = at + 1;
        flush();
      }
      if (from < text.length) open.push(text.slice(from));
    },
    close() {
      if (open.length > 0) flush();
    },
  };
}
