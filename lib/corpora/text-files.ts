import { StageError } from '../errors';
import { splitDocuments, tokensOf } from './tokens';
import type { DomainText, TextDocument } from './types';

/** A text file of a user: its path within what was opened, and its content. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

export interface NamedText extends DomainText {
  readonly id: string;
}

const mostDomains = 200;
/** Share of documents that validate where no file says that it does. */
const validationShare = 0.1;
/** Documents that a file without lines of its own is cut into, about this many characters each. */
const pieceCharacters = 2_000;

/**
 * Domains out of text files, as RegMix names them: `<domain>-<n>.jsonl` with `text` in every line, `.txt`
 * or `.md`; what is before the number is the domain. Files in a folder `valid`, or whose name begins with
 * `valid`, give validation text; a domain without any keeps back a tenth of its documents.
 *
 * @returns domains in the order of their names
 * @throws StageError when a file cannot be read, or a domain is too small
 */
export function domainsOfFiles(files: readonly TextFile[]): NamedText[] {
  const domains = new Map<string, { training: TextDocument[]; validation: TextDocument[] }>();
  for (const { path, text } of files) {
    const { domain, isValidation } = domainOfPath(path);
    const both = domains.get(domain) ?? { training: [], validation: [] };
    domains.set(domain, both);
    both[isValidation ? 'validation' : 'training'].push(...documentsOf(path, text));
  }
  if (domains.size > mostDomains) {
    throw new StageError(
      'corpora',
      `The files name ${domains.size} domains; ${mostDomains} is the most there can be.`,
      'Name files <domain>-<n>, with one domain for all files of a kind.',
    );
  }
  return [...domains]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { training, validation }]) => {
      const text =
        validation.length > 0
          ? { training: tokensOf(training), validation: tokensOf(validation) }
          : splitDocuments(training, validationShare);
      if (text.training.length === 0 || text.validation.length === 0) {
        throw new StageError(
          'corpora',
          `Domain “${id}” has ${training.length} documents of training and ${validation.length} of validation text: too few to keep some back.`,
          'Add text to it, or files in a folder named valid.',
        );
      }
      return { id, ...text };
    });
}

function domainOfPath(path: string): { domain: string; isValidation: boolean } {
  const parts = path.split('/');
  const name = (parts.pop() ?? '').replace(/\.(jsonl|txt|md)$/i, '');
  const isValidation = parts.includes('valid') || /^valid[-_]/i.test(name);
  const plain = name.replace(/^(train|valid)[-_]/i, '');
  return { domain: plain.replace(/-\d+$/, ''), isValidation };
}

function documentsOf(path: string, text: string): TextDocument[] {
  if (/\.jsonl$/i.test(path)) return documentsOfLines(path, text);
  return piecesOf(text).map((piece, place) => ({ id: `${path} ${place}`, text: piece }));
}

function documentsOfLines(path: string, text: string): TextDocument[] {
  return text.split('\n').flatMap((line, place) => {
    if (line.trim() === '') return [];
    const found = textField(line);
    if (found === null) {
      throw new StageError(
        'corpora',
        `${path}, line ${place + 1}: found ${line.slice(0, 60)}, expected a JSON object with a “text” that is a string.`,
        'One object a line, as RegMix’s corpora are kept.',
      );
    }
    return found === '' ? [] : [{ id: `${path} ${place}`, text: found }];
  });
}

function textField(line: string): string | null {
  try {
    const value: unknown = JSON.parse(line);
    const text: unknown = Object(value).text;
    return typeof text === 'string' ? text : null;
  } catch {
    return null;
  }
}

/** Paragraphs joined to pieces, so that a single long file can be split into training and validation. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const paragraph of text.split(/\n\s*\n/)) {
    piece = piece === '' ? paragraph : `${piece}\n\n${paragraph}`;
    if (piece.length >= pieceCharacters) {
      pieces.push(piece);
      piece = '';
    }
  }
  if (piece.trim() !== '') pieces.push(piece);
  return pieces;
}
