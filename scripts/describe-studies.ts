import { toJsonSchema } from '@valibot/to-json-schema';
import { sessionSchema, sessionVersion } from '../lib/study/session-schema';

/**
 * The JSON schema of `.regmix.json`, which `npm run schema` publishes as `docs/study.schema.json`. JSON
 * schemas know no flags of regular expressions; validators read them as Unicode anyway.
 */
export function describeStudies() {
  const schema = toJsonSchema(sessionSchema, { errorMode: 'ignore' });
  return { ...schema, title: `A study of RegMix Explorer, version ${sessionVersion}` };
}
