import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withoutNearDuplicates } from '../../lib/corpora/duplicates';
import { hashText } from '../../lib/corpora/tokens';
import type { TextDocument } from '../../lib/corpora/types';
import { isKnownLicence, sourceAt } from '../licences';
import type { SourceCorpora } from './source';

interface Kind {
  readonly id: string;
  readonly name: string;
  readonly matches: (file: string) => boolean;
}

const kinds: readonly Kind[] = [
  { id: 'javascript', name: 'JavaScript', matches: (file) => /\.(js|mjs|cjs)$/.test(file) },
  { id: 'declarations', name: 'Type declarations', matches: (file) => /\.d\.[mc]?ts$/.test(file) },
  { id: 'markdown', name: 'Markdown', matches: (file) => /\.md$/i.test(file) },
  { id: 'licences', name: 'Licences', matches: (file) => /^(LICEN[CS]E|COPYING)/i.test(file) },
  { id: 'manifests', name: 'JSON', matches: (file) => /\.json$/.test(file) },
  { id: 'styles', name: 'Style sheets', matches: (file) => /\.css$/.test(file) },
];

const maxFileBytes = 60_000;
/** Maximum characters of a domain; files are selected by hash. */
const maxCharacters = 1_200_000;
/** A domain with less text is omitted. */
const minCharacters = 60_000;

/** A file of a package. */
interface SourceFile extends TextDocument {
  /** Folder of its package. */
  readonly from: string;
  readonly licence: string;
}

/**
 * The contents of packages whose licence is known, by kind of file: one document per file, without minified
 * and generated ones.
 */
export function readSoftware(root: string): SourceCorpora {
  const found = kinds.map((): SourceFile[] => []);
  const taken = new Set<string>();
  for (const [folder, licence] of packagesOf(root)) {
    for (const path of filesOf(join(root, folder), folder)) {
      const file = path.split('/').at(-1) ?? '';
      const kind = kinds.findIndex(({ matches }) => matches(file));
      if (kind < 0 || /\.min\.|\.map$/.test(file)) continue;
      if (statSync(join(root, path)).size > maxFileBytes) continue;
      const text = readFileSync(join(root, path), 'utf8');
      if (isReadable(text)) found[kind].push({ id: path, text, licence, from: folder });
    }
  }
  const domains = kinds.flatMap(({ id, name }, kind) => {
    const documents = cappedByHash(withoutNearDuplicates(found[kind]));
    const characters = documents.reduce((sum, { text }) => sum + text.length, 0);
    if (characters < minCharacters) return [];
    const licence = licencesOf(documents.map(({ licence: each }) => each));
    for (const { from } of documents) taken.add(from);
    return [{ id, name, source: 'files of the packages in package-lock.json', licence, documents }];
  });
  return {
    id: 'software',
    name: 'Software',
    description: 'What software packages consist of, by kind of file.',
    sources: [...taken].sort().map((folder) => sourceAt(root, folder)),
    domains,
  };
}

/** Packages of the lock file that every platform installs and whose licence is known: folder and licence. */
function packagesOf(root: string): [string, string][] {
  const lock: { packages: Record<string, { optional?: boolean; license?: string }> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  return Object.entries(lock.packages)
    .flatMap(([folder, { optional, license }]): [string, string][] =>
      folder !== '' && !optional && isKnownLicence(license) ? [[folder, license]] : [],
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Files below a folder, without packages nested in it, which are listed themselves; sorted. */
function filesOf(folder: string, name: string): string[] {
  const entries: Dirent[] = readdirSync(folder, { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name === 'node_modules' || entry.isSymbolicLink()) return [];
      const path = `${name}/${entry.name}`;
      if (entry.isDirectory()) return filesOf(join(folder, entry.name), path);
      return entry.isFile() ? [path] : [];
    });
}

/** Whether a person wrote the text: no control characters, no very long lines. */
function isReadable(text: string): boolean {
  if (text.trim() === '' || text.includes('\u0000') || text.includes('\ufffd')) return false;
  return text.split('\n').every((line) => line.length <= 1000);
}

function cappedByHash<Document extends TextDocument>(documents: readonly Document[]): Document[] {
  let characters = 0;
  return [...documents]
    .sort((a, b) => hashText(a.id) - hashText(b.id))
    .filter(({ text }) => {
      characters += text.length;
      return characters <= maxCharacters;
    });
}

function licencesOf(licences: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const licence of licences) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([licence]) => licence)
    .join(', ');
}
