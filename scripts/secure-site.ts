/**
 * Adds a Content-Security-Policy to every exported page after the build, when the hashes of its
 * inline scripts are known. Writes the policy into the pages, for hosts that send no headers of
 * ours, and all headers into `out/_headers`, which Netlify, Cloudflare Pages and others read.
 * SECURITY.md explains each part.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { headersFile, pagePolicy, withPolicy } from './site/policy';

const site = 'out';
const pages = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.html'),
);
if (pages.length === 0) throw new Error('no pages found in out: was the site built?');
const policies = new Map<string, string>();
for (const path of pages) {
  const file = join(site, path);
  const html = readFileSync(file, 'utf8');
  const policy = pagePolicy(html, (script) => createHash('sha256').update(script).digest('base64'));
  policies.set(path.replaceAll('\\', '/'), policy);
  writeFileSync(file, withPolicy(html, policy));
}
writeFileSync(join(site, '_headers'), headersFile(policies));
console.log(`${pages.length} pages with a Content-Security-Policy`);
