import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest } from '../../lib/corpora/manifest';
import { createDomainsReader, type NamedText } from '../../lib/corpora/text-files';
import { unpackText } from '../../lib/corpora/tokens';
import { UsageError } from './arguments';

const builtIn = ['languages', 'software'];
const maxBytes = 200e6;

/** Whether a corpus is named and not a folder. */
export function isBuiltIn(name: string): boolean {
  return builtIn.includes(name);
}

/**
 * The domains of a corpus: a built-in one by its name, or the text files of a folder.
 *
 * @throws UsageError when there is no such corpus
 * @throws StageError when its text cannot be used
 */
export function readCorpora(name: string): NamedText[] {
  if (!isBuiltIn(name)) return readFolder(name);
  const folder = join('public', 'corpora', name);
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) throw new UsageError(`${folder} does not exist: run npm run corpora`);
  const manifest = parseManifest(JSON.parse(readFileSync(path, 'utf8')), path);
  return manifest.domains.map(({ id, file }) => ({
    id,
    ...unpackText(readFileSync(join(folder, file)), file),
  }));
}

/** The domains that an option names, or all. @throws UsageError when one is unknown */
export function chooseDomains(
  corpora: readonly NamedText[],
  requested: string | undefined,
): NamedText[] {
  if (requested === undefined) return [...corpora];
  return requested.split(',').map((name) => {
    const found = corpora.find(({ id }) => id === name.trim());
    if (found) return found;
    const known = corpora.map(({ id }) => id).join(', ');
    throw new UsageError(`--domains: found “${name}”, expected some of ${known}`);
  });
}

function readFolder(folder: string): NamedText[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UsageError(`--corpus: ${folder} is neither languages, software nor a folder`);
  }
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(jsonl|txt|md)$/i.test(path))
    .sort();
  const bytes = paths.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0);
  if (bytes > maxBytes) throw new UsageError(`${folder} holds more than 200 MB of text`);
  const reader = createDomainsReader();
  for (const path of paths) {
    const file = reader.open(path);
    file.push(readFileSync(join(folder, path)));
    file.close();
  }
  return reader.domains();
}
