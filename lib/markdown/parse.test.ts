import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseInline, plainText } from './inline';
import { parseMarkdown } from './parse';

describe('parseInline', () => {
  it('reads code, links, strong and emphasised text', () => {
    expect(parseInline('a `b*c*` **d** *e f* [g](h.md).')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'code', text: 'b*c*' },
      { kind: 'text', text: ' ' },
      { kind: 'strong', children: [{ kind: 'text', text: 'd' }] },
      { kind: 'text', text: ' ' },
      { kind: 'emphasis', children: [{ kind: 'text', text: 'e f' }] },
      { kind: 'text', text: ' ' },
      { kind: 'link', href: 'h.md', children: [{ kind: 'text', text: 'g' }] },
      { kind: 'text', text: '.' },
    ]);
  });

  it('leaves a lone star and markup of HTML as text', () => {
    expect(parseInline('2 * 3 * 4 <b>')).toEqual([{ kind: 'text', text: '2 * 3 * 4 <b>' }]);
  });
});

describe('parseMarkdown', () => {
  it('reads headings with ids of their own, paragraphs, lists, code and tables', () => {
    const blocks = parseMarkdown(
      [
        '# One & two',
        '',
        'a',
        'b',
        '',
        '- x',
        '- y',
        '',
        '1. z',
        '```sh',
        'run *this*',
        '```',
        '| p | q |',
        '|---|:-:|',
        '| r | `s` |',
        '## One & two',
      ].join('\n'),
    );
    const text = (value: string) => [{ kind: 'text', text: value }];
    expect(blocks).toEqual([
      { kind: 'heading', level: 1, id: 'one-two', children: text('One & two') },
      { kind: 'paragraph', children: text('a b') },
      { kind: 'list', isOrdered: false, items: [text('x'), text('y')] },
      { kind: 'list', isOrdered: true, items: [text('z')] },
      { kind: 'code', language: 'sh', text: 'run *this*' },
      {
        kind: 'table',
        head: [text('p'), text('q')],
        rows: [[text('r'), [{ kind: 'code', text: 's' }]]],
      },
      { kind: 'heading', level: 2, id: 'one-two-2', children: text('One & two') },
    ]);
  });

  it('refuses what it does not know', () => {
    for (const text of [
      '<div>',
      '> quote',
      '  - nested',
      '```\nopen',
      '| a |\n| b |',
      '| a |\n|---|\n| b | c |',
    ]) {
      expect(() => parseMarkdown(text)).toThrow(SyntaxError);
    }
  });

  it('reads the guide, no word of it lost', () => {
    const text = readFileSync('docs/guide.md', 'utf8');
    const words = (value: string) => value.match(/[\p{L}\p{N}]+/gu) ?? [];
    const seen = parseMarkdown(text).flatMap((block) => {
      switch (block.kind) {
        case 'code':
          return [block.language, block.text];
        case 'list':
          return block.items.map(plainText);
        case 'table':
          return [...block.head, ...block.rows.flat()].map(plainText);
        default:
          return [plainText(block.children)];
      }
    });
    // Numbers of list items and addresses of links are not among the words on view.
    const bare = text.replace(/^\d+\. /gm, '').replace(/\]\([^)]*\)/g, ']');
    expect(words(seen.join(' '))).toEqual(words(bare));
  });
});
