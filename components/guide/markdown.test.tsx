import { readFileSync } from 'node:fs';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, it } from 'vitest';
import GuidePage from '../../app/guide/page';
import { Markdown, readMarkdown } from './markdown';

function render(text: string): string {
  return renderToStaticMarkup(<Markdown document={readMarkdown(text)} />);
}

/** The visible text of markup. */
function textOf(markup: string): string {
  return unescaped(markup.replace(/<[^>]*>/g, ''));
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&');
}

describe('Markdown', () => {
  it('reads headings with unique ids, paragraphs, lists, code and tables', () => {
    const lines = [
      '# One & two',
      'a',
      'b',
      '',
      '- x',
      '- y',
      '  1. nested',
      '',
      '3. z',
      '```sh',
      'run *this*',
      '```',
      '| p | q |',
      '|---|:-:|',
      '| r | `s` |',
      '',
      '## One & two',
    ];
    expect(render(lines.join('\n'))).toBe(
      [
        '<h1 id="one-two" tabindex="-1">One &amp; two</h1>',
        '<p>a\nb</p>',
        '<ul><li>x</li><li>y<ol><li>nested</li></ol></li></ul>',
        '<ol start="3"><li>z</li></ol>',
        '<pre tabindex="0"><code>run *this*</code></pre>',
        render('| p | q |\n|---|:-:|\n| r | `s` |'),
        '<h2 id="one-two-2" tabindex="-1">One &amp; two</h2>',
      ].join(''),
    );
    expect(render('| p | q |\n|---|:-:|\n| r | `s` |')).toContain(
      '<table><thead><tr><th scope="col">p</th><th scope="col">q</th></tr></thead>' +
        '<tbody><tr><td>r</td><td><code>s</code></td></tr></tbody></table>',
    );
  });

  it('reads code, links, strong and emphasised text', () => {
    expect(render('a `b*c*` **d** *e f* [g `h`](h.md) \\*i https://a.org/x?y=1&z=2.')).toBe(
      '<p>a <code>b*c*</code> <strong>d</strong> <em>e f</em> <a href="h.md">g <code>h</code></a> *i ' +
        '<a href="https://a.org/x?y=1&amp;z=2">https://a.org/x?y=1&amp;z=2</a>.</p>',
    );
  });

  it('leaves a single asterisk and a single angle bracket as text', () => {
    expect(render('2 * 3 * 4 < 5 & 6')).toBe('<p>2 * 3 * 4 &lt; 5 &amp; 6</p>');
  });

  it.each([
    '<div>',
    'a <b>bold</b> word',
    '<script>alert(1)</script>',
    '> quote',
    '![image](a.png)',
    '[click](javascript:alert(1))',
    '[click](data:text/html,x)',
    '- [ ] task',
    'a &amp; b',
    '---',
  ])('refuses %s', (text) => {
    expect(() => render(text)).toThrow(SyntaxError);
  });
});

describe('the guide’s page', () => {
  const source = readFileSync('docs/guide.md', 'utf8');
  /** The lines outside code blocks, in which headings and links can occur. */
  const prose = source.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, 'code');
  let page = '';
  let main = '';
  beforeAll(async () => {
    page = renderToStaticMarkup(await GuidePage());
    main = /<main[^>]*>([\s\S]*)<\/main>/.exec(page)?.[1] ?? '';
  });

  it('has every heading, and links its contents to those of the second level', () => {
    const written = source
      .replace(/^```[\s\S]*?^```$/gm, '')
      .split('\n')
      .flatMap((line) => {
        const [, marks, title] = /^(#{1,6}) (.*)$/.exec(line) ?? [];
        return marks ? [[marks.length, title.replace(/[`*]/g, '')] as const] : [];
      });
    const shown = [...main.matchAll(/<h(\d) id="([^"]+)"[^>]*>(.*?)<\/h\1>/g)].map(
      ([, level, id, title]) => ({ level: Number(level), id, title: textOf(title) }),
    );
    expect(written.length).toBeGreaterThan(10);
    expect(shown.map(({ level, title }) => [level, title])).toEqual(written);
    expect(new Set(shown.map(({ id }) => id)).size).toBe(shown.length);
    const contents = /<nav class="guide-contents"[\s\S]*?<\/nav>/.exec(page)?.[0] ?? '';
    expect(
      [...contents.matchAll(/<a href="#([^"]+)">(.*?)<\/a>/g)].map(([, id, title]) => ({
        level: 2,
        id,
        title: textOf(title),
      })),
    ).toEqual(shown.filter(({ level }) => level === 2));
  });

  it('has every link', () => {
    const written = [...prose.matchAll(/\]\(([^()\s]+)\)|(https:\/\/[^\s)]*[^\s).,;:])/g)].map(
      ([, target, address]) => target ?? address,
    );
    const shown = [...main.matchAll(/<a href="([^"]*)"/g)].map(([, href]) => unescaped(href));
    expect(shown).toEqual(written);
  });

  it('has every word, in order', () => {
    const words = (value: string) => value.match(/[\p{L}\p{N}]+/gu) ?? [];
    // Numbers of list items, languages of code and addresses of links are not part of the visible
    // text.
    const bare = source
      .replace(/^\d+\. /gm, '')
      .replace(/^```\w+$/gm, '')
      .replace(/\]\([^)]*\)/g, ']');
    const shown = main.replace(/<\/(?:p|li|h\d|td|th|pre)>/g, ' ');
    expect(words(textOf(shown))).toEqual(words(bare));
  });
});
