/**
 * Trains a built-in study, and writes it under `public/studies/`: proxies on mixtures of a built-in
 * corpus, some of them again with other seeds for the noise floor, and held-out mixtures at three
 * sizes, with losses over training. It resumes an interrupted run, and the same packages give the
 * same bytes on every machine.
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
/** Tokens a proxy by size, and the seed of all. */
const lengths = {
  '20k': '--size 20k --tokens 300000 --seed 1',
  '100k': '--size 100k --tokens 600000 --seed 1',
  '400k': '--size 400k --tokens 1200000 --seed 1',
} as const;

type Length = keyof typeof lengths;

/** Proxies of one size, and the same held-out mixtures at that size and others. */
function setsOf(
  id: string,
  size: Length,
  { proxies, repeats }: { readonly proxies: number; readonly repeats: number },
  tests: readonly { readonly size: Length; readonly proxies: number }[],
) {
  const [drawn] = tests;
  const folder = (test: Length) => `runs/${id}-test-${test}`;
  return [
    {
      name: 'train',
      out: `runs/${id}-${size}`,
      options: `--proxies ${proxies} --repeats ${repeats} ${lengths[size]}`,
    },
    ...tests.map((test) => ({
      name: `test_${test.size}`,
      out: folder(test.size),
      options:
        test === drawn
          ? `--proxies ${test.proxies} --mixture-seed 2 ${lengths[test.size]}`
          : `--mixtures ${folder(drawn.size)}/mixtures.csv --proxies ${test.proxies} ${lengths[test.size]}`,
    })),
  ];
}

const studies: Readonly<Record<string, TrainedStudy>> = {
  languages: {
    text: `--corpus languages --domains ${languages.join(',')}`,
    source: () => `typescript ${versionOf('typescript')} (Apache-2.0)`,
    domains: languages,
    sets: setsOf('languages', '100k', { proxies: 256, repeats: 16 }, [
      { size: '20k', proxies: 64 },
      { size: '100k', proxies: 64 },
      { size: '400k', proxies: 32 },
    ]),
  },
  software: {
    text: '--corpus software',
    source: () => 'files of the packages in package-lock.json, under their licences',
    domains: ['javascript', 'declarations', 'markdown', 'licences', 'manifests'],
    sets: setsOf('software', '20k', { proxies: 256, repeats: 16 }, [
      { size: '20k', proxies: 64 },
      { size: '100k', proxies: 32 },
    ]),
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
