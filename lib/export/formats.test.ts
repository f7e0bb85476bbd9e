import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { mixtureFormats, noteOn } from './formats';

/** What a decimal stands for in millionths, exactly: no floating point is trusted with the sum. */
function millionths(decimal: string): bigint {
  const match = /^(\d+)(?:\.(\d{1,6}))?$/.exec(decimal);
  if (!match) throw new Error(`${decimal} is no plain decimal`);
  return BigInt(match[1]) * 1_000_000n + BigInt((match[2] ?? '').padEnd(6, '0') || '0');
}

const names = ['web', 'Pile CC', "it's", '-x', 'a"b', 'π', '=1', '$(rm)'];
const domains = names.map((id) => ({ id, name: id }));
const mixture = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 })
  .filter((values) => values.some((value) => value > 1e-3))
  .map((values) => {
    const total = values.reduce((sum, value) => sum + value, 0);
    return Float64Array.from(values, (value) => value / total);
  });

/** The printed weights of a format. */
const readers: Record<string, (text: string) => string[]> = {
  regmix: (text) => decimals(text.split('valid:')[0], /: (\S+)$/gm),
  olmix: (text) => decimals(text, /weight: (\S+)$/gm),
  'olmix-launch': (text) => decimals(text, /weight: (\S+)$/gm),
  interleave: (text) => decimals(text, /, ([\d.]+)\),$/gm),
  megatron: (text) => decimals(text, /^ {2}(\S+) /gm),
  csv: (text) =>
    Papa.parse<string[]>(text.trimEnd())
      .data.slice(1)
      .map((row) => plain(row[1])),
  json: (text) => decimals(text, /: (\S+?),?$/gm),
};

function decimals(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), ([, found]) => found);
}

/** CSV writes numbers as JavaScript does: 1e-6 for a millionth. */
function plain(number: string): string {
  return Number(number).toFixed(6);
}

describe('formats of a mixture', () => {
  for (const { id, write } of mixtureFormats) {
    it(`${id}: printed weights sum to exactly 1`, () => {
      fc.assert(
        fc.property(mixture, (weights) => {
          const printed = readers[id](write(domains, weights));
          expect(printed.length).toBeGreaterThan(0);
          expect(printed.map(millionths).reduce((sum, part) => sum + part, 0n)).toBe(1_000_000n);
        }),
      );
    });
  }

  it('are read by YAML and JSON parsers with every name as it is', () => {
    const weights = Float64Array.of(0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05);
    const text = (id: string) =>
      mixtureFormats.find((format) => format.id === id)?.write(domains, weights) ?? '';
    expect(Object.keys(parse(text('regmix')).train)).toEqual(names.map((name) => `train_${name}`));
    expect(Object.keys(parse(text('olmix')).mix)).toEqual(names);
    expect(Object.keys(JSON.parse(text('json')))).toEqual(names);
    expect(text('interleave')).toContain('    ("a\\"b", 0.1),\n');
    expect(text('megatron')).toContain(`0.1 'it'\\''s' \\\n`);
    expect(text('megatron')).toContain(`'$(rm)'`);
  });

  it('olmix: the data block has a source for every name of the mix block, and no other', () => {
    const weights = Float64Array.of(0.3, 0.2, 0, 0.2, 0.1, 0.1, 0.05, 0.05);
    const text = (id: string) =>
      mixtureFormats.find((format) => format.id === id)?.write(domains, weights) ?? '';
    const { data, mix } = parse(text('olmix-launch'));
    const sources: { name: string; paths: string[] }[] = data.sources;
    expect(sources.map(({ name }) => name)).toEqual(names.filter((name) => name !== "it's"));
    expect(sources.every(({ paths }) => paths.length === 1)).toBe(true);
    expect(Object.keys(mix)).toEqual(sources.map(({ name }) => name));
    expect(mix).toEqual(parse(text('olmix')).mix);
    expect(mix.web).toEqual({ weight: 0.3, repetition_factor: 1 });
  });
});

describe('the advice on a mixture', () => {
  const weights = Float64Array.from(domains, () => 1 / domains.length);
  const note = noteOn({ verb: 'try', words: 'Try', reason: 'it is far from every run' });

  it('is a comment at the head of files that may have comments, and nowhere else', () => {
    expect(note).toBe('Try this mixture, since it is far from every run.');
    for (const { id, write } of mixtureFormats) {
      const [plain, noted] = [write(domains, weights), write(domains, weights, { note })];
      const takesComments = !['megatron', 'csv', 'json'].includes(id);
      expect(noted, id).toBe(takesComments ? `# ${note}\n${plain}` : plain);
    }
  });

  it('does not change what YAML says', () => {
    for (const { id, write } of mixtureFormats.filter(({ file }) => file.endsWith('.yaml'))) {
      expect(parse(write(domains, weights, { note })), id).toEqual(parse(write(domains, weights)));
    }
  });
});
