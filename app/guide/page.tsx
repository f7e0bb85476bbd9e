import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metadata } from 'next';
import { Markdown, plainText, readMarkdown } from '../../components/guide/markdown';
import { SiteBar } from '../../components/site/site-bar';
import '../styles/guide.css';

export const metadata: Metadata = {
  title: 'Guide: from your corpora to a mixture | RegMix Explorer',
  description:
    'From several kinds of text to the mixture for a large model: domains, proxies, regression, limits, verification, and what small proxies cannot tell.',
};

/** `docs/guide.md` as a page, read at build time. */
export default async function GuidePage() {
  const guide = readMarkdown(await readFile(join(process.cwd(), 'docs', 'guide.md'), 'utf8'));
  const contents = [...guide.ids].filter(([{ depth }]) => depth === 2);
  return (
    <>
      <SiteBar current="guide" />
      <div className="guide">
        <nav className="guide-contents" aria-label="Contents">
          <ul>
            {contents.map(([{ tokens }, id]) => (
              <li key={id}>
                <a href={`#${id}`}>{plainText(tokens)}</a>
              </li>
            ))}
          </ul>
        </nav>
        <main className="guide-text">
          <Markdown document={guide} />
        </main>
      </div>
    </>
  );
}
