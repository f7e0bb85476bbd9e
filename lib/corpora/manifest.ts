import * as v from 'valibot';
import { StageError } from '../model/errors';
import type { CorporaManifest } from './types';

const maxDomains = 200;
const maxTokens = 200e6;
const maxSources = 10_000;

/** Names end up in file names, column headers and addresses. */
const identifier = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/));
const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxTokens));

const manifest = v.object({
  format: v.literal('regmix-corpora'),
  version: v.literal(1),
  id: identifier,
  name: text(100),
  description: text(2_000),
  sources: v.pipe(
    v.array(v.object({ name: text(300), licence: text(200) })),
    v.maxLength(maxSources),
  ),
  domains: v.pipe(
    v.array(
      v.object({
        id: identifier,
        name: text(100),
        source: text(500),
        licence: text(500),
        documents: count,
        trainingTokens: count,
        validationTokens: count,
        sample: text(4_000),
        file: identifier,
      }),
    ),
    v.minLength(1),
    v.maxLength(maxDomains),
  ),
});

/**
 * Reads the manifest of a set of corpora.
 *
 * @param value parsed JSON, from anywhere
 * @param name what it was read from, for messages
 * @throws StageError when it is no such manifest
 */
export function parseManifest(value: unknown, name: string): CorporaManifest {
  const result = v.safeParse(manifest, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new StageError(
    'corpora',
    `${name}, ${v.getDotPath(issue) ?? 'top level'}: found ${issue.received.slice(0, 80)}, expected ${issue.expected ?? 'something else'}.`,
    'Build the corpora again: npm run corpora.',
  );
}
