/**
 * How trainers read the formats that we write: their rules, written down anew from their sources as of the
 * commits named. Each reader refuses what its trainer would.
 */
import * as jsYaml from 'js-yaml';
import Papa from 'papaparse';
import { parse } from 'yaml';

/** Words that some YAML takes for something else, and what shells, Python or options could stumble over. */
export const hostileNames: readonly string[] = [
  ...[
    'no',
    'on',
    'null',
    'y',
    '1e3',
    '0x10',
    '~',
    '2024-01-01',
    '-x',
    "it's",
    'a"b\\n',
    '$(rm) `x`',
  ],
  ...['#c', '[a]: {b}', 'π 😀', '<<', '=1'],
];

/** What a trainer takes a file for. */
export interface Taken {
  /** Names in the order of the file. */
  readonly names: readonly string[];
  /** As the decimals that the file has. */
  readonly decimals: readonly string[];
  /** The sum of the weights as the trainer adds them up. */
  readonly sum: number;
}

/** Readers of YAML by version; RegMix and olmix use PyYAML's `safe_load`, which is of 1.1. */
export const yamlReaders: Readonly<Record<string, (text: string) => unknown>> = {
  'yaml, 1.1': (text) => parse(text, { version: '1.1', mapAsMap: true }),
  'yaml, 1.2': (text) => parse(text, { version: '1.2', mapAsMap: true }),
  'js-yaml, 1.1': (text) => jsYaml.load(text, { schema: realMaps(jsYaml.YAML11_SCHEMA) }),
  'js-yaml, 1.2': (text) => jsYaml.load(text, { schema: realMaps(jsYaml.CORE_SCHEMA) }),
};

/** Without this, objects would have keys made into text whatever they were. */
function realMaps(schema: jsYaml.Schema): jsYaml.Schema {
  return schema.withTags(jsYaml.realMapTag);
}

/** Python's `sum` of floats before 3.12. */
function sumOf(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

/** numpy's Kahan sum, by which `Generator.choice` checks p (numpy 2.4, `kahan_sum` in _common.pyx). */
export function kahanSum(weights: readonly number[]): number {
  let sum = weights[0];
  let lost = 0;
  for (const weight of weights.slice(1)) {
    const next = weight - lost;
    const total = sum + next;
    lost = total - sum - next;
    sum = total;
  }
  return sum;
}

function mapOf(value: unknown, what: string): Map<unknown, unknown> {
  if (!(value instanceof Map)) throw new Error(`${what} is no mapping`);
  return value;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new Error(`${what} is ${String(value)}, which is no text`);
  return value;
}

function numberOf(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new Error(`${what} is ${String(value)}, which is no number`);
  }
  return value;
}

/** Decimals after the colons of a block's lines, which no reader of YAML keeps. */
function written(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), ([, decimal]) => decimal);
}

/**
 * RegMix's trainer at sail-sg/regmix b004d3a, `model_training/pretrain/tinyllama.py`: `setup` needs both blocks
 * and takes `float(v)` of each entry; names are the beginnings of files, `train_<dataset>-*`; the weights are
 * divided by their `sum`. `collect_mixture_data.py` keeps those that begin with `train_`, as columns.
 */
export function asRegmix(text: string, read: (text: string) => unknown): Taken {
  const config = mapOf(read(text), 'the file');
  const train = mapOf(config.get('train'), 'train');
  const valid = mapOf(config.get('valid'), 'valid');
  const names = [...train.keys()].map((key) => textOf(key, 'a name'));
  for (const name of names) if (!name.startsWith('train_')) throw new Error(`${name} is left out`);
  const expected = names.map((name) => `valid_${name.slice('train_'.length)}`);
  if ([...valid.keys()].join('\n') !== expected.join('\n')) throw new Error('valid has others');
  if ([...valid.values()].some((value) => value !== 1)) throw new Error('valid is not 1');
  const weights = [...train.values()].map((value) => numberOf(value, 'a weight'));
  const decimals = written(text.split('\nvalid:')[0], /": (\S+)$/gm);
  return { names, decimals, sum: sumOf(weights) };
}

/** The `mix` block: its names, and what must be repeated how often at most. */
export interface TakenMix extends Taken {
  readonly repetitions: readonly number[];
}

/**
 * olmix at allenai/olmix 9586977, `olmix/aliases.py`: an entry with other keys than `weight` and
 * `repetition_factor` would be a nested mix, and both must be numbers (`flatten_mix`, `MixEntry`). Its trainer,
 * OLMo-core at fa6c501, `source_mixture.py`: a ratio is above 0 and at most 1, a repetition at least 1, and
 * `np.sum` of the ratios close to 1.
 */
export function asOlmix(text: string, read: (text: string) => unknown): TakenMix {
  const mix = mapOf(mapOf(read(text), 'the file').get('mix'), 'mix');
  const names = [...mix.keys()].map((key) => textOf(key, 'a name'));
  const entries = [...mix.values()].map((value) => mapOf(value, 'an entry'));
  const weights = entries.map((entry) => numberOf(entry.get('weight'), 'a weight'));
  const repetitions = entries.map((entry) => numberOf(entry.get('repetition_factor'), 'a factor'));
  if (entries.some(({ size }) => size !== 2)) throw new Error('an entry is a nested mix');
  if (weights.some((weight) => !(weight > 0 && weight <= 1))) throw new Error('a ratio is refused');
  if (repetitions.some((factor) => factor < 1)) throw new Error('a repetition is refused');
  return { names, decimals: written(text, /weight: (\S+)$/gm), sum: sumOf(weights), repetitions };
}

/**
 * olmix's `data` block, the same version: every source has a name and paths, and one whose name is not in the
 * mix is passed over without a word (`mk_source_instances`), so that all must be there.
 */
export function asOlmixLaunch(text: string, read: (text: string) => unknown): TakenMix {
  const taken = asOlmix(text, read);
  const sources = mapOf(mapOf(read(text), 'the file').get('data'), 'data').get('sources');
  if (!Array.isArray(sources)) throw new Error('there are no sources');
  const names = sources.map((source) => {
    const fields = mapOf(source, 'a source');
    const paths = fields.get('paths');
    if (!Array.isArray(paths) || paths.length === 0) throw new Error('a source has no paths');
    return textOf(fields.get('name'), 'a name');
  });
  if (names.join('\n') !== taken.names.join('\n')) throw new Error('data and mix have other names');
  return taken;
}

/**
 * HuggingFace's `interleave_datasets` at huggingface/datasets b7cb10b, `arrow_dataset.py`: numpy draws the
 * datasets by `Generator.choice(p=probabilities)`, which needs p >= 0 and a Kahan sum close to 1; a dataset
 * with probability 0 would never be exhausted. The file is Python: a list of pairs of a string and a float.
 */
export function asInterleave(text: string): Taken {
  const [list] = text.split('\n]\n');
  const rows = list.slice(list.indexOf('mixture = [\n') + 'mixture = [\n'.length).split('\n');
  const pairs = rows.map((row) => {
    const match = /^ {4}\(("(?:[^"\\]|\\.)*"), (\d+\.\d+)\),$/.exec(row);
    if (!match) throw new Error(`${row} is no pair`);
    return { name: pythonText(match[1]), decimal: match[2] };
  });
  const weights = pairs.map(({ decimal }) => Number(decimal));
  if (weights.some((weight) => !(weight > 0))) throw new Error('a probability is 0');
  return {
    names: pairs.map(({ name }) => name),
    decimals: pairs.map(({ decimal }) => decimal),
    sum: kahanSum(weights),
  };
}

const pythonEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
};

/** A string literal of Python (language reference, 2.5 String literals) without prefix, on one line. */
function pythonText(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(
      /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g,
      (_, short?: string, long?: string, other?: string) => {
        const code = short ?? long;
        if (code !== undefined) {
          const point = Number.parseInt(code, 16);
          if (point >= 0xd800 && point <= 0xdfff) throw new Error('half of a surrogate pair');
          return String.fromCodePoint(point);
        }
        const character = pythonEscapes[other ?? ''];
        if (character === undefined) throw new Error(`\\${other} stays as it is in Python`);
        return character;
      },
    );
}

/**
 * Megatron at NVIDIA/Megatron-LM d98e8a6: `--data-path` takes words (`nargs='*'`, arguments.py), of which none
 * may begin as an option does; pairs of weight and path, stripped of blanks, and a weight that is no number
 * makes all of them paths (`get_blend_from_list` in datasets/utils.py); weights are normalised.
 */
export function asMegatron(text: string): Taken {
  const [option, ...words] = shellWords(text);
  if (option !== '--data-path') throw new Error(`${option} is another option`);
  if (words.some((word) => word.startsWith('-'))) throw new Error('a path is an option');
  if (words.length % 2 === 1) throw new Error('weights and paths are no pairs');
  const decimals = words.filter((_, place) => place % 2 === 0);
  const weights = decimals.map(Number);
  if (weights.some((weight) => !(weight > 0))) throw new Error('a weight is no number above 0');
  return {
    names: words.filter((_, place) => place % 2 === 1).map((path) => path.trim()),
    decimals,
    sum: sumOf(weights),
  };
}

/** Words of one command by POSIX, 2.2 Quoting; a character that would mean something more is refused. */
function shellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (let rest = text; rest !== ''; ) {
    const blank = /^(?:\\\n|[ \t\n])+/.exec(rest)?.[0];
    if (blank !== undefined) {
      if (word !== null) words.push(word);
      word = null;
      rest = rest.slice(blank.length);
      continue;
    }
    const part = /^(?:'([^']*)'|\\(.)|([^\s'"\\$`|&;<>()*?[\]#~=%{}!^]+))/u.exec(rest);
    if (!part) throw new Error(`the shell would read ${rest.slice(0, 10)} as something else`);
    word = (word ?? '') + (part[1] ?? part[2] ?? part[3]);
    rest = rest.slice(part[0].length);
  }
  return word === null ? words : [...words, word];
}

/** A table of `domain,weight`; without the apostrophe that keeps spreadsheets from evaluating a name. */
export function asCsv(text: string): Taken {
  const { data } = Papa.parse<string[]>(text.trimEnd());
  const rows = data.slice(1);
  const decimals = rows.map(([, weight]) => weight);
  return {
    names: rows.map(([name]) => name.replace(/^'(?='*[=+\-@])/, '')),
    decimals,
    sum: sumOf(decimals.map(Number)),
  };
}

/** A JSON object of names to weights. */
export function asJson(text: string): Taken {
  const object: Record<string, unknown> = JSON.parse(text);
  const names = Object.keys(object);
  const weights = names.map((name) => numberOf(object[name], name));
  return { names, decimals: written(text, /": (\S+?),?$/gm), sum: sumOf(weights) };
}
