/** The licences of all that the site holds: which packages, under which terms, with which notices. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CorporaSource } from '../lib/corpora/types';

/** What may stand in an SPDX expression of a package; anything else is no known licence. */
const expression = /^\(?[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*\)?$/;
const noLicence = /^(?:unlicensed|unknown|none|proprietary|custom)$/i;

/** Whether a package says under which licence it is, by an SPDX expression. */
export function isKnownLicence(licence: string | undefined): licence is string {
  return licence !== undefined && expression.test(licence) && !noLicence.test(licence);
}

/** Name, version and licence of the package in a folder below `root`. */
export function sourceAt(root: string, folder: string): CorporaSource {
  const { name, version, license } = manifestOf(root, folder);
  if (!isKnownLicence(license)) throw new Error(`${folder}: found no licence`);
  return { name: `${name}@${version}`, licence: license };
}

interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name?: string };
}

function manifestOf(root: string, folder: string): PackageManifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

interface LockEntry {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
}

/** Folders of the lock file's packages. */
function foldersOf(root: string, holds: (entry: LockEntry) => boolean): string[] {
  const lock: { packages: Record<string, LockEntry> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  return Object.entries(lock.packages)
    .filter(([folder, entry]) => folder !== '' && holds(entry))
    .map(([folder]) => folder)
    .sort();
}

/**
 * Folders of the packages that the site may hold: the lock file's production dependencies and theirs. Optional
 * ones are binaries by platform that Next.js runs while it builds, and no part of the site.
 */
export function productionFolders(root: string): string[] {
  return foldersOf(root, ({ dev, devOptional, optional }) => !dev && !devOptional && !optional);
}

/** What a wasm binary contains beside its package's own code, which has no notices of its own in it. */
const wasmParts = [
  {
    file: 'ort-wasm-simd-threaded.wasm of onnxruntime-web',
    parts: [
      ['Protocol Buffers', 'BSD-3-Clause', '2008 Google Inc.'],
      ['ONNX', 'Apache-2.0', 'ONNX Project Contributors'],
      ['Abseil', 'Apache-2.0', 'Google Inc.'],
      ['FlatBuffers', 'Apache-2.0', 'Google Inc.'],
      ['Eigen', 'MPL-2.0', 'the Eigen authors; its source: https://gitlab.com/libeigen/eigen'],
      ['SafeInt', 'MIT', '2018 Microsoft'],
      ['Guidelines Support Library', 'MIT', '2015 Microsoft Corporation'],
      ['JSON for Modern C++', 'MIT', '2013-2019 Niels Lohmann'],
      ['RE2', 'BSD-3-Clause', '2009 The RE2 Authors'],
      ['date', 'MIT', '2015-2017 Howard Hinnant'],
      ['mp11', 'BSL-1.0', '2015-2020 Peter Dimov'],
      ['Emscripten', 'MIT', '2010-2014 the Emscripten authors'],
      ['musl', 'MIT', '2005-2020 Rich Felker, et al.'],
      ['LLVM’s libc++ and compiler-rt', 'Apache-2.0', 'the LLVM Project, with LLVM Exceptions'],
    ],
  },
] as const;

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense,
and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so,
subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN
NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY,
WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

const isc = `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee
is hereby granted, provided that the above copyright notice and this permission notice appear in all
copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE
INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE
FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM
LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION,
ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`;

const bsdConditions = [
  `Redistribution and use in source and binary forms, with or without modification, are permitted provided
that the following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions and
   the following disclaimer.

2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions
   and the following disclaimer in the documentation and/or other materials provided with the
   distribution.`,
  `3. Neither the name of the copyright holder nor the names of its contributors may be used to endorse
   or promote products derived from this software without specific prior written permission.`,
  `THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED
WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A
PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR
ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT
LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS
INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR
TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF
ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.`,
] as const;

const bsl = `Boost Software License - Version 1.0 - August 17th, 2003

Permission is hereby granted, free of charge, to any person or organization obtaining a copy of the
software and accompanying documentation covered by this license (the "Software") to use, reproduce,
display, distribute, execute, and transmit the Software, and to prepare derivative works of the
Software, and to permit third-parties to whom the Software is furnished to do so, all subject to the
following:

The copyright notices in the Software and this entire statement, including the above license grant,
this restriction and the following disclaimer, must be included in all copies of the Software, in whole
or in part, and all derivative works of the Software, unless such copies or derivative works are solely
in the form of machine-executable object code generated by a source language processor.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE, TITLE AND
NON-INFRINGEMENT. IN NO EVENT SHALL THE COPYRIGHT HOLDERS OR ANYONE DISTRIBUTING THE SOFTWARE BE LIABLE
FOR ANY DAMAGES OR OTHER LIABILITY, WHETHER IN CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** The words of licences by SPDX identifier, for packages that come without; the long ones from packages. */
function standardTexts(root: string): ReadonlyMap<string, string> {
  const of = (path: string) => readFileSync(join(root, 'node_modules', path), 'utf8').trim();
  const [conditions, third, disclaimer] = bsdConditions;
  return new Map([
    ['MIT', mit],
    ['ISC', isc],
    ['BSD-2-Clause', `${conditions}\n\n${disclaimer}`],
    ['BSD-3-Clause', `${conditions}\n\n${third}\n\n${disclaimer}`],
    ['BSL-1.0', bsl],
    ['Apache-2.0', of('typescript/LICENSE.txt')],
    ['MPL-2.0', of('axe-core/LICENSE')],
  ]);
}

/** Files of a folder that hold its licence and notices, joined; empty without any. */
function noticesIn(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /^(?:licen[cs]e|copying|notice|copyright)/i.test(entry.name),
    )
    .filter(({ name }) => !/\.(?:[cm]?[jt]s|json|map)$/.test(name))
    .map(({ name }) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim())
    .filter((text) => text !== '')
    .join('\n\n');
}

/** The notices of a package: its own, or the words of its licence with its authors. */
function noticesOf(
  root: string,
  folder: string,
  standard: ReadonlyMap<string, string>,
): { readonly licence: string; readonly text: string; readonly name: string } {
  const { author, ...about } = manifestOf(root, folder);
  const { name, licence } = sourceAt(root, folder);
  const own = noticesIn(join(root, folder));
  if (own !== '') return { name, licence, text: own };
  const holder = (typeof author === 'string' ? author : author?.name) ?? '';
  const terms = licence.split(/ AND /).map((id) => standard.get(id.replace(/[()]/g, '')));
  if (terms.some((text) => text === undefined)) {
    throw new Error(`${name}: found no licence text, and no standard one for ${licence}`);
  }
  const copyright = `Copyright (c) ${holder || `the authors of ${about.name}`}`;
  return { name, licence, text: [copyright, ...terms].join('\n\n') };
}

const rule = '='.repeat(100);

/** A title and what stands under it. */
function section(title: string, text: string): string {
  return `${rule}\n${title}\n${rule}\n\n${text}\n`;
}

/** Where Next.js holds copies of packages, some of which end in the site's scripts. */
const vendored = join('node_modules', 'next', 'dist', 'compiled');

/** Names of the vendored packages that come with a licence. */
function vendoredNames(root: string): string[] {
  return readdirSync(join(root, vendored), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\/licen[cs]e(?:\.(?:md|txt))?$/i.test(path))
    .map((path) => path.slice(0, path.lastIndexOf('/')))
    .sort();
}

/**
 * The licences and notices of all that the site holds, as one text: the page itself, every production package
 * of the lock file, the packages within Next.js, the parts of the wasm binaries, and every package that the
 * built-in corpora have text of. Equal notices are given once, under all names.
 *
 * @param sources what the corpora have text of
 * @throws Error when a package has no licence or there is no text for it
 */
export function licencesText(root: string, sources: readonly CorporaSource[]): string {
  const standard = standardTexts(root);
  const inCorpora = new Set(sources.map(({ name }) => name));
  const production = new Set(productionFolders(root));
  const byText = new Map<string, string[]>();
  const add = (text: string, title: string) => {
    byText.set(text, [...(byText.get(text) ?? []), title]);
  };
  for (const folder of foldersOf(root, ({ optional }) => !optional)) {
    if (!production.has(folder) && !existsSync(join(root, folder))) continue;
    const { name, version } = manifestOf(root, folder);
    const uses = [
      ...(production.has(folder) ? ['in the pages or what builds them'] : []),
      ...(inCorpora.delete(`${name}@${version}`) ? ['text in the corpora'] : []),
    ];
    if (uses.length === 0) continue;
    const { licence, text } = noticesOf(root, folder, standard);
    add(text, `${name}@${version} (${licence}): ${uses.join(', ')}`);
  }
  if (inCorpora.size > 0) throw new Error(`${[...inCorpora].join(', ')}: found no such package`);
  for (const name of new Set(vendoredNames(root))) {
    add(noticesIn(join(root, vendored, name)), `${name}: within next`);
  }
  const parts = wasmParts.flatMap(({ file, parts: within }) =>
    within.map(([name, licence, holders]) => {
      const text = standard.get(licence);
      if (text === undefined) throw new Error(`${name}: found no text of ${licence}`);
      return section(`${name} (${licence}): in ${file}`, `Copyright (c) ${holders}\n\n${text}`);
    }),
  );
  // A byte order mark: a file of plain text says nowhere else how it is encoded.
  return [
    '\ufeffLicences of RegMix Explorer and of all that this site holds.\n',
    section('RegMix Explorer', readFileSync(join(root, 'LICENSE'), 'utf8').trim()),
    ...[...byText].map(([text, titles]) => section(titles.join('\n'), text)),
    ...parts,
  ].join('\n');
}
