import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sameBits } from './same-bits.fixture';

const root = new URL('../../', import.meta.url);

/** What the way from a seed to the CSV pair goes through, but for the engines. */
const sources = [
  'lib/model/elementary.ts',
  'lib/model/random.ts',
  'lib/mixture/prior.ts',
  'lib/mixture/sampling.ts',
  'lib/proposals/propose.ts',
  'lib/corpora/entropy.ts',
  'lib/corpora/tokens.ts',
  'lib/training/batches.ts',
  'lib/training/options.ts',
  'lib/training/plan.ts',
  'lib/training/shape.ts',
];

/** Functions of `Math` whose every bit ECMAScript defines. */
const exact = /^(abs|ceil|floor|fround|imul|max|min|round|sign|sqrt|trunc)$/;

describe('same bits everywhere', () => {
  it.each(sameBits)('$name', ({ sha256, bytes }) => {
    expect(createHash('sha256').update(bytes()).digest('hex')).toBe(sha256);
  });

  it.each(sources)('%s takes nothing from Math that browsers may round as they like', (path) => {
    const text = readFileSync(new URL(path, root), 'utf8');
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    const taken = [...code.matchAll(/\bMath\.([a-z]\w*)/g)].map(([, name]) => name);
    expect(taken.filter((name) => !exact.test(name))).toEqual([]);
    expect(code).not.toMatch(/\*\*|\bMath\s*\[|=\s*Math\s*;/);
  });
});
