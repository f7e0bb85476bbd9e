/**
 * Builds the default corpora from packages that the project depends on anyway, into `public/corpora/`
 * (not in version control): Languages, the TypeScript compiler's messages in 14 languages, and Software, what
 * packages consist of. Does nothing when they are there and the lock file has not changed.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packText, storeOf } from '../lib/corpora/tokens';
import type { CorporaManifest, DomainManifest, TextDocument } from '../lib/corpora/types';
import { readLanguages } from './corpora/languages';
import { readSoftware } from './corpora/software';
import type { SourceCorpora } from './corpora/source';

const validationShare = 0.12;
const sampleLength = 240;

function build(corpora: SourceCorpora, folder: string): CorporaManifest {
  const { domains, ...about } = corpora;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const manifest: CorporaManifest = {
    format: 'regmix-corpora',
    version: 1,
    ...about,
    domains: domains.map(({ id, name, source, licence, documents }): DomainManifest => {
      const text = storeOf(documents).split(validationShare);
      const file = `${id}.bin`;
      writeFileSync(join(folder, file), packText(text));
      return {
        id,
        name,
        source,
        licence,
        documents: documents.length,
        trainingTokens: text.training.length,
        validationTokens: text.validation.length,
        sample: sampleOf(documents),
        file,
      };
    }),
  };
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
  return manifest;
}

function sampleOf(documents: readonly TextDocument[]): string {
  const start = documents.slice(0, 4).map(({ text }) => text);
  return Array.from(start.join('\n')).slice(0, sampleLength).join('');
}

/** @param out folder in which a folder per set of corpora is written */
export function buildCorpora(root: string, out: string): CorporaManifest[] {
  return [readLanguages(root), readSoftware(root)].map((corpora) =>
    build(corpora, join(out, corpora.id)),
  );
}

/** The inputs of the built corpora: packages, and the code that reads them. */
function stampOf(root: string): string {
  const hash = createHash('sha256');
  for (const path of [
    'package-lock.json',
    'scripts/build-corpora.ts',
    'scripts/corpora/languages.ts',
    'scripts/corpora/software.ts',
    'scripts/licences.ts',
    'lib/corpora/tokens.ts',
    'lib/corpora/duplicates.ts',
  ]) {
    hash.update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

/**
 * Builds the corpora under `public/corpora/` if they are missing or were built from other packages.
 */
export function refreshCorpora(root: string): void {
  const out = join(root, 'public', 'corpora');
  const stampPath = join(out, 'stamp');
  const stamp = stampOf(root);
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return;
  for (const { name, domains } of buildCorpora(root, out)) {
    console.log(name);
    for (const { id, documents, trainingTokens, validationTokens } of domains) {
      const columns = [id.padEnd(14), documents, trainingTokens, validationTokens];
      console.log(`  ${columns.join('\t')}`);
    }
  }
  writeFileSync(stampPath, stamp);
}

if (process.argv[1]?.endsWith('build-corpora.ts')) refreshCorpora(process.cwd());
