/**
 * Trains the study that the page opens with, and writes it under `public/studies/languages/`: 160 proxies
 * of 20,000 parameters on mixtures of eight languages, the first eight of them again with other seeds for
 * the noise floor, 32 held-out mixtures, and 20 of these again at five times the parameters. Run it with
 * `npm run study:languages` (under an hour on two cores). It goes on where it was cut off, and the same
 * packages give the same bytes.
 */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseManifest } from '../lib/corpora/manifest';
import type { Provenance } from '../lib/study/languages-study';
import { runTrain } from './cli/train';
import { writeWhole } from './training/store';

const ids = ['en', 'es', 'pt_br', 'it', 'fr', 'de', 'pl', 'ru'];
const text = `--corpus languages --domains ${ids.join(',')}`;
const runs = 'runs/languages';
const small = '--size 20k --tokens 300000 --seed 1';
const sets = [
  { name: 'train', out: `${runs}-20k`, options: `${text} --proxies 160 --repeats 8 ${small}` },
  {
    name: 'test_20k',
    out: `${runs}-20k-test`,
    options: `${text} --proxies 32 --mixture-seed 2 ${small}`,
  },
  {
    name: 'test_100k',
    out: `${runs}-100k-test`,
    options: `${text} --mixtures ${runs}-20k-test/mixtures.csv --proxies 20 --size 100k --tokens 600000 --seed 1`,
  },
];

async function build(): Promise<void> {
  const folder = join('public', 'studies', 'languages');
  mkdirSync(folder, { recursive: true });
  const commands: string[] = [];
  for (const { name, out, options } of sets) {
    const line = `train ${options} --engine wasm --out ${out}`;
    console.log(line);
    await runTrain(line.split(' ').slice(1));
    commands.push(`npm run regmix -- ${line}`);
    copyFileSync(join(out, 'mixtures.csv'), join(folder, `${name}_mixture.csv`));
    copyFileSync(join(out, 'losses.csv'), join(folder, `${name}_loss.csv`));
    copyFileSync(join(out, 'trajectory.csv'), join(folder, `${name}_trajectory.csv`));
    copyFileSync(join(out, 'training.csv'), join(folder, `${name}_training.csv`));
  }
  const { version } = createRequire(import.meta.url)('typescript/package.json') as {
    version: string;
  };
  const path = join('public', 'corpora', 'languages', 'manifest.json');
  const { domains } = parseManifest(JSON.parse(readFileSync(path, 'utf8')), path);
  const provenance: Provenance = {
    commands,
    text: `typescript ${version} (Apache-2.0)`,
    domains: ids.map((id) => {
      const found = domains.find((each) => each.id === id);
      if (!found) throw new RangeError(`there is no text of ${id}`);
      return { id, name: found.name, trainingTokens: found.trainingTokens };
    }),
  };
  writeWhole(join(folder, 'provenance.json'), `${JSON.stringify(provenance, null, 1)}\n`);
}

await build();
