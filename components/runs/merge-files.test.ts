import { expect, test } from 'vitest';
import { describeMerge, mergeFiles } from './open-dialog';

const file = (name: string, text = '') => ({ name, text });

test('further files come after those that are there', () => {
  expect(mergeFiles([file('a')], [file('b')])).toEqual([file('a'), file('b')]);
  expect(describeMerge([file('a')], [file('b')])).toBe('Add to the files here');
});

test('a corrected file takes the place of the one of its name, and it is said', () => {
  const [before, after] = [[file('a', 'old'), file('b')], [file('a', 'new')]];
  expect(mergeFiles(before, after)).toEqual([file('b'), file('a', 'new')]);
  expect(describeMerge(before, after)).toBe('Add, replacing a');
});

test('files named alike that are added together are left for the reader to tell apart', () => {
  expect(mergeFiles([], [file('a', '1'), file('a', '2')])).toHaveLength(2);
});
