import { describe, it } from 'vitest';
import { expectWithstood } from './fuzz.fixture';
import { readers } from './readers';

describe('ten thousand damaged files', () => {
  it.each(Object.keys(readers))(
    'as %s are taken or refused, never hang, and change nothing',
    (name) => expectWithstood(name, 10_000),
  );
});
