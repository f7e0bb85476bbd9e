/**
 * Markdown of this repository's documents: parsed by marked at build time, rendered as React
 * elements.
 */
import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import type { ReactNode } from 'react';
import { ScrollX } from '../ui/layout';

/** A document of this repository, parsed by marked. */
export interface MarkdownDocument {
  readonly tokens: readonly MarkedToken[];
  /** Ids of headings to link to, unique in the document. */
  readonly ids: ReadonlyMap<Tokens.Heading, string>;
}

/** An HTML entity such as `&amp;`: marked leaves it as it is, and the page would, too. */
const entity = /&(?:#\w+|\w+);/;
/** Links within the site, or to https addresses. */
const harmless = /^(?:https:\/\/|(?![a-z][a-z\d+.-]*:))/i;

/** @param text Markdown as GitHub reads it */
export function readMarkdown(text: string): MarkdownDocument {
  const tokens = known(lexer(text, { gfm: true }));
  const ids = new Map<Tokens.Heading, string>();
  const taken = new Set<string>();
  for (const token of tokens) {
    if (token.type === 'heading') ids.set(token, idOf(plainText(token.tokens), taken));
  }
  return { tokens, ids };
}

/** The text without its markup. */
export function plainText(tokens: readonly Token[]): string {
  return known(tokens)
    .map((token) => {
      if ('tokens' in token && token.tokens) return plainText(token.tokens);
      return 'text' in token ? token.text : '';
    })
    .join('');
}

/**
 * Renders a document as React elements. All of its text is escaped: no markup of the document gets
 * through.
 *
 * @throws SyntaxError for syntax that the page does not render (HTML, images, quotes), so that no
 * document is shown wrongly
 */
export function Markdown({ document: { tokens, ids } }: { document: MarkdownDocument }) {
  return children(tokens, ids);
}

function children(tokens: readonly Token[] = [], ids: MarkdownDocument['ids'] = new Map()) {
  // A document does not change while it is shown: indices are keys.
  return known(tokens).map((token, place) => (
    <Element key={String(place)} token={token} ids={ids} />
  ));
}

function Element({ token, ids }: { token: MarkedToken; ids: MarkdownDocument['ids'] }): ReactNode {
  switch (token.type) {
    case 'space':
      return null;
    case 'heading': {
      const Heading = `h${token.depth}` as 'h1' | 'h2' | 'h3' | 'h4' | 'h5' | 'h6';
      return (
        <Heading id={ids.get(token)} tabIndex={-1}>
          {children(token.tokens)}
        </Heading>
      );
    }
    case 'paragraph':
      return <p>{children(token.tokens)}</p>;
    case 'list': {
      const items = token.items.map((item, place) => (
        <li key={String(place)}>{children(item.task ? refuse(item.raw) : item.tokens)}</li>
      ));
      if (!token.ordered) return <ul>{items}</ul>;
      return <ol start={token.start === 1 ? undefined : Number(token.start)}>{items}</ol>;
    }
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, by key too
        <pre tabIndex={0}>
          <code>{token.text}</code>
        </pre>
      );
    case 'table':
      return <Table table={token} />;
    case 'text':
      // The text of a list item has tokens of its own.
      if (token.tokens) return children(token.tokens);
      return entity.test(token.text) ? refuse(token.text) : token.text;
    case 'escape':
      return token.text;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'strong':
      return <strong>{children(token.tokens)}</strong>;
    case 'em':
      return <em>{children(token.tokens)}</em>;
    case 'link':
      return (
        <a href={harmless.test(token.href) ? token.href : refuse(token.raw)}>
          {token.autolink ? token.text : children(token.tokens)}
        </a>
      );
    default:
      return refuse(token.raw);
  }
}

function Table({ table: { header, rows } }: { table: Tokens.Table }) {
  return (
    <ScrollX label="A table, scrolls sideways">
      <table>
        <thead>
          <tr>
            {header.map((cell, column) => (
              <th key={String(column)} scope="col">
                {children(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            <tr key={String(place)}>
              {row.map((cell, column) => (
                <td key={String(column)}>{children(cell.tokens)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

/** Narrows to marked's own tokens: no extension is used here that would add others. */
function known(tokens: readonly Token[]): readonly MarkedToken[] {
  return tokens as readonly MarkedToken[];
}

function refuse(raw: string): never {
  throw new SyntaxError(`expected Markdown that the page has a look for, found “${raw.trim()}”`);
}

/** The words of a heading joined by dashes, with a number added to repeated ones. */
function idOf(heading: string, taken: Set<string>): string {
  const plain = heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  let id = plain;
  for (let count = 2; taken.has(id); count++) id = `${plain}-${count}`;
  taken.add(id);
  return id;
}
