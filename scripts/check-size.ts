/**
 * Measures the gzipped size of the scripts that the first page loads before any interaction, and
 * fails above the budget. Not counted: `noModule` scripts, which no supported browser loads, and
 * workers, which do not delay the page.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const budget = 250 * 1024;
const forbidden = ['tfjs', 'onnxruntime'];

const html = readFileSync(join('out', 'index.html'), 'utf8');
const initial = new Set(
  Array.from(
    html.matchAll(/(?:src|href)="(\/_next\/[^"]+\.js)"(?! noModule)/g),
    ([, path]) => path,
  ),
);
let total = 0;
for (const path of initial) {
  const script = readFileSync(join('out', path));
  const size = gzipSync(script, { level: 9 }).length;
  total += size;
  console.log(`${(size / 1024).toFixed(1).padStart(8)} kB  ${path}`);
  for (const name of forbidden) {
    if (script.includes(name)) throw new Error(`${path} contains ${name}: it belongs in a worker`);
  }
}
const later = readdirSync(join('out', '_next'), { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.js') && !initial.has(`/_next/${path.replaceAll('\\', '/')}`),
);
console.log(`${(total / 1024).toFixed(1).padStart(8)} kB  in all, of ${budget / 1024} kB`);
console.log(`${later.length} further scripts (workers, what is opened on demand) are not counted`);
// The guide is parsed at build time: no page may load its parser.
const readerMark = 'Infinite loop on byte';
const reader = readFileSync(join('node_modules', 'marked', 'lib', 'marked.esm.js'), 'utf8');
if (!reader.includes(readerMark)) throw new Error(`marked no longer says “${readerMark}”`);
for (const path of [...initial, ...later.map((file) => `/_next/${file}`)]) {
  if (readFileSync(join('out', path), 'utf8').includes(readerMark)) {
    throw new Error(`${path} contains marked: only components/guide may import it, on the server`);
  }
}
if (initial.size === 0) throw new Error('no scripts found in out/index.html: was the site built?');
if (total > budget) {
  console.error('The first page is over its budget.');
  process.exitCode = 1;
}
