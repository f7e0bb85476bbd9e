/**
 * Trains a built-in study, and writes it under `public/studies/`: proxies on mixtures of a built-in
 * corpus, the first eight of them again with other seeds for the noise floor, and held-out
 * mixtures, with losses over training. `npm run study:languages` takes under an hour on two cores,
 * `npm run study:software` about a quarter of an hour. It resumes an interrupted run, and the same
 * packages give the same bytes.
 */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseManifest } from '../lib/corpora/manifest';
import type { Provenance } from '../lib/study/trained-files';
import { UsageError } from './cli/arguments';
import { runTrain } from './cli/train';
import { writeWhole } from './training/store';

interface TrainedStudy {
  /** The text, as options of `train`. */
  readonly text: string;
  /** The origin of the text. */
  readonly source: () => string;
  readonly domains: readonly string[];
  /** Sets of runs: their folders and options. */
  readonly sets: readonly {
    readonly name: string;
    readonly out: string;
    readonly options: string;
  }[];
}

const languages = ['en', 'es', 'pt_br', 'it', 'fr', 'de', 'pl', 'ru'];
const small = '--size 20k --tokens 300000 --seed 1';
const smallest = '--size 7k --tokens 200000 --seed 1';

const studies: Readonly<Record<string, TrainedStudy>> = {
  languages: {
    text: `--corpus languages --domains ${languages.join(',')}`,
    source: () => `typescript ${versionOf('typescript')} (Apache-2.0)`,
    domains: languages,
    sets: [
      { name: 'train', out: 'runs/languages-20k', options: `--proxies 160 --repeats 8 ${small}` },
      {
        name: 'test_20k',
        out: 'runs/languages-20k-test',
        options: `--proxies 32 --mixture-seed 2 ${small}`,
      },
      {
        name: 'test_100k',
        out: 'runs/languages-100k-test',
        options:
          '--mixtures runs/languages-20k-test/mixtures.csv --proxies 20 --size 100k --tokens 600000 --seed 1',
      },
    ],
  },
  software: {
    text: '--corpus software',
    source: () => 'files of the packages in package-lock.json, under their licences',
    domains: ['javascript', 'declarations', 'markdown', 'licences', 'manifests'],
    sets: [
      { name: 'train', out: 'runs/software-7k', options: `--proxies 64 --repeats 8 ${smallest}` },
      {
        name: 'test_7k',
        out: 'runs/software-7k-test',
        options: `--proxies 16 --mixture-seed 2 ${smallest}`,
      },
    ],
  },
};
const parts = ['mixture', 'loss', 'trajectory', 'training'] as const;
const written = {
  mixture: 'mixtures.csv',
  loss: 'losses.csv',
  trajectory: 'trajectory.csv',
  training: 'training.csv',
} as const;

async function build(id: string): Promise<void> {
  if (!Object.hasOwn(studies, id)) {
    throw new UsageError(`unknown study “${id}”; known are ${Object.keys(studies).join(', ')}`);
  }
  const { text, source, domains: ids, sets } = studies[id];
  const folder = join('public', 'studies', id);
  mkdirSync(folder, { recursive: true });
  const commands: string[] = [];
  for (const { name, out, options } of sets) {
    const line = `train ${text} ${options} --engine wasm --out ${out}`;
    console.log(line);
    await runTrain(line.split(' ').slice(1), console.error);
    commands.push(`npm run regmix -- ${line}`);
    for (const part of parts) {
      copyFileSync(join(out, written[part]), join(folder, `${name}_${part}.csv`));
    }
  }
  const path = join('public', 'corpora', id, 'manifest.json');
  const { domains } = parseManifest(JSON.parse(readFileSync(path, 'utf8')), path);
  const provenance: Provenance = {
    commands,
    text: source(),
    domains: ids.map((domain) => {
      const found = domains.find((each) => each.id === domain);
      if (!found) throw new RangeError(`there is no text of ${domain}`);
      return { id: domain, name: found.name, trainingTokens: found.trainingTokens };
    }),
  };
  writeWhole(join(folder, 'provenance.json'), `${JSON.stringify(provenance, null, 1)}\n`);
}

function versionOf(name: string): string {
  const { version } = createRequire(import.meta.url)(`${name}/package.json`) as {
    version: string;
  };
  return version;
}

await build(process.argv[2] ?? '');
