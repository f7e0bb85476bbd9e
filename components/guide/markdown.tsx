import type { ReactNode } from 'react';
import type { Inline } from '../../lib/markdown/inline';
import type { Block } from '../../lib/markdown/parse';
import { ScrollX } from '../ui/scroll-x';

/** A document's blocks as elements. Everything is text: no markup of the document's own gets through. */
export function Markdown({ blocks }: { blocks: readonly Block[] }) {
  // A document does not change while it is on view: places are keys.
  return blocks.map((block, place) => <BlockOf key={String(place)} block={block} />);
}

function BlockOf({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading': {
      const Heading = `h${Math.min(6, block.level)}` as 'h1' | 'h2' | 'h3' | 'h4' | 'h5' | 'h6';
      return (
        <Heading id={block.id} tabIndex={-1}>
          {inlines(block.children)}
        </Heading>
      );
    }
    case 'paragraph':
      return <p>{inlines(block.children)}</p>;
    case 'list': {
      const List = block.isOrdered ? 'ol' : 'ul';
      return (
        <List>
          {block.items.map((item, place) => (
            <li key={String(place)}>{inlines(item)}</li>
          ))}
        </List>
      );
    }
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, by key too
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case 'table':
      return (
        <ScrollX label="A table, scrolls sideways">
          <table>
            <thead>
              <tr>
                {block.head.map((cell, place) => (
                  <th key={String(place)} scope="col">
                    {inlines(cell)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, place) => (
                <tr key={String(place)}>
                  {row.map((cell, column) => (
                    <td key={String(column)}>{inlines(cell)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      );
  }
}

function inlines(parts: readonly Inline[]): ReactNode {
  return parts.map((part, place) => <InlineOf key={String(place)} part={part} />);
}

function InlineOf({ part }: { part: Inline }) {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'code':
      return <code>{part.text}</code>;
    case 'strong':
      return <strong>{inlines(part.children)}</strong>;
    case 'emphasis':
      return <em>{inlines(part.children)}</em>;
    case 'link':
      return <a href={part.href}>{inlines(part.children)}</a>;
  }
}
