import { expect, test } from 'vitest';
import { describeMerge, mergeFiles } from './open-dialog';

const file = (name: string, text = '') => ({ name, text });

test('further files are added after the existing ones', () => {
  expect(mergeFiles([file('a')], [file('b')])).toEqual([file('a'), file('b')]);
  expect(describeMerge([file('a')], [file('b')])).toBe('Add to the files here');
});

test('a corrected file replaces the one of its name, and the page says so', () => {
  const [before, after] = [[file('a', 'old'), file('b')], [file('a', 'new')]];
  expect(mergeFiles(before, after)).toEqual([file('b'), file('a', 'new')]);
  expect(describeMerge(before, after)).toBe('Add, replacing a');
});

test('files of one name that are added together are all kept', () => {
  expect(mergeFiles([], [file('a', '1'), file('a', '2')])).toHaveLength(2);
});
