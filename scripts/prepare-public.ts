/**
 * Puts files that the page serves but git ignores under `public/`: the built-in corpora, unless they are up to
 * date, the wasm binaries of tfjs and onnxruntime-web, and the licences of all that the site holds. Runs before
 * `npm run dev` and `npm run build`.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest } from '../lib/corpora/manifest';
import { refreshCorpora } from './build-corpora';
import { licencesText } from './licences';

const modules = 'node_modules';
/**
 * Without tfjs's threaded build: it needs cross-origin isolation, and we run one worker per core
 * instead.
 */
const served = [
  [
    join(modules, '@tensorflow', 'tfjs-backend-wasm', 'dist'),
    ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'],
  ],
  [
    join(modules, 'onnxruntime-web', 'dist'),
    ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'],
  ],
] as const;

refreshCorpora(process.cwd());
const folder = join('public', 'wasm');
mkdirSync(folder, { recursive: true });
for (const [source, names] of served) {
  for (const name of names) copyFileSync(join(source, name), join(folder, name));
}

const sources = ['languages', 'software'].flatMap((id) => {
  const path = join('public', 'corpora', id, 'manifest.json');
  return parseManifest(JSON.parse(readFileSync(path, 'utf8')), path).sources;
});
writeFileSync(join('public', 'licences.txt'), licencesText(process.cwd(), sources));
