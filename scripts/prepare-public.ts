/**
 * Puts files that the page serves but git ignores under `public/`: the built-in corpora, unless they are up to
 * date, the wasm binary of onnxruntime-web, and the licences of all that the site holds. Runs before
 * `npm run dev` and `npm run build`.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest } from '../lib/corpora/manifest';
import { refreshCorpora } from './build-corpora';
import { licencesText } from './licences';

const source = join('node_modules', 'onnxruntime-web', 'dist');
const served = ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'];

refreshCorpora(process.cwd());
const folder = join('public', 'wasm');
mkdirSync(folder, { recursive: true });
for (const name of served) copyFileSync(join(source, name), join(folder, name));

const sources = ['languages', 'software'].flatMap((id) => {
  const path = join('public', 'corpora', id, 'manifest.json');
  return parseManifest(JSON.parse(readFileSync(path, 'utf8')), path).sources;
});
writeFileSync(join('public', 'licences.txt'), licencesText(process.cwd(), sources));
