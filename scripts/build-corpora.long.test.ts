import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildCorpora } from './build-corpora';
import { isKnownLicence, licencesText } from './licences';

const out = mkdtempSync(join(tmpdir(), 'regmix-corpora-'));
afterAll(() => rmSync(out, { recursive: true }));

it('building the built-in corpora again gives the same bytes', () => {
  const first = buildCorpora('.', out);
  const texts = () =>
    first.flatMap(({ id, domains }) =>
      domains.map(({ file }) => readFileSync(join(out, id, file)).toString('base64')),
    );
  const before = texts();
  expect(buildCorpora('.', out)).toEqual(first);
  expect(texts()).toEqual(before);
});

it('every text is of a package whose licence is known, named in the manifest and in licences.txt', () => {
  const built = buildCorpora('.', out);
  const sources = built.flatMap((corpora) => corpora.sources);
  expect(sources.length).toBeGreaterThan(100);
  for (const { licence } of sources) expect(isKnownLicence(licence)).toBe(true);
  const text = licencesText('.', sources);
  for (const { name } of sources) expect(text).toContain(`\n${name} (`);
});
