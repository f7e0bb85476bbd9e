/**
 * Writes `out/sw.js` after the build: the service worker with the list of the site's files and a version
 * that changes with any byte of them.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { splitFiles } from './site/site-files';

const site = 'out';
const files = readdirSync(site, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path !== 'sw.js' && statSync(join(site, path)).isFile())
  .sort();
const { outputText } = ts.transpileModule(
  readFileSync(join('workers', 'service.worker.ts'), 'utf8'),
  {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      // A classic script: not every browser takes modules as service workers.
      moduleDetection: ts.ModuleDetectionKind.Legacy,
      removeComments: true,
    },
  },
);
const hash = createHash('sha256').update(outputText);
for (const file of files) hash.update(file).update(readFileSync(join(site, file)));
const list = { version: hash.digest('hex').slice(0, 16), ...splitFiles(files) };
writeFileSync(join(site, 'sw.js'), `const siteFiles = ${JSON.stringify(list)};\n${outputText}`);
console.log(
  `service worker ${list.version}: ${list.now.length} files at once, ${list.onUse.length} on use`,
);
