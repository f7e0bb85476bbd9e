import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { trainerFormats } from '../../lib/export/mixture';
import { runJob } from '../../lib/job';
import { rowOf } from '../../lib/matrix';
import { regmixSampling, sampleProxyMixtures } from '../../lib/mixture/proxy-mixtures';
import { readTable } from '../../lib/runs/read-table';
import { cellText, rowNumber } from '../../lib/runs/table';
import { writeMixtures } from '../../lib/runs/write-runs';
import type { Domain } from '../../lib/study/types';
import { writeWhole } from '../training/store';
import { choice, quantity, readOptions, required, UsageError } from './arguments';
import { chooseDomains, readCorpora } from './corpora';
import { readText } from './study';

const sampleOptions = {
  prior: { type: 'string' },
  corpus: { type: 'string' },
  domains: { type: 'string' },
  count: { type: 'string' },
  seed: { type: 'string' },
  temperature: { type: 'string' },
  least: { type: 'string' },
  most: { type: 'string' },
  cap: { type: 'string' },
  'with-prior': { type: 'boolean' },
  'with-singles': { type: 'boolean' },
  format: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean' },
} as const;
const formats = ['csv', 'regmix', 'olmix'] as const;

/** `regmix sample`: mixtures to train proxies on, as RegMix draws them, for those who train elsewhere. */
export async function runSample(args: readonly string[]): Promise<string> {
  const options = readOptions(args, sampleOptions);
  const out = required(options.out, '--out');
  const format = choice(options.format, '--format', formats) ?? 'csv';
  const number = (text: string | undefined, option: string, usual: number, high: number, low = 0) =>
    quantity(text ?? String(usual), option, { low, high });
  const { concentrations } = regmixSampling;
  const least = number(options.least, '--least', concentrations.least, 1e3, 1e-3);
  const most = number(options.most, '--most', Math.max(least, concentrations.most), 1e3, least);
  const { domains, weights } = await readPrior(options);
  const mixtures = runJob(
    sampleProxyMixtures(weights, {
      ...regmixSampling,
      count: quantity(options.count ?? '512', '--count', { low: 1, high: 10_000, whole: true }),
      seed: quantity(options.seed ?? '1', '--seed', { low: 0, high: 2 ** 31 - 1, whole: true }),
      temperature: number(options.temperature, '--temperature', regmixSampling.temperature, 1),
      concentrations: { ...concentrations, least, most },
      maximumUsage:
        options.cap === 'none'
          ? null
          : number(options.cap, '--cap', regmixSampling.maximumUsage, 1e6, 1),
      includePrior: options['with-prior'] ?? false,
      includeSingles: options['with-singles'] ?? false,
    }),
  );
  const ids = Array.from({ length: mixtures.rows }, (_, row) => `n${row + 1}`);
  mkdirSync(out, { recursive: true });
  const files = format === 'csv' ? ['mixtures.csv'] : ids.map((id) => `${id}.yaml`);
  if (format === 'csv') {
    writeWhole(join(out, 'mixtures.csv'), writeMixtures({ ids, mixtures }, domains));
  } else {
    ids.forEach((_, row) => {
      writeWhole(join(out, files[row]), trainerFormats[format](domains, rowOf(mixtures, row)));
    });
  }
  if (options.json) return JSON.stringify({ mixtures: mixtures.rows, files });
  const span = files.length > 1 ? `${files[0]} to ${files.at(-1)}` : files[0];
  return `${mixtures.rows} mixtures of ${domains.length} domains in ${out}: ${span}`;
}

/** Weights of a file, or each domain's share of a corpus. */
async function readPrior(options: {
  readonly prior?: string;
  readonly corpus?: string;
  readonly domains?: string;
}): Promise<{ readonly domains: Domain[]; readonly weights: Float64Array }> {
  if ((options.prior === undefined) === (options.corpus === undefined)) {
    throw new UsageError('give one of --prior and --corpus; see --help');
  }
  if (options.corpus !== undefined) {
    const texts = chooseDomains(readCorpora(options.corpus), options.domains);
    const total = texts.reduce((sum, { training }) => sum + training.length, 0);
    return {
      domains: texts.map(({ id }) => ({ id, name: id })),
      weights: Float64Array.from(texts, ({ training }) => training.length / total),
    };
  }
  if (options.domains !== undefined) throw new UsageError('--domains goes with --corpus');
  return readWeights(required(options.prior, '--prior'));
}

/** A CSV of `domain,weight`, in whatever unit: what counts is each domain's share. */
async function readWeights(path: string) {
  const file = await readText(path);
  const table = runJob(readTable(file));
  const named = (wanted: string) =>
    table.columns.find(({ header }) => header.toLowerCase() === wanted);
  const names = named('domain');
  const numbers = named('weight')?.numbers;
  if (!names || !numbers) {
    const found = table.columns.map(({ header }) => header).join(', ');
    throw new UsageError(`${file.name}: found columns ${found}, expected domain and weight`);
  }
  const ids = Array.from({ length: table.rows }, (_, row) => cellText(names, row).trim());
  ids.forEach((id, row) => {
    const weight = numbers[row];
    if (id !== '' && ids.indexOf(id) === row && weight >= 0 && Number.isFinite(weight)) return;
    throw new UsageError(
      `${file.name}, row ${rowNumber(table, row)}: found “${id}” with ${weight}, expected a domain that comes once and a number >= 0`,
    );
  });
  const total = numbers.reduce((sum, weight) => sum + weight, 0);
  if (ids.length < 2 || !(total > 0)) {
    throw new UsageError(`${file.name}: expected two domains at least, one with a weight above 0`);
  }
  return {
    domains: ids.map((id) => ({ id, name: id })),
    weights: Float64Array.from(numbers, (weight) => weight / total),
  };
}
