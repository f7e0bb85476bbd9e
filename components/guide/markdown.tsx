import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import type { ReactNode } from 'react';
import { ScrollX } from '../ui/layout';

/** A document of this repository as marked has read it. */
export interface MarkdownDocument {
  readonly tokens: readonly MarkedToken[];
  /** Ids for links to headings, unique in the document. */
  readonly ids: ReadonlyMap<Tokens.Heading, string>;
}

/** Text of HTML, as `&amp;`: marked leaves it as it stands, and so would the page. */
const entity = /&(?:#\w+|\w+);/;
/** Within the site, or elsewhere by https. */
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

/** The text alone, without marks. */
export function plainText(tokens: readonly Token[]): string {
  return known(tokens)
    .map((token) => {
      if ('tokens' in token && token.tokens) return plainText(token.tokens);
      return 'text' in token ? token.text : '';
    })
    .join('');
}

/**
 * A document as elements. Everything is text of React: no markup of the document's own gets through.
 *
 * @throws SyntaxError at what the page has no look for (HTML, images, quotes), so that no document is shown
 * as it was not meant
 */
export function Markdown({ document: { tokens, ids } }: { document: MarkdownDocument }) {
  return children(tokens, ids);
}

function children(tokens: readonly Token[] = [], ids: MarkdownDocument['ids'] = new Map()) {
  // A document does not change while it is on view: places are keys.
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
      // Of a list's item, it has tokens of its own.
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

/** Tokens of marked alone: it has no extension here that would bring others. */
function known(tokens: readonly Token[]): readonly MarkedToken[] {
  return tokens as readonly MarkedToken[];
}

function refuse(raw: string): never {
  throw new SyntaxError(`expected Markdown that the page has a look for, found “${raw.trim()}”`);
}

/** Words of a heading joined by dashes, numbered when they were there before. */
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
