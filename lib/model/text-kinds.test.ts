import { describe, expect, it } from 'vitest';
import { holdsSession, looksLikeSession } from './text-kinds';

const study = '{\n"format": "regmix-study",\n"version": 3}';

describe('a whole study', () => {
  it.each([
    ['study.json', study, true],
    ['pasted text', study, true],
    ['a.regmix.json', '{"broken"', true],
    ['runs.json', '{"run00": {"web": 1}}', false],
    ['runs.json', '[{"run": "a", "web": 1}]', false],
    ['results.json', '{"results": {"arc": {"acc,none": 0.5}}}', false],
    ['runs.csv', 'run,web', false],
  ])('%s: %s', async (name, text, expected) => {
    expect(looksLikeSession({ name, text })).toBe(expected);
    expect(await holdsSession({ name, text })).toBe(expected);
    expect(await holdsSession(new File([text], name))).toBe(expected);
  });
});
