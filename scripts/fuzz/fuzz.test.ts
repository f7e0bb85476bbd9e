import { describe, expect, it } from 'vitest';
import { damageCases } from '../../lib/model/damage-cases.fixture';
import { expectRobust, problemsOf, readCases } from './fuzz.fixture';
import { readers } from './readers';

describe('damaged files', () => {
  it.each(Object.keys(readers))(
    'as %s are accepted or refused, never hang, and change nothing',
    (name) => expectRobust(name, damageCases),
  );
});

describe('the harness', () => {
  it.each([
    ['throws an untyped error', /TypeError/],
    ['says nothing', /case 1000000/],
    ['takes all memory', /after case .*memory/i],
    ['takes all memory outside the heap', /outside the heap/],
    ['changes the study', /study changed/],
    ['changes every object', /every object changed/],
    ['hangs', /case 1000005 hangs/],
  ])('detects a reader that %s', async (name, expected) => {
    const problems = await readCases(name, 200).then(problemsOf, (error: unknown) => [
      String(error),
    ]);
    expect(problems.join()).toMatch(expected);
  });
});
