import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const folders = readdirSync('.', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((name) => /^[a-z]+$/.test(name) && name !== 'shared' && name !== 'out');
const sources = ['app', 'bench', 'components', 'e2e', 'lib', 'scripts', 'workers'];
/** Of the repository, from its root. */
const paths = sources.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
);
const names = new Set([...paths, ...readdirSync('.')].map((path) => basename(path)));
/** What the build writes: a fresh clone has none. */
const built = /^public\/(?:corpora|wasm|licences\.txt)/;

/** What a document says in code: spans, and words of blocks. */
function codeOf(text: string): string[] {
  const blocks = [...text.matchAll(/^ *```[^\n]*\n([\s\S]*?)^ *```/gm)].map(([, block]) => block);
  const prose = text.replace(/^ *```[\s\S]*?^ *```/gm, '');
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span);
  return [...blocks, ...spans].flatMap((code) => code.split(/[\s"'=,;]+/));
}

/** Whether a path exists; `*` stands for a part of a name. */
function isThere(path: string): boolean {
  if (!path.includes('*')) return existsSync(path);
  const pattern = path.split('*').map((part) => part.replace(/[.()[\]]/g, '\\$&'));
  return paths.some((each) => new RegExp(`^${pattern.join('[^/]*')}$`).test(each));
}

/** The ids that a page has for a heading, as GitHub makes them. */
function headingsOf(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(documents)('%s', (document) => {
  const text = readFileSync(document, 'utf8');
  const code = codeOf(text);

  it('names only paths that exist', () => {
    const named = code
      .map((word) => word.replace(/[.:]+$/, ''))
      .filter((word) => folders.includes(word.split('/')[0]) && /^[\w./()*-]+$/.test(word))
      .filter((word) => word.includes('/') && !built.test(word));
    expect(named.filter((path) => !isThere(path))).toEqual([]);
  });

  it('names only files of source that exist', () => {
    const files = code.filter((word) => /^\w[\w.-]*\.tsx?$/.test(word));
    expect(files.filter((name) => !names.has(name))).toEqual([]);
  });

  it('links to what exists', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link)
      .filter((link) => !/^(?:https?:|mailto:)/.test(link));
    const broken = links.filter((link) => {
      const [path, anchor] = link.split('#');
      const target = path === '' ? document : join(dirname(document), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !headingsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('calls only scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    const called = [...text.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, name]) => name);
    expect(called.filter((name) => !(name in scripts))).toEqual([]);
  });
});
