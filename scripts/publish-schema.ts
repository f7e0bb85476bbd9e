import { writeFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { sessionSchema } from '../lib/study/session-schema';

/**
 * The JSON schema of `.regmix.json`, which `npm run schema` publishes as `docs/study.schema.json`. JSON
 * schemas know no flags of regular expressions; validators read them as Unicode anyway.
 */
export function describeStudies() {
  const schema = toJsonSchema(sessionSchema, { errorMode: 'ignore' });
  return { ...schema, title: 'A study of RegMix Explorer, version 1' };
}

/** Writes docs/study.schema.json: `npm run schema`, after a change of the format. */

writeFileSync('docs/study.schema.json', `${JSON.stringify(describeStudies(), null, 2)}\n`);
