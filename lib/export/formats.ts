/** A mixture in the formats of trainers, by the names that its domains have in the user's files. */

import { StageError } from '../model/errors';
import type { Advice, Constraints } from '../model/limits';
import type { Domain } from '../model/study';
import { datasetNames, regmixNames } from '../runs/dataset-names';
import { writeCsv } from '../runs/write-csv';

/** Exported weights are whole millionths. */
const parts = 1_000_000;
/** Moves of a millionth that are tried for a sum of exactly 1 in floating point. */
const maxMoves = 500;

/**
 * Weights rounded to millionths that sum to exactly one million, by the largest remainder. Where the doubles
 * that these decimals are read as would not sum to exactly 1 by Kahan's sum, with which numpy checks
 * probabilities, or one after the other, a millionth moves from one rounded weight to another, if such a move
 * mends it (of nearly all mixtures; numpy allows for 1.5e-8). Weights that are whole millionths stay.
 *
 * @param weights D values >= 0 that sum to about 1
 * @param names D names, for the message
 * @throws StageError at a weight that is below 0 or not finite, or when all are 0
 */
export function roundWeights(weights: Float64Array, names: readonly string[] = []): number[] {
  weights.forEach((weight, domain) => {
    // Solvers leave a last digit below 0.
    if (weight >= -1e-9 && Number.isFinite(weight)) return;
    throw new StageError(
      'export',
      `The weight of ${names[domain] ?? `domain ${domain + 1}`} is ${weight}: nothing was written.`,
      'Leave out outlying runs and fit again.',
    );
  });
  const total = weights.reduce((sum, weight) => sum + Math.max(0, weight), 0);
  if (!(total > 0)) {
    throw new StageError(
      'export',
      'All weights are 0: nothing was written.',
      'Give a domain some weight.',
    );
  }
  const exact = Array.from(weights, (weight) => asWhole((Math.max(0, weight) / total) * parts));
  const counts = exact.map(Math.floor);
  const rest = parts - counts.reduce((sum, count) => sum + count, 0);
  const rounded = exact
    .map((value, domain) => ({ domain, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.domain - b.domain);
  for (const { domain } of rounded.slice(0, rest)) counts[domain]++;
  // From those that were rounded up the furthest to those that were rounded down the furthest.
  const givers = rounded.flatMap(({ domain, remainder }, place) =>
    remainder === 0 ? [] : [{ domain, gain: place < rest ? 1 - remainder : -remainder }],
  );
  return withSumOf1(
    counts,
    givers.sort((a, b) => b.gain - a.gain || a.domain - b.domain).map(({ domain }) => domain),
  );
}

/** A number so near to a whole one that rounding in floating point is all between them is that one. */
function asWhole(value: number): number {
  return Math.abs(value - Math.round(value)) < 1e-6 ? Math.round(value) : value;
}

/**
 * Moves a millionth between two of the `rounded` weights so that all sum to exactly 1, where that can do it.
 *
 * @param rounded domains, those that were rounded up the furthest first
 */
function withSumOf1(counts: number[], rounded: readonly number[]): number[] {
  let best = counts;
  let bestSums = onesOf(counts);
  let tried = 0;
  const present = rounded.filter((domain) => counts[domain] > 1);
  for (const from of present) {
    for (const to of present.toReversed()) {
      if (bestSums === 2 || tried++ >= maxMoves) return best;
      if (from === to) continue;
      const moved = counts.with(from, counts[from] - 1).with(to, counts[to] + 1);
      const sums = onesOf(moved);
      if (sums > bestSums) {
        best = moved;
        bestSums = sums;
      }
    }
  }
  return best;
}

/** Of millionths read as doubles: 0 where Kahan's sum is not exactly 1, else 2 where the plain sum is, too. */
function onesOf(counts: readonly number[]): 0 | 1 | 2 {
  let plain = 0;
  let kahan = 0;
  let lost = 0;
  for (const count of counts) {
    // numpy is given no weight of 0, which would take up what is lost so far.
    if (count === 0) continue;
    const value = count / parts;
    plain += value;
    const next = value - lost;
    const sum = kahan + next;
    lost = sum - kahan - next;
    kahan = sum;
  }
  if (kahan !== 1) return 0;
  return plain === 1 ? 2 : 1;
}

/** A weight to write. */
interface Entry {
  readonly name: string;
  /** Weight in millionths. */
  readonly count: number;
  /** Index of its domain. */
  readonly domain: number;
}

/**
 * The weights to write, by name.
 *
 * @throws StageError at a weight that is not finite, or a name that no file can hold
 */
function entriesOf(
  domains: readonly Domain[],
  names: readonly string[],
  weights: Float64Array,
): Entry[] {
  checkNames(names);
  const counts = roundWeights(
    weights,
    domains.map(({ name }) => name),
  );
  return names.map((name, domain) => ({ name, count: counts[domain], domain }));
}

/**
 * Refuses what YAML, JSON, Python or a shell cannot hold or would read as something else: control characters,
 * halves of a surrogate pair, and code points that are no characters.
 *
 * @throws StageError naming the domain and the character
 */
export function checkNames(names: readonly string[]): void {
  names.forEach((name, domain) => {
    const found = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u.exec(name)?.[0];
    if (found === undefined) return;
    const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    throw new StageError(
      'export',
      `The name of domain ${domain + 1} contains the character U+${code}, which trainers’ files cannot.`,
      'Rename its column and open the file again.',
    );
  });
}

/** The advice on a mixture, for a comment in its file. */
export function noteOn({ words, reason }: Advice): string {
  return `${words} this mixture, since ${reason}.`;
}

/** What a file may say besides the weights. */
export interface MixtureDetails {
  /** A comment at the head of the file, where the format allows comments. */
  readonly note?: string;
  /** The token limits that the mixture was found under. */
  readonly limits?: Pick<Constraints, 'requestedTokens' | 'availableTokens' | 'epochs'>;
}

/** A note as lines of comments, without what YAML does not allow in one; none without a note. */
export function comments(note: string | undefined): string[] {
  if (note === undefined) return [];
  return note.split('\n').map((line) => `# ${line.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')}`);
}

/**
 * The mixture as RegMix's trainer reads it (its `mixture_config`): a `train` block of weights and a
 * `valid` block with every domain.
 *
 * @throws StageError at a weight that is not finite, or a name that no file can hold
 */
export function mixtureYaml(
  domains: readonly Domain[],
  weights: Float64Array,
  { note }: MixtureDetails = {},
): string {
  const entries = entriesOf(domains, regmixNames(domains), weights);
  const lines = [
    ...comments(note),
    'train:',
    ...entries.map(({ name, count }) => `  ${quotedText(`train_${name}`)}: ${decimal(count)}`),
    'valid:',
    ...entries.map(({ name }) => `  ${quotedText(`valid_${name}`)}: 1.0`),
  ];
  return `${lines.join('\n')}\n`;
}

/** The named weights above 0. */
function present(domains: readonly Domain[], weights: Float64Array): Entry[] {
  return entriesOf(domains, datasetNames(domains), weights).filter(({ count }) => count > 0);
}

/**
 * The `mix` block of olmix's `launch` config, for use with a `data` block that has a source of the same name
 * for every domain. Domains without weight are left out.
 *
 * @throws StageError at a weight that is not finite, or a name that no file can hold
 */
function olmixYaml(
  domains: readonly Domain[],
  weights: Float64Array,
  { note, limits }: MixtureDetails = {},
): string {
  const lines = present(domains, weights).flatMap((entry) => [
    `  ${quotedText(entry.name)}:`,
    `    weight: ${decimal(entry.count)}`,
    `    repetition_factor: ${repetitionOf(entry, limits)}`,
  ]);
  return `${[...comments(note), 'mix:', ...lines].join('\n')}\n`;
}

/**
 * olmix's `repetition_factor`, how often at most a source may be repeated (OLMo-core's
 * `max_repetition_ratio`, at least 1): the epochs of a domain whose tokens are limited, or what its rounded
 * weight needs, where that is more.
 */
function repetitionOf({ count, domain }: Entry, limits: MixtureDetails['limits']): string {
  const requested = limits?.requestedTokens ?? null;
  const available = limits?.availableTokens[domain] ?? null;
  if (!limits || requested === null || available === null) return '1.0';
  const needed = available > 0 ? ((count / parts) * requested) / available : 0;
  const factor = Math.max(1, limits.epochs[domain], Math.ceil(needed * 1000) / 1000);
  return plainDecimal(factor, 3);
}

/**
 * A config for olmix's `launch`: a `data` block with a source per domain, whose paths are to be filled in,
 * and the `mix` block of {@link olmixYaml}.
 *
 * @throws StageError at a weight that is not finite, or a name that no file can hold
 */
function olmixLaunchYaml(
  domains: readonly Domain[],
  weights: Float64Array,
  { note, limits }: MixtureDetails = {},
): string {
  const lines = [
    ...comments(note),
    "# Put the paths of each source's token files in the place of TOKENS.",
    'data:',
    '  sources:',
    ...present(domains, weights).flatMap(({ name }) => [
      `  - name: ${quotedText(name)}`,
      '    paths:',
      '    - "TOKENS/**/*.npy"',
    ]),
  ];
  return `${lines.join('\n')}\n${olmixYaml(domains, weights, { limits })}`;
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
    .map((mixture, place) => {
      const text = trainerFormats[format](domains, mixture, { note: ids[place] });
      return `---\n${text}`;
    })
    .join('');
}

/**
 * The mixture as what HuggingFace's `interleave_datasets(datasets, probabilities=...)` takes, in Python.
 * `names` gives the order of the datasets. Domains without weight are left out: a dataset that is never drawn
 * from is never exhausted, and `stopping_strategy="all_exhausted"` would not end.
 *
 * @throws StageError at a weight that is not finite, or a name that no file can hold
 */
function interleavePython(
  domains: readonly Domain[],
  weights: Float64Array,
  { note }: MixtureDetails = {},
): string {
  const lines = present(domains, weights).map(
    ({ name, count }) => `    (${quotedText(name)}, ${decimal(count)}),`,
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
 * domains' names, relative where they would be read as options: put your own in front. Domains without weight
 * are left out.
 *
 * @throws StageError at a weight that is not finite, or a name that no file can hold
 */
function megatronArguments(domains: readonly Domain[], weights: Float64Array): string {
  const pairs = present(domains, weights).map(
    ({ name, count }) =>
      `  ${decimal(count)} ${shellWord(name.startsWith('-') ? `./${name}` : name)}`,
  );
  return `--data-path \\\n${pairs.join(' \\\n')}\n`;
}

/**
 * The mixture as a CSV of `domain,weight`.
 *
 * @throws StageError at a weight that is not finite, or a name that no file can hold
 */
export function mixtureCsv(domains: readonly Domain[], weights: Float64Array): string {
  const entries = entriesOf(domains, datasetNames(domains), weights);
  return writeCsv(
    ['domain', 'weight'],
    entries.map(({ name, count }) => [name, count / parts]),
  );
}

/**
 * The mixture as a JSON object of domains' names to weights.
 *
 * @throws StageError at a weight that is not finite, or a name that no file can hold
 */
export function mixtureJson(domains: readonly Domain[], weights: Float64Array): string {
  const entries = entriesOf(domains, datasetNames(domains), weights).map(
    ({ name, count }) => `  ${JSON.stringify(name)}: ${decimal(count)}`,
  );
  return `{\n${entries.join(',\n')}\n}\n`;
}

/** Millionths as a decimal fraction, never in exponent form. */
export function decimal(count: number): string {
  return plainDecimal(count / parts, 6);
}

/** A number >= 0 with a point and without an exponent: YAML 1.1 reads `1e-7` as text. */
export function plainDecimal(value: number, digits: number): string {
  return value.toFixed(digits).replace(/0+$/, '').replace(/\.$/, '.0');
}

/**
 * Text as a double-quoted scalar of YAML, 1.1 and 1.2, and a literal of Python: both read `\\u` and `\\U`, and
 * neither takes a pair of surrogates for one character. Always quoted, since which words mean something else
 * (`no`, `null`, `1e3`, `~`) depends on the reader.
 *
 * @param text without what {@link checkNames} refuses
 */
export function quotedText(text: string): string {
  return JSON.stringify(text).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const digits = code.toString(16).toUpperCase();
    return code > 0xffff ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`;
  });
}

/** Unquoted where every shell reads it as one word, else in single quotes. */
function shellWord(text: string): string {
  return /^[\w./:,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** One way to write a mixture down. */
export interface MixtureFormat {
  readonly id: string;
  /** Display name. */
  readonly name: string;
  /** Name of the file. */
  readonly file: string;
  readonly mediaType: string;
  /** @throws StageError at a weight that is not finite, or a name that no file can hold */
  readonly write: (
    domains: readonly Domain[],
    weights: Float64Array,
    details?: MixtureDetails,
  ) => string;
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
