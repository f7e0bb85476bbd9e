import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { StageError } from '../model/errors';
import { createRandomStream } from '../model/random';
import { studyOf } from '../runs/runs.fixture';
import { mixtureFormats, roundWeights } from './formats';
import {
  asCsv,
  asInterleave,
  asJson,
  asMegatron,
  asOlmix,
  asOlmixLaunch,
  asRegmix,
  hostileNames,
  kahanSum,
  type Taken,
  yamlReaders,
} from './trainers.fixture';

const pile = [
  ...['arxiv', 'freelaw', 'nih_exporter', 'pubmed_central', 'wikipedia_en', 'dm_mathematics'],
  ...['github', 'philpapers', 'stackexchange', 'enron_emails', 'gutenberg_pg_19', 'pile_cc'],
  ...['ubuntu_irc', 'europarl', 'hackernews', 'pubmed_abstracts', 'uspto_backgrounds'],
].map((name) => `train_the_pile_${name}`);

const odd = [
  ...[
    'yes',
    '.inf',
    '12:30:00',
    '0o7',
    '1_000',
    '&a',
    '*a',
    '!t',
    '|',
    '> ',
    '%x',
    '@x',
    '--data-path',
  ],
  ...['-1', 'a\u2028b', 'a\u00a0b', '\u{e0041}', 'x'.repeat(200)],
];

/** The file that a study of these columns is read from, with one weight of 0 in every mixture. */
function studyWith(columns: readonly string[]) {
  const rows = Array.from({ length: 12 }, (_, run) => {
    const amounts = columns.map((_, domain) => 1 + ((run * 7 + domain * 3) % 11));
    const total = amounts.reduce((sum, amount) => sum + amount, 0);
    return [run, ...amounts.map((amount) => amount / total), 3 + run / 10].join(',');
  });
  const header = columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(',');
  const text = `run,${header},web_loss\n${rows.join('\n')}\n`;
  const isDomain = (header: string) => columns.includes(header);
  return studyOf({ 'sweep.csv': text }, { acceptUnpaired: false }, (recognition) => ({
    ...recognition,
    files: recognition.files.map((file) => ({
      ...file,
      // Which columns are weights is corrected by hand where they look like something else.
      columns: file.columns.map((column) =>
        isDomain(column.header) ? { ...column, role: 'domain' } : column,
      ),
    })),
  }));
}

/** All ways to read a format. */
const readers: Readonly<Record<string, Readonly<Record<string, (text: string) => Taken>>>> = {
  regmix: byYaml(asRegmix),
  olmix: byYaml(asOlmix),
  'olmix-launch': byYaml(asOlmixLaunch),
  interleave: { python: asInterleave },
  megatron: { shell: asMegatron },
  csv: { csv: asCsv },
  json: { json: asJson },
};

function byYaml(take: (text: string, read: (text: string) => unknown) => Taken) {
  return Object.fromEntries(
    Object.entries(yamlReaders).map(([name, read]) => [name, (text: string) => take(text, read)]),
  );
}

/** The sum of decimals in millionths, without floating point. */
function millionths(decimals: readonly string[]): bigint {
  return decimals.reduce((sum, decimal) => {
    const match = /^(\d+)(?:\.(\d{1,6}))?$/.exec(decimal);
    if (!match) throw new Error(`${decimal} is no plain decimal`);
    return sum + BigInt(match[1] + (match[2] ?? '').padEnd(6, '0'));
  }, 0n);
}

const mixtureOf17 = fc
  .array(fc.double({ min: 1e-9, max: 1, noNaN: true }), { minLength: 16, maxLength: 16 })
  .map((amounts) => {
    const total = amounts.reduce((sum, amount) => sum + amount, 0);
    // One domain has no weight.
    return Float64Array.of(...amounts.slice(0, 8), 0, ...amounts.slice(8)).map((a) => a / total);
  });

/** What each format calls the domains of a file, where that is not the column itself. */
function namesIn(format: string, columns: readonly string[]): readonly string[] {
  if (format === 'regmix') {
    return columns.map((name) => (columns === pile ? name : `train_${name}`));
  }
  return format === 'megatron'
    ? columns.map((name) => (name.startsWith('-') ? `./${name}` : name))
    : columns;
}

describe.each([
  ['the Pile', pile],
  ['names that readers could take for something else', hostileNames],
])('17 domains, %s', (_, columns) => {
  const { domains } = studyWith(columns);

  it('have the names of their file', () => {
    expect(domains).toHaveLength(17);
    expect(domains.map(({ id, column }) => column ?? id)).toEqual(columns);
  });

  it.each(mixtureFormats)(
    '$id: every reader finds them, with decimals that sum to exactly 1',
    (format) => {
      const ways = Object.entries(readers[format.id]);
      expect(ways.length).toBeGreaterThan(0);
      fc.assert(
        fc.property(mixtureOf17, (weights) => {
          const text = format.write(domains, weights, { note: 'Try this mixture: it is far.' });
          const takesZero = ['regmix', 'csv', 'json'].includes(format.id);
          const counts = roundWeights(weights);
          const names = namesIn(format.id, columns).filter(
            (_name, domain) => takesZero || counts[domain] > 0,
          );
          for (const [way, read] of ways) {
            const taken = read(text);
            expect(taken.names, way).toEqual(names);
            expect(millionths(taken.decimals), way).toBe(1_000_000n);
            expect(taken.sum, way).toBeCloseTo(1, 14);
          }
        }),
        { numRuns: 30 },
      );
    },
  );
});

it.each(mixtureFormats)('$id: any other name is read back, too', (format) => {
  const domains = odd.map((id) => ({ id, name: id }));
  const weights = new Float64Array(odd.length).fill(1 / odd.length);
  const text = format.write(domains, weights);
  const names = namesIn(format.id, odd).map((name) =>
    format.id === 'megatron' ? name.trim() : name,
  );
  for (const read of Object.values(readers[format.id])) expect(read(text).names).toEqual(names);
});

describe('what is refused before any text', () => {
  const even = Float64Array.of(0.5, 0.5);
  const pair = (id: string) => [id, 'code'].map((name) => ({ id: name, name: name }));

  test.each([
    ['U+FFFE', 'web\ufffe'],
    ['U+FDD0', '\ufdd0web'],
    ['U+1FFFF', 'web\u{1ffff}'],
    ['U+D800', 'web\ud800'],
    ['U+0007', 'we\u0007b'],
    ['U+0085', 'we\u0085b'],
  ])('a name with %s', (code, id) => {
    for (const { write } of mixtureFormats) {
      expect(() => write(pair(id), even)).toThrow(StageError);
      expect(() => write(pair(id), even)).toThrow(`domain 1 contains the character ${code}`);
    }
  });

  test.each([
    [Number.NaN, 'The weight of code is NaN'],
    [Number.POSITIVE_INFINITY, 'The weight of code is Infinity'],
    [-0.1, 'The weight of code is -0.1'],
  ])('a weight of %s', (weight, message) => {
    for (const { write } of mixtureFormats) {
      expect(() => write(pair('web'), Float64Array.of(1, weight))).toThrow(message);
    }
  });

  it('weights that are all 0', () => {
    for (const { write } of mixtureFormats) {
      expect(() => write(pair('web'), new Float64Array(2))).toThrow('All weights are 0');
    }
  });
});

it('a last digit below 0 counts as 0', () => {
  expect(roundWeights(Float64Array.of(1, -1e-17))).toEqual([1_000_000, 0]);
});

describe('sums in floating point', () => {
  const valuesOf = (weights: Float64Array) => roundWeights(weights).map((count) => count / 1e6);

  it('are near enough to 1 for numpy, each weight within two millionths', () => {
    fc.assert(
      fc.property(mixtureOf17, (weights) => {
        const values = valuesOf(weights);
        expect(kahanSum(values.filter((value) => value > 0))).toBeCloseTo(1, 14);
        values.forEach((value, domain) => {
          expect(Math.abs(value - weights[domain])).toBeLessThan(2e-6);
          if (weights[domain] === 0) expect(value).toBe(0);
        });
      }),
    );
  });

  it('are exactly 1 as numpy adds, and one after the other of nearly all mixtures', () => {
    const stream = createRandomStream(7);
    const sums = Array.from({ length: 500 }, () => {
      const amounts = Array.from({ length: 17 }, () => stream.uniform() ** 2);
      const total = amounts.reduce((sum, amount) => sum + amount, 0);
      const values = valuesOf(Float64Array.from(amounts, (amount) => amount / total));
      expect(kahanSum(values)).toBe(1);
      return values.reduce((sum, value) => sum + value, 0);
    });
    expect(sums.filter((sum) => sum === 1).length).toBeGreaterThan(490);
  });

  it('leave whole millionths as they are', () => {
    expect(valuesOf(new Float64Array(10).fill(0.1))).toEqual(new Array(10).fill(0.1));
  });
});

describe('olmix’s repetition factor', () => {
  const domains = ['web', 'code', 'books', 'law'].map((id) => ({ id, name: id }));
  const weights = Float64Array.of(0.5, 0.2, 0.2, 0.1);
  const limits = {
    requestedTokens: 1e9,
    // code needs 2 epochs of 4, books 8 where 4 are allowed, law is not limited
    availableTokens: [1e9, 1e8, 2.5e7, null],
    epochs: [0.75, 4, 4, 4],
  };
  const olmix = mixtureFormats.filter(({ id }) => id.startsWith('olmix'));

  it.each(olmix)(
    '$id: is the epochs, never below what a weight needs, nor below 1',
    ({ write }) => {
      const read = yamlReaders['yaml, 1.1'];
      const text = write(domains, weights, { limits });
      expect(asOlmix(text, read).repetitions).toEqual([1, 4, 8, 1]);
      expect(text).toContain('repetition_factor: 4.0\n');
      expect(asOlmix(write(domains, weights), read).repetitions).toEqual([1, 1, 1, 1]);
      const none = { ...limits, requestedTokens: null };
      expect(asOlmix(write(domains, weights, { limits: none }), read).repetitions).toEqual([
        1, 1, 1, 1,
      ]);
    },
  );
});
