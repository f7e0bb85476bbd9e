import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { readSoftware } from './corpora/software';
import { isKnownLicence, licencesText, productionFolders, sourceAt } from './licences';

/** Titles and texts of all sections. */
function sectionsOf(text: string): { readonly titles: readonly string[]; readonly text: string }[] {
  const [, ...parts] = text.split(/^={100}\n/m);
  return parts.flatMap((part, place) =>
    place % 2 === 0 ? [{ titles: part.trim().split('\n'), text: parts[place + 1].trim() }] : [],
  );
}

describe('licences.txt', () => {
  const sections = sectionsOf(licencesText('.', [sourceAt('.', 'node_modules/typescript')]));
  const textOf = (name: string) =>
    sections.find(({ titles }) => titles.some((title) => title.startsWith(`${name} (`)))?.text;

  it('has the licence text of every production package in the lock file', () => {
    const folders = productionFolders('.');
    expect(folders).toContain('node_modules/next');
    expect(folders).toContain('node_modules/@tensorflow/tfjs-core');
    expect(folders.length).toBeGreaterThan(100);
    for (const folder of folders) {
      const { name } = sourceAt('.', folder);
      expect(textOf(name), name).toMatch(/permi(?:tted|ssion)|licensed under|license/i);
      expect(textOf(name)?.length, name).toBeGreaterThan(400);
    }
  });

  it('holds no tool of development, but what the corpora have text of', () => {
    expect(textOf('vitest@4.1.12')).toBeUndefined();
    expect(textOf(sourceAt('.', 'node_modules/typescript').name)).toContain('Apache License');
  });

  it('gives its own licence first, and the parts of the wasm binaries', () => {
    expect(sections[0].titles).toEqual(['RegMix Explorer']);
    expect(sections[0].text).toBe(readFileSync('LICENSE', 'utf8').trim());
    expect(textOf('Abseil')).toContain('Google Inc.');
    expect(textOf('Eigen')).toMatch(/Mozilla Public License/i);
  });

  it('has authors and terms where a package has no licence file', () => {
    expect(textOf(sourceAt('.', 'node_modules/seedrandom').name)).toMatch(/^Copyright.*David Bau/);
    expect(textOf(sourceAt('.', 'node_modules/@tensorflow/tfjs').name)).toContain('Version 2.0');
  });
});

test.each([
  ['MIT', true],
  ['(MIT OR Apache-2.0)', true],
  ['Apache-2.0 WITH LLVM-exception', true],
  ['MIT AND ISC AND BSD-3-Clause', true],
  [undefined, false],
  ['', false],
  ['UNLICENSED', false],
  ['unknown', false],
  ['SEE LICENSE IN README.md', false],
])('the licence %j is known: %s', (licence, known) => {
  expect(isKnownLicence(licence)).toBe(known);
});

describe('a project whose packages are not all licensed', () => {
  const root = mkdtempSync(join(tmpdir(), 'regmix-licences-'));
  afterAll(() => rmSync(root, { recursive: true }));
  const packages: Record<string, { version: string; license?: string; dev?: boolean }> = {};
  function add(name: string, license: string | undefined, dev: boolean): void {
    const folder = `node_modules/${name}`;
    mkdirSync(join(root, folder), { recursive: true });
    const about = { name, version: '1.0.0', ...(license !== undefined && { license }) };
    writeFileSync(join(root, folder, 'package.json'), JSON.stringify(about));
    // Distinct words, so that no file is a near-duplicate of another.
    const words = Array.from({ length: 9_000 }, (_, at) => `${name}${(at * at) % 7_919}`);
    writeFileSync(join(root, folder, 'README.md'), words.join('\n').slice(0, 59_000));
    packages[folder] = { version: '1.0.0', ...(license !== undefined && { license }), dev };
  }
  add('free', 'MIT', true);
  add('open', 'ISC', false);
  add('unsaid', undefined, false);
  add('closed', 'UNLICENSED', true);
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  writeFileSync(join(root, 'LICENSE'), 'MIT');

  it('gives only the text of the others to the Software corpus, and names these', () => {
    const { domains, sources } = readSoftware(root);
    expect(sources).toEqual([
      { name: 'free@1.0.0', licence: 'MIT' },
      { name: 'open@1.0.0', licence: 'ISC' },
    ]);
    const ids = domains.flatMap(({ documents }) => documents.map(({ id }) => id));
    expect(ids.sort()).toEqual(['node_modules/free/README.md', 'node_modules/open/README.md']);
    for (const { licence } of domains) expect(licence).not.toContain('unknown');
  });

  it('has no licences.txt while a production package says none', () => {
    for (const path of ['typescript/LICENSE.txt', 'axe-core/LICENSE']) {
      mkdirSync(join(root, 'node_modules', path, '..'), { recursive: true });
      writeFileSync(join(root, 'node_modules', path), 'terms');
    }
    mkdirSync(join(root, 'node_modules/next/dist/compiled'), { recursive: true });
    expect(() => licencesText(root, [])).toThrow('node_modules/unsaid: found no licence');
  });
});
