/** Writes docs/study.schema.json: `npm run schema`, after a change of the format. */
import { writeFileSync } from 'node:fs';
import { describeStudies } from './describe-studies';

writeFileSync('docs/study.schema.json', `${JSON.stringify(describeStudies(), null, 2)}\n`);
