import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildCorpora } from './build-corpora';

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
