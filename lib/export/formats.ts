/** A mixture in the formats of trainers. */

import type { Advice } from '../model/limits';
import type { Domain } from '../model/study';
import { writeCsv } from '../runs/write-csv';

/** Exported weights are whole millionths. */
const parts = 1_000_000;

/**
 * Weights rounded to millionths that still sum to exactly one million, by the largest remainder.
 *
 * @param weights D values >= 0 that sum to about 1
 */
export function roundWeights(weights: Float64Array): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const exact = Array.from(weights, (weight) => (weight / total) * parts);
  const counts = exact.map(Math.floor);
  const rest = parts - counts.reduce((sum, count) => sum + count, 0);
  exact
    .map((value, domain) => ({ domain, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.domain - b.domain)
    .slice(0, rest)
    .forEach(({ domain }) => {
      counts[domain]++;
    });
  return counts;
}

/** The advice on a mixture, for a comment in its file. */
export function noteOn({ words, reason }: Advice): string {
  return `${words} this mixture, since ${reason}.`;
}

/** A note as lines of comments; none without a note. */
export function comments(note: string | undefined): string[] {
  return note === undefined ? [] : note.split('\n').map((line) => `# ${line}`);
}

/**
 * The mixture as RegMix's trainer reads it (its `mixture_config`): a `train` block of weights and a
 * `valid` block with every domain.
 */
export function mixtureYaml(
  domains: readonly Domain[],
  weights: Float64Array,
  note?: string,
): string {
  const counts = roundWeights(weights);
  const lines = [...comments(note), 'train:'];
  domains.forEach(({ id }, domain) => {
    lines.push(`  ${yamlKey(`train_${id}`)}: ${decimal(counts[domain])}`);
  });
  lines.push('valid:');
  for (const { id } of domains) lines.push(`  ${yamlKey(`valid_${id}`)}: 1.0`);
  return `${lines.join('\n')}\n`;
}

/**
 * The `mix` block of olmix's `launch` config, for use with a `data` block that has a source of the same name
 * for every domain. Domains without weight are left out.
 */
function olmixYaml(domains: readonly Domain[], weights: Float64Array, note?: string): string {
  const counts = roundWeights(weights);
  const lines = [...comments(note), 'mix:'];
  domains.forEach(({ id }, domain) => {
    if (counts[domain] === 0) return;
    lines.push(`  ${yamlKey(id)}:`);
    lines.push(`    weight: ${decimal(counts[domain])}`, '    repetition_factor: 1.0');
  });
  return `${lines.join('\n')}\n`;
}

/**
 * A config for olmix's `launch`: a `data` block with a source per domain, whose paths are to be filled in,
 * and the `mix` block of {@link olmixYaml}.
 */
function olmixLaunchYaml(domains: readonly Domain[], weights: Float64Array, note?: string): string {
  const counts = roundWeights(weights);
  const lines = [
    ...comments(note),
    "# Put the paths of each source's token files in the place of TOKENS.",
    'data:',
    '  sources:',
  ];
  domains.forEach(({ id }, domain) => {
    if (counts[domain] === 0) return;
    lines.push(`  - name: ${yamlKey(id)}`, '    paths:', '    - "TOKENS/**/*.npy"');
  });
  return `${lines.join('\n')}\n${olmixYaml(domains, weights)}`;
}

/** Formats of external trainers. */
export const trainerFormats = { regmix: mixtureYaml, olmix: olmixYaml } as const;

/** Many mixtures as one file: a YAML document each, headed by its id. */
export function sweepYaml(
  domains: readonly Domain[],
  ids: readonly string[],
  weights: readonly Float64Array[],
  format: keyof typeof trainerFormats,
): string {
  return weights
    .map((mixture, place) => `---\n# ${ids[place]}\n${trainerFormats[format](domains, mixture)}`)
    .join('');
}

/**
 * The mixture as what HuggingFace's `interleave_datasets(datasets, probabilities=...)` takes, in Python.
 * `names` gives the order of the datasets.
 */
function interleavePython(
  domains: readonly Domain[],
  weights: Float64Array,
  note?: string,
): string {
  const counts = roundWeights(weights);
  const lines = domains.map(
    ({ id }, domain) => `    (${pythonText(id)}, ${decimal(counts[domain])}),`,
  );
  return [
    ...comments(note),
    'mixture = [',
    ...lines,
    ']',
    'names = [name for name, _ in mixture]',
    'probabilities = [weight for _, weight in mixture]',
    '# interleave_datasets([datasets[name] for name in names], probabilities=probabilities, seed=42)',
    '',
  ].join('\n');
}

/**
 * The mixture as Megatron's blend, `--data-path weight path weight path ...`, one pair a line. Paths are the
 * domains' ids: put your own in front. Domains without weight are left out.
 */
function megatronArguments(domains: readonly Domain[], weights: Float64Array): string {
  const counts = roundWeights(weights);
  const pairs = domains.flatMap(({ id }, domain) =>
    counts[domain] === 0 ? [] : [`${decimal(counts[domain])} ${shellWord(id)}`],
  );
  return `--data-path \\\n${pairs.map((pair) => `  ${pair}`).join(' \\\n')}\n`;
}

/** The mixture as a CSV of `domain,weight`. */
export function mixtureCsv(domains: readonly Domain[], weights: Float64Array): string {
  const counts = roundWeights(weights);
  return writeCsv(
    ['domain', 'weight'],
    domains.map(({ id }, domain) => [id, counts[domain] / parts]),
  );
}

/** The mixture as a JSON object of domain ids to weights. */
export function mixtureJson(domains: readonly Domain[], weights: Float64Array): string {
  const counts = roundWeights(weights);
  const entries = domains.map(
    ({ id }, domain) => `  ${JSON.stringify(id)}: ${decimal(counts[domain])}`,
  );
  return `{\n${entries.join(',\n')}\n}\n`;
}

/** Millionths as a decimal fraction, never in exponent form. */
export function decimal(count: number): string {
  return (count / parts).toFixed(6).replace(/0+$/, '').replace(/\.$/, '.0');
}

/** Unquoted where YAML allows it, else double-quoted: JSON strings are YAML strings. */
export function yamlKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(key) ? key : JSON.stringify(key);
}

/** JSON strings are Python strings, except for lone surrogates, which labels do not have. */
function pythonText(text: string): string {
  return JSON.stringify(text);
}

/** Unquoted where a shell reads it as one word, else in single quotes. */
function shellWord(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** One way to write a mixture down. */
export interface MixtureFormat {
  readonly id: string;
  /** Display name. */
  readonly name: string;
  /** Name of the file. */
  readonly file: string;
  readonly mediaType: string;
  /** @param note a comment at the head of the file, where the format allows comments */
  readonly write: (domains: readonly Domain[], weights: Float64Array, note?: string) => string;
}

/** Every format of a mixture, the most common first. */
export const mixtureFormats: readonly MixtureFormat[] = [
  {
    id: 'regmix',
    name: 'RegMix’s trainer, YAML',
    file: 'regmix-mixture.yaml',
    mediaType: 'application/yaml',
    write: mixtureYaml,
  },
  {
    id: 'olmix',
    name: 'olmix, the mix block, YAML',
    file: 'olmix-mixture.yaml',
    mediaType: 'application/yaml',
    write: olmixYaml,
  },
  {
    id: 'olmix-launch',
    name: 'olmix, data and mix blocks, YAML',
    file: 'olmix-launch.yaml',
    mediaType: 'application/yaml',
    write: olmixLaunchYaml,
  },
  {
    id: 'interleave',
    name: 'HuggingFace interleave_datasets',
    file: 'mixture.py',
    mediaType: 'text/x-python',
    write: interleavePython,
  },
  {
    id: 'megatron',
    name: 'Megatron blend arguments',
    file: 'megatron-blend.txt',
    mediaType: 'text/plain',
    write: megatronArguments,
  },
  {
    id: 'csv',
    name: 'CSV',
    file: 'regmix-mixture.csv',
    mediaType: 'text/csv',
    write: mixtureCsv,
  },
  {
    id: 'json',
    name: 'JSON',
    file: 'regmix-mixture.json',
    mediaType: 'application/json',
    write: mixtureJson,
  },
];
